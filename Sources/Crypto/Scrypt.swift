import CCrypto

/// Passwords as scrypt (RFC 7914), in a form that says how it was made:
/// `$scrypt$ln=14,r=8,p=5$<salt>$<hash>`, both in base64 without padding.
///
/// One hash takes about 0.2 s and 16 MiB: call it on a thread of its own, never on a loop.
package enum Scrypt {
    /// OWASP's Password Storage Cheat Sheet: 2^14, 8, 5 guards as well as 2^17, 8, 1 in an eighth
    /// of the memory.
    static let current = Cost(logN: 14, r: 8, p: 5)
    static let saltCount = 16
    static let hashCount = 32

    package static func hash(password: String) -> String {
        let salt = Random.bytes(saltCount)
        guard var key = derive(password, salt: salt, cost: current, count: hashCount)
        else { fatalError("libcrypto could not make an scrypt hash") }
        defer { cleanse(&key) }
        return ScryptText(cost: current, salt: salt, hash: key).description
    }

    /// `false` too where what was stored cannot be read or asks for more than `Cost` allows.
    package static func verify(password: String, against stored: String) -> Bool {
        guard let stored = ScryptText(stored),
            var key = derive(
                password, salt: stored.salt, cost: stored.cost, count: stored.hash.count)
        else { return false }
        defer { cleanse(&key) }
        return constantTimeEqual(key, stored.hash)
    }

    /// Whether a hash was made with other costs than today's, and should be made anew the next time
    /// its owner gives the password.
    package static func needsRehash(_ stored: String) -> Bool {
        guard let stored = ScryptText(stored) else { return true }
        return stored.cost != current || stored.salt.count != saltCount
            || stored.hash.count != hashCount
    }

    /// A hash that no password has. Verifying against it takes as long as against a real one, so
    /// that an account that does not exist cannot be told from one that does.
    package static let decoy = ScryptText(
        cost: current, salt: Random.bytes(saltCount), hash: Random.bytes(hashCount)
    ).description

    static func derive(
        _ password: String, salt: [UInt8], cost: Cost, count: Int
    ) -> [UInt8]? {
        var password = password
        var isDone = false
        let key = [UInt8](unsafeUninitializedCapacity: count) { out, filled in
            password.withUTF8 { password in
                isDone =
                    EVP_PBE_scrypt(
                        password.baseAddress, password.count, salt, salt.count,
                        cost.n, cost.r, cost.p, Cost.memoryLimit, out.baseAddress, count) == 1
            }
            filled = isDone ? count : 0
        }
        return isDone ? key : nil
    }
}

extension Scrypt {
    /// What one hash costs: `128 × N × r` bytes of memory, and time by `N × r × p`.
    struct Cost: Equatable {
        let logN: UInt64
        let r: UInt64
        let p: UInt64

        var n: UInt64 { 1 << logN }

        /// Up to the dearest that OWASP lists (2^17, 8, 1): a row that somebody altered must not be
        /// able to hold a thread for minutes.
        var isBearable: Bool {
            (1...17).contains(logN) && (1...32).contains(r) && (1...32).contains(p)
                && n * r * p <= 1 << 20
        }

        /// The memory of the dearest, and a little for libcrypto's own buffers.
        static let memoryLimit: UInt64 = 132 << 20
    }
}

import CCrypto

/// Codes by the time (RFC 6238, over RFC 4226), as authenticator programs show them.
package struct TOTP: Sendable {
    /// The hash under the HMAC. Programs in people's hands know SHA-1, which is enough there: what
    /// is known to be weak of it is not what an HMAC needs.
    package enum Algorithm: Sendable { case sha1, sha256, sha512 }

    package static let secondsOfAStep = 30

    private let secret: [UInt8]
    private let algorithm: Algorithm
    private let digits: Int

    /// `digits` from 6 to 8.
    package init(secret: [UInt8], algorithm: Algorithm = .sha1, digits: Int = 6) {
        precondition((6...8).contains(digits), "from six to eight digits")
        (self.secret, self.algorithm, self.digits) = (secret, algorithm, digits)
    }

    /// The step of a moment, in seconds since 1970.
    package static func step(at seconds: Int) -> Int { seconds / secondsOfAStep }

    /// The code of a step, with zeros in front.
    package func code(of step: Int) -> String {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * $0)) }
        let code = authenticate(counter)
        let offset = Int(code[code.count - 1] & 15)
        let number = code[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) } & 0x7FFF_FFFF
        let text = String(number % (0..<digits).reduce(1) { power, _ in power * 10 })
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// The step, of this one and the one before, whose code this is; `nil` for any other, those of
    /// steps to come too: no device that keeps time shows one. Both are compared, each in constant
    /// time.
    package func step(of code: String, at seconds: Int) -> Int? {
        let now = Self.step(at: seconds)
        var found: Int?
        for step in [now - 1, now] {
            let isIt = constantTimeEqual(Array(code.utf8), Array(self.code(of: step).utf8))
            if isIt, found == nil { found = step }
        }
        return found
    }

    private func authenticate(_ message: [UInt8]) -> [UInt8] {
        let hash =
            switch algorithm {
            case .sha1: EVP_sha1()
            case .sha256: EVP_sha256()
            case .sha512: EVP_sha512()
            }
        var (code, count) = ([UInt8](repeating: 0, count: 64), UInt32(0))
        guard
            HMAC(hash, secret, Int32(secret.count), message, message.count, &code, &count) != nil
        else { fatalError("libcrypto could not make an HMAC") }
        return Array(code.prefix(Int(count)))
    }
}

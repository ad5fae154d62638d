import Crypto
import Postgres

/// The second factor: codes by the time (RFC 6238) of this step or the one before, each taken once;
/// and recovery codes for when the device is lost, each taken once.
///
/// The secret lies in the database sealed with a key that the database does not have, bound to its
/// account (promise 54); of a recovery code, which has 80 random bits, only a hash does.
enum SecondFactor {
    static func seal(_ secret: [UInt8], of account: ID<Account>, _ keys: KeyRing) -> [UInt8] {
        keys.seal(secret, bound: place(of: account))
    }

    private static func open(
        _ sealed: [UInt8]?, of account: ID<Account>, _ keys: KeyRing
    ) -> TOTP? {
        sealed.flatMap { keys.unsealed($0, bound: place(of: account)) }.map { TOTP(secret: $0) }
    }

    private static func place(of account: ID<Account>) -> [UInt8] {
        Array("second_factor \(account.string)".utf8)
    }

    /// The step of a code of the secret that was begun; `nil` where it is none.
    static func begun(
        _ code: String, of account: ID<Account>, _ known: Answer, _ keys: KeyRing
    ) -> Int? {
        guard let totp = open(known.bytes(0, "begun"), of: account, keys),
            let now = known.int(0, "seconds")
        else { return nil }
        return totp.step(of: plain(code), at: now)
    }

    /// Whether this is a code of the account, or a recovery code, that was not taken before; then
    /// it is taken now. `known` is a row of `second_factor_of_the_caller`, or of `link_presented`
    /// where the account is not signed in but opened a link, by whose hash it is known.
    static func take(
        _ code: String, of account: ID<Account>, by link: [UInt8]? = nil, _ known: Answer,
        _ parts: LogInParts, in tx: Transaction
    ) async throws -> Bool {
        let (code, keys) = (plain(code), parts.service.keys)
        guard code.utf8.count == 6 else {
            return try await takeRecoveryCode(code, of: account, by: link, in: tx)
        }
        guard let sealed = known.bytes(0, "sealed"), let now = known.int(0, "seconds"),
            let secret = keys.unsealed(sealed, bound: place(of: account)),
            let step = TOTP(secret: secret).step(of: code, at: now)
        else { return false }
        // What an older key sealed is sealed anew, so that the key can be taken away one day.
        let anew =
            keys.needsResealing(sealed) ? seal(secret, of: account, keys) : nil
        let taken = try await tx.run(
            "select take_code(\(step), \(anew)::bytea, \(link)::bytea) as is_taken")
        return taken.bool(0, "is_taken") == true
    }

    private static func takeRecoveryCode(
        _ code: String, of account: ID<Account>, by link: [UInt8]?, in tx: Transaction
    ) async throws -> Bool {
        let hash = SHA256.hash(code).bytes
        let taken = try await tx.run(
            "select take_recovery_code(\(hash), \(link)::bytea) as is_taken")
        guard taken.bool(0, "is_taken") == true else { return false }
        Audit.record(
            "recovery_code_used", "account", account.uuid, account: account.uuid, request: nil,
            in: tx)
        return true
    }

    /// As it was meant: without the blanks and hyphens that make it readable, in capitals.
    private static func plain(_ code: String) -> String {
        code.uppercased().filter { $0 != " " && $0 != "-" }
    }

    /// Ten new recovery codes, as people are shown them, and the hashes to keep.
    static func recoveryCodes() -> (shown: [String], hashes: [[UInt8]]) {
        let codes = (0..<10).map { _ in Base32.encode(Random.bytes(10)) }
        let shown = codes.map { code in
            stride(from: 0, to: 16, by: 4).map { code.dropFirst($0).prefix(4) }
                .joined(separator: "-")
        }
        return (shown, codes.map { SHA256.hash($0).bytes })
    }
}

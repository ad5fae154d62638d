import JSON
import OpenAPI
import Postgres

/// The old password and a new one.
struct PasswordChange: Body {
    let oldPassword: Text<1024>
    let newPassword: Text<1024>

    static let words = "The old password and a new one."
    static var example: PasswordChange {
        PasswordChange(
            oldPassword: "a long password of her own",
            newPassword: "four lanterns under the bridge")
    }

    enum CodingKeys: String, FieldWords {
        case oldPassword = "old_password"
        case newPassword = "new_password"

        var words: String {
            switch self {
            case .oldPassword: "The password until now."
            case .newPassword:
                "The password from now on: of as many characters as the school asks, and none that "
                    + "many would try first. It is never stored, logged or shown."
            }
        }
    }

    var faults: [JSONFault] {
        guard oldPassword == newPassword else { return [] }
        return [
            JSONFault(
                pointer: "/new_password", code: "unchanged", detail: "Choose another than before")
        ]
    }
}

enum Passwords {
    static let routes: [Route] = [
        .put(
            "/v1/me/password", "Change my password",
            """
            With the old one, which is asked for also where the session is fresh. All my other \
            sessions end. What the school asks of a password, and when it must be changed, is a \
            setting; every fault is named.
            """,
            for: [Role].everyone.admitted(.self), by(change)
        ).evenWhile(.password).takingBodies(upTo: 16 << 10)
    ]

    static func change(
        _ wanted: PasswordChange, for caller: Caller, with parts: LogInParts, in tx: Transaction
    ) async throws -> Done {
        let known = try await Proof.check(
            password: wanted.oldPassword.string, of: caller, parts, in: tx)
        try PasswordRules(known).check(wanted.newPassword.string, at: "/new_password")
        let hash = try await parts.service.passwords.hash(wanted.newPassword.string)
        Audit.record(
            "password_changed", "account", caller.account.uuid, account: caller.account.uuid,
            request: nil, in: tx)
        tx.add("select change_password(\(hash))")
        return Done()
    }
}

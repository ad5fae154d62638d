import JSON
import OpenAPI
import Postgres

/// What the invited send: the secret of their link, and what shows that the account is theirs.
struct Acceptance: Body {
    let token: Text<200>
    let password: Text<1024>
    let code: Text<40>?

    static let words = "The secret of a link that came by mail, and a password."
    static var example: Acceptance {
        Acceptance(
            token: "rwn_link_7d3a9c1be04f5288_Hb2k…", password: "four lanterns under the bridge",
            code: nil)
    }

    enum CodingKeys: String, FieldWords {
        case token, password, code

        var words: String {
            switch self {
            case .token: "What stands behind the # of the link. It counts once."
            case .password:
                "Of a new account the password from now on: of as many characters as the school "
                    + "asks, and none that many would try first. Of one that there is already, its "
                    + "own. It is never stored, logged or shown."
            case .code:
                "Where there is an account already and it has a second factor: a code of it that "
                    + "was not used before, or a recovery code."
            }
        }
    }
}

extension Invitations {
    static func accept(
        _ answer: Acceptance, with parts: LogInParts, in tx: Transaction
    ) async throws -> Done {
        let link = try await PresentedLink(answer.token, for: "invitation", parts, in: tx)
        var hash: String?
        if let account = link.account {
            try await prove(answer, account, link, parts, in: tx)
        } else {
            hash = try await link.hash(answer.password, parts)
        }
        let done = try await tx.run(
            """
            select accept_invitation(
                \(link.hash), \(ID<Account>()), \(hash), \(ID<Proposal>())) as is_accepted
            """)
        guard done.bool(0, "is_accepted") == true else { throw PresentedLink.over }
        return Done()
    }

    /// That the account is theirs, by what a log-in asks for: its password, and a code where it has
    /// a second factor. What is wrong is counted, and on record.
    private static func prove(
        _ answer: Acceptance, _ account: ID<Account>, _ link: PresentedLink, _ parts: LogInParts,
        in tx: Transaction
    ) async throws {
        let guesses = Guesses(invitedAs: account, from: parts.network, parts.service)
        _ = try await guesses.count(
            "select try_link(\(guesses.counts.kinds), \(guesses.counts.subjects)) as waits", in: tx
        )
        let isRight = try await parts.service.passwords.verify(
            answer.password.string, against: link.found.text(0, "password_hash"), isKnown: true)
        guard isRight else { try await refuse("log_in_failed", account, parts, in: tx) }
        if link.found.bytes(0, "sealed") != nil {
            guard let code = answer.code else {
                try await guesses.takeBack(in: tx)
                throw Proof.codeNeeded
            }
            guard
                try await SecondFactor.take(
                    code.string, of: account, by: link.hash, link.found, parts, in: tx)
            else { try await refuse("code_failed", account, parts, in: tx) }
        }
        guesses.forgive(["code"], in: tx)
    }

    private static func refuse(
        _ deed: String, _ account: ID<Account>, _ parts: LogInParts, in tx: Transaction
    ) async throws -> Never {
        Audit.record(
            deed, "account", account.uuid, account: nil, request: parts.requestID, in: tx)
        try await tx.commit()
        throw Problem(
            .credentialsInvalid,
            "There is an account of this address: give its password, and a code of its second "
                + "factor where it has one; or ask for a new password.")
    }
}

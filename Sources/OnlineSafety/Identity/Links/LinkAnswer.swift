import JSON
import OpenAPI
import Postgres

/// What somebody sends who forgot their password and opened the link of a mail: its secret, and
/// another.
struct LinkAnswer: Body {
    let token: Text<200>
    let password: Text<1024>

    static let words = "The secret of a link that came by mail, and a new password."
    static var example: LinkAnswer {
        LinkAnswer(
            token: "rwn_link_7d3a9c1be04f5288_Hb2k…", password: "four lanterns under the bridge")
    }

    enum CodingKeys: String, FieldWords {
        case token, password

        var words: String {
            switch self {
            case .token: "What stands behind the # of the link. It counts once."
            case .password:
                "The password from now on: of as many characters as the school asks, and none that "
                    + "many would try first. It is never stored, logged or shown."
            }
        }
    }
}

/// A link that holds, as it was presented.
struct PresentedLink {
    let hash: [UInt8]

    /// A row of `link_presented`.
    let found: Answer

    /// Finds it, counted by the network from which it came. Throws 404 where it has ended, was
    /// used, or is for another purpose; 429 after too many that were.
    init(
        _ token: Text<200>, for purpose: String, _ parts: LogInParts, in tx: Transaction
    ) async throws {
        let guesses = Guesses(linksFrom: parts.network, parts.service)
        _ = try await guesses.count(
            "select try_link(\(guesses.counts.kinds), \(guesses.counts.subjects)) as waits", in: tx
        )
        hash = BearerToken(token.string).hash
        found = try await tx.apart("select * from link_presented(\(hash))")
        guard found.text(0, "purpose") == purpose else { throw Self.over }
        guesses.forgive(in: tx)
    }

    static let over = Problem(.notFound, "This link does not hold any more: ask for another.")

    /// The account whose it is already; `nil` where there is none yet.
    var account: ID<Account>? { found.uuid(0, "account_id").map { ID($0) } }

    /// The hash of a new password. Throws every fault of it.
    func hash(_ password: Text<1024>, _ parts: LogInParts) async throws -> String {
        try PasswordRules(found).check(password.string, at: "/password")
        return try await parts.service.passwords.hash(password.string)
    }
}

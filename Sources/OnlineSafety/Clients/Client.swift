import JSON
import OpenAPI
import Postgres

/// A machine that asks (SEC-13): an MIS, a dashboard. What is known of it, which is no secret.
struct Client: Resource {
    static let address: StaticString? = "/v1/clients/"
    static let isTagged = false

    let id: ID<Client>
    let schoolID: ID<School>?
    let trustID: ID<Trust>?
    let name: String
    let purpose: String
    let scopes: [Scope]
    let schoolIDs: [ID<School>]?
    let madeBy: String?
    let madeAt: Instant
    let endsAt: Instant
    let lastUsedAt: Instant?
    let revokedAt: Instant?
    let wantsRotation: Bool
    let keptBy: String?
    let keptBecause: String?
    let keptAt: Instant?
    let secrets: [Secret]?
    let reportingTokens: [ReportingToken]?

    static let words = "A machine that asks: an MIS, a dashboard."
    static var example: Client {
        Client(
            id: .example, schoolID: nil, trustID: .example, name: "Dashboard of the trust",
            purpose: "Figures for the safeguarding board", scopes: [.incidentFiguresRead],
            schoolIDs: nil, madeBy: "Omar Reid", madeAt: .example, endsAt: .example,
            lastUsedAt: .example, revokedAt: nil, wantsRotation: false, keptBy: nil,
            keptBecause: nil, keptAt: nil, secrets: [.example], reportingTokens: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case id, name, purpose, scopes, secrets
        case schoolID = "school_id"
        case trustID = "trust_id"
        case schoolIDs = "school_ids"
        case madeBy = "made_by"
        case madeAt = "made_at"
        case endsAt = "ends_at"
        case lastUsedAt = "last_used_at"
        case revokedAt = "revoked_at"
        case wantsRotation = "wants_rotation"
        case keptBy = "kept_by"
        case keptBecause = "kept_because"
        case keptAt = "kept_at"
        case reportingTokens = "reporting_tokens"

        var words: String {
            switch self {
            case .id: "The client: its `client_id`, and its name for Basic."
            case .schoolID: "The school that made it, and that it reads."
            case .trustID: "The trust that made it."
            case .name: "What it is."
            case .purpose: "For what it is there."
            case .scopes: "What it may do."
            case .schoolIDs:
                "The schools of the trust that it reads; absent: all that belong to it on the day."
            case .madeBy: "Who made it; absent where that was not kept."
            case .madeAt: "When it was made."
            case .wantsRotation:
                "Whether somebody goes, or has gone, who made a live secret or reporting token and "
                    + "so knows it. Until each is replaced, or somebody confirms that they stay."
            case .keptBy: "Who last confirmed that they stay."
            case .keptBecause: "Why."
            case .keptAt: "When."
            case .endsAt: "When it ends by itself, with all its secrets and tokens."
            case .lastUsedAt: "When it last asked."
            case .revokedAt: "When it was revoked; absent while it is not."
            case .secrets: "Its live secrets: two while one takes over from the other."
            case .reportingTokens: "Its live reporting tokens."
            }
        }
    }

    /// A live secret of a client.
    struct Secret: Codable, Exemplary, Named {
        static let schemaName = "ClientSecret"
        static let schemaWords: String? = "A live secret of a client; not what it says."

        let id: ID<Client.Secret>
        let madeBy: String?
        let madeAt: Instant
        let endsAt: Instant?
        let lastUsedAt: Instant?

        static var example: Secret {
            Secret(
                id: .example, madeBy: "Omar Reid", madeAt: .example, endsAt: nil,
                lastUsedAt: .example)
        }

        enum CodingKeys: String, FieldWords {
            case id
            case madeBy = "made_by"
            case madeAt = "made_at"
            case endsAt = "ends_at"
            case lastUsedAt = "last_used_at"

            var words: String {
                switch self {
                case .id: "The secret; not what it says."
                case .madeBy: "Who made it, and has seen it."
                case .madeAt: "When it was made."
                case .endsAt: "When it ends because another takes over; absent before."
                case .lastUsedAt: "When a token was last got by it."
                }
            }
        }
    }

    /// A live reporting token of a client.
    struct ReportingToken: Codable, Exemplary, Named {
        static let schemaName = "ReportingToken"
        static let schemaWords: String? = "A live reporting token of a client; not what it says."

        let id: ID<ReportingToken>
        let label: String
        let madeBy: String?
        let madeAt: Instant
        let endsAt: Instant
        let lastUsedAt: Instant?

        static var example: ReportingToken {
            ReportingToken(
                id: .example, label: "Workbook of the board", madeBy: "Omar Reid",
                madeAt: .example, endsAt: .example, lastUsedAt: .example)
        }

        enum CodingKeys: String, FieldWords {
            case id, label
            case madeBy = "made_by"
            case madeAt = "made_at"
            case endsAt = "ends_at"
            case lastUsedAt = "last_used_at"

            var words: String {
                switch self {
                case .id: "The token; not what it says."
                case .label: "Where it is used."
                case .madeBy: "Who made it, and has seen it."
                case .madeAt: "When it was made."
                case .endsAt: "When it ends."
                case .lastUsedAt: "When it was last used."
                }
            }
        }
    }
}

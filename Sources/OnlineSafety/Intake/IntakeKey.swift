import JSON
import OpenAPI

/// A key with which people report who have no account (USR-13): what is known of it afterwards,
/// which is not its secret.
struct IntakeKey: Resource {
    static let isTagged = false

    let id: ID<IntakeKey>
    let schoolID: ID<School>
    let label: String
    let madeAt: Instant
    let lastUsedAt: Instant?
    let revokedAt: Instant?

    static let words = "A key with which people report who have no account."
    static var example: IntakeKey {
        IntakeKey(
            id: .example, schoolID: .example, label: "Form on the web site", madeAt: .example,
            lastUsedAt: .example, revokedAt: nil)
    }

    enum CodingKeys: String, FieldWords {
        case id, label
        case schoolID = "school_id"
        case madeAt = "made_at"
        case lastUsedAt = "last_used_at"
        case revokedAt = "revoked_at"

        var words: String {
            switch self {
            case .id: "The key; not its secret."
            case .schoolID: "The school whose reports it brings."
            case .label: "Where it is used, in the school's words."
            case .madeAt: "When it was made."
            case .lastUsedAt: "When a report last came by it."
            case .revokedAt: "When it was revoked; absent while it is live."
            }
        }
    }

    /// A key to be made.
    struct Wanted: Body {
        let label: Text<100>

        static let words = "Where the new key will be used."
        static var example: Wanted { Wanted(label: "Form on the web site") }

        enum CodingKeys: String, FieldWords {
            case label

            var words: String {
                switch self {
                case .label: "Where it will be used: `Form on the web site`, `Pupils' tablets`."
                }
            }
        }
    }

    /// A key that was just made, with its secret, which is shown this once.
    struct Made: Resource {
        static let isTagged = false
        static let schemaName = "IntakeKeyMade"

        let id: ID<IntakeKey>
        let schoolID: ID<School>
        let label: String
        let key: String

        static let words = "An intake key that was just made. Its secret is shown this once."
        static var example: Made {
            Made(
                id: .example, schoolID: .example, label: "Form on the web site",
                key: "rwn_intake_5f0c2a9be1d47c38_q9Zk…")
        }

        enum CodingKeys: String, FieldWords {
            case id, label, key
            case schoolID = "school_id"

            var words: String {
                switch self {
                case .key: "The secret to send as `Authorization: Bearer …`."
                default: IntakeKey.CodingKeys(rawValue: rawValue)?.words ?? ""
                }
            }
        }
    }
}

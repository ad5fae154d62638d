import JSON
import OpenAPI

/// That an agency must be asked first: until it has advised, parents are not told (INC-38, NOT-04).
struct AgencyHold: Resource {
    let id: ID<AgencyHold>
    let schoolID: ID<School>
    let agency: Agency
    let contact: String?
    let reference: String?
    let words: String
    let heldAt: Instant
    let heldBy: String?
    let heldByRole: Role
    let advice: String?
    let releasedAt: Instant?
    let releasedBy: String?
    let releasedByRole: Role?

    static let isTagged = false
    static let words = "That an agency must be asked before parents or others are told."
    static var example: AgencyHold {
        AgencyHold(
            id: .example, schoolID: .example, agency: .police, contact: "The duty desk, on 101",
            reference: "CR/2291/26", words: "A device may be evidence", heldAt: .example,
            heldBy: "Grace Okafor", heldByRole: .dsl, advice: nil, releasedAt: nil,
            releasedBy: nil, releasedByRole: nil)
    }

    /// Who must be asked.
    enum Agency: String, Words {
        case police
        case socialCare = "social_care"
        case lado
        case other

        var label: String {
            switch self {
            case .police: "The police"
            case .socialCare: "Children's social care"
            case .lado: "The local authority designated officer (LADO)"
            case .other: "Another agency: say which"
            }
        }
    }

    enum CodingKeys: String, FieldWords {
        case id, agency, contact, reference, words, advice
        case schoolID = "school_id"
        case heldAt = "held_at"
        case heldBy = "held_by"
        case heldByRole = "held_by_role"
        case releasedAt = "released_at"
        case releasedBy = "released_by"
        case releasedByRole = "released_by_role"

        var words: String {
            switch self {
            case .id: "The hold."
            case .schoolID: "The school."
            case .agency: "Who must be asked first."
            case .contact: "Whom to reach there, and how."
            case .reference: "The agency's own reference."
            case .words: "Why it is held, and which agency, where it is another."
            case .heldAt: "From when on."
            case .heldBy: "Who decided it."
            case .heldByRole: "In which post."
            case .advice: "What the agency advised; absent while it holds."
            case .releasedAt: "When it was let go on."
            case .releasedBy: "Who let it go on."
            case .releasedByRole: "In which post."
            }
        }
    }

    /// A hold to be put.
    struct Put: RecordBody {
        let agency: Agency
        let contact: Text<500>?
        let reference: Text<80>?
        let words: Text<10_000>

        static let words = "Who must be asked first, and why."
        static var example: Put {
            Put(
                agency: .police, contact: "The duty desk, on 101", reference: nil,
                words: "A device may be evidence")
        }

        enum CodingKeys: String, FieldWords {
            case agency, contact, reference, words

            var words: String { AgencyHold.CodingKeys(rawValue: rawValue)?.words ?? "" }
        }
    }

    /// What lets it go on.
    struct Released: RecordBody {
        let advice: Text<10_000>

        static let words = "What the agency advised."
        static var example: Released {
            Released(advice: "They have what they need: the parents may be told.")
        }

        enum CodingKeys: String, FieldWords {
            case advice

            var words: String { AgencyHold.CodingKeys(rawValue: rawValue)?.words ?? "" }
        }
    }
}

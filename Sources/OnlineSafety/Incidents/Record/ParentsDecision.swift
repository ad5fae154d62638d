import JSON
import OpenAPI

/// What was decided about telling the parents of a child involved (INC-32), and how they were told
/// (NOT-06).
struct ParentsDecision: Resource {
    let id: ID<ParentsDecision>
    let schoolID: ID<School>
    let childID: ID<Involvement>
    let decision: Decision
    let reason: String?
    let informedAt: Instant?
    let informedBy: String?
    let whoWasTold: String?
    let channel: ContactChannel?
    let about: String?
    let acknowledgedOn: Day?
    let supersedes: ID<ParentsDecision>?
    let decidedAt: Instant
    let decidedBy: String?
    let decidedByRole: Role
    let isCurrent: Bool

    static let isTagged = false
    static let words = "What was decided about telling the parents of a child who was involved."
    static var example: ParentsDecision {
        ParentsDecision(
            id: .example, schoolID: .example, childID: .example, decision: .informed, reason: nil,
            informedAt: .example, informedBy: "Grace Okafor", whoWasTold: "Mrs Ash",
            channel: .telephone, about: "What was found on the tablet", acknowledgedOn: .example,
            supersedes: nil, decidedAt: .example, decidedBy: "Grace Okafor",
            decidedByRole: .dsl, isCurrent: true)
    }

    enum Decision: String, Words {
        case informed
        case notYet = "not_yet"
        case notToBe = "not_to_be"

        var label: String {
            switch self {
            case .informed: "They have been informed"
            case .notYet: "Not yet"
            case .notToBe: "They are not to be informed"
            }
        }
    }

    /// How parents were told.
    enum ContactChannel: String, Words {
        case inPerson = "in_person"
        case telephone
        case email
        case letter
        case schoolApp = "school_app"

        var label: String {
            switch self {
            case .inPerson: "In person"
            case .telephone: "By telephone"
            case .email: "By e-mail"
            case .letter: "By letter"
            case .schoolApp: "By the school's app for parents"
            }
        }
    }

    enum CodingKeys: String, FieldWords {
        case id, decision, reason, channel, about, supersedes
        case schoolID = "school_id"
        case childID = "child_id"
        case informedAt = "informed_at"
        case informedBy = "informed_by"
        case whoWasTold = "who_was_told"
        case acknowledgedOn = "acknowledged_on"
        case decidedAt = "decided_at"
        case decidedBy = "decided_by"
        case decidedByRole = "decided_by_role"
        case isCurrent = "is_current"

        var words: String {
            switch self {
            case .id: "The decision."
            case .schoolID: "The school."
            case .childID: "The child, by their place among those involved."
            case .decision: "What was decided."
            case .reason: "Why not, or not yet; required then."
            case .informedAt: "When they were told; required when they were."
            case .informedBy: "Who told them; required when they were told."
            case .whoWasTold: "Which parent or carer was told."
            case .channel: "How they were told; required when they were."
            case .about: "What they were told about, in a few words; required when they were told."
            case .acknowledgedOn: "When they acknowledged it."
            case .supersedes: "The decision in whose stead it is; required when there is one."
            case .decidedAt: "When it was decided."
            case .decidedBy: "Who decided it."
            case .decidedByRole: "In which post."
            case .isCurrent: "Whether no later decision supersedes it."
            }
        }
    }

    /// A decision to be put on record.
    struct Made: RecordBody {
        let childID: ID<Involvement>
        let decision: Decision
        let reason: Text<2000>?
        let informedAt: Instant?
        let informedBy: Text<200>?
        let whoWasTold: Text<200>?
        let channel: ContactChannel?
        let about: Text<500>?
        let acknowledgedOn: Day?
        let supersedes: ID<ParentsDecision>?

        static let words = "What is decided about telling the parents of a child involved."
        static var example: Made {
            Made(
                childID: .example, decision: .notYet, reason: "The police ask us to wait",
                informedAt: nil, informedBy: nil, whoWasTold: nil, channel: nil, about: nil,
                acknowledgedOn: nil, supersedes: nil)
        }

        var faults: [JSONFault] {
            let needed: [(CodingKeys, Bool)] =
                decision == .informed
                ? [
                    (.informedAt, informedAt == nil), (.informedBy, informedBy == nil),
                    (.channel, channel == nil), (.about, about == nil),
                ] : [(.reason, reason == nil)]
            return needed.filter(\.1).map { key, _ in
                JSONFault(
                    pointer: "/\(key.rawValue)", code: "required",
                    detail: "Required with this decision")
            }
        }

        enum CodingKeys: String, FieldWords {
            case decision, reason, channel, about, supersedes
            case childID = "child_id"
            case informedAt = "informed_at"
            case informedBy = "informed_by"
            case whoWasTold = "who_was_told"
            case acknowledgedOn = "acknowledged_on"

            var words: String { ParentsDecision.CodingKeys(rawValue: rawValue)?.words ?? "" }
        }
    }
}

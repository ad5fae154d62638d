import JSON
import OpenAPI
import Postgres

/// One thing in the story of an incident: an action, a contact, a decision or a step (INC-44).
struct ChronologyEntry: Resource {
    let id: ID<ChronologyEntry>
    let schoolID: ID<School>
    let kind: String
    let at: Instant
    let by: String?
    let role: Role?
    let words: String?
    let refersTo: JSONValue

    static let isTagged = false
    static let words = "One thing in the story of an incident."
    static var example: ChronologyEntry {
        ChronologyEntry(
            id: .example, schoolID: .example, kind: "conversation", at: .example,
            by: "Grace Okafor", role: .dsl,
            words: "Talked with Robin and her mother.", refersTo: [:])
    }

    enum CodingKeys: String, FieldWords {
        case id, kind, at, by, role, words
        case schoolID = "school_id"
        case refersTo = "refers_to"

        var words: String {
            switch self {
            case .id: "The entry."
            case .schoolID: "The school."
            case .kind:
                "What it was: `reported`, `told`, `acknowledged`, `written`, `person_named`, "
                    + "`person_withdrawn`, `line_answered`, `parents_decided`, "
                    + "`evidence_described`, `evidence_withdrawn`, `breach_named`, "
                    + "`breach_withdrawn`, `linked`; an act, "
                    + Act.allCases.filter { $0 != .recording }.map { "`\($0.rawValue)`" }
                    .joined(separator: ", ")
                    + "; or an entry that somebody made, "
                    + Kind.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ") + "."
            case .at: "When it happened."
            case .by: "Who did it; of `told`, who was told."
            case .role: "In which post it was done."
            case .words: "What was said of it."
            case .refersTo: "Which part of the record it is about, and at which version."
            }
        }
    }

    /// What people enter themselves.
    enum Kind: String, Words {
        case action
        case contact
        case conversation
        case meeting
        case observation
        case advice

        var label: String {
            switch self {
            case .action: "Something was done"
            case .contact: "Somebody outside was contacted, or made contact"
            case .conversation: "A conversation"
            case .meeting: "A meeting"
            case .observation: "Something was seen or noticed"
            case .advice: "Advice was given"
            }
        }
    }

    /// An entry to be made.
    struct Made: RecordBody {
        let kind: Kind
        let happenedAt: Instant
        let words: Text<100_000>

        static let words = "Something that was done or said."
        static var example: Made {
            Made(
                kind: .conversation, happenedAt: .example,
                words: "Talked with Robin and her mother.")
        }

        enum CodingKeys: String, FieldWords {
            case kind, words
            case happenedAt = "happened_at"

            var words: String {
                switch self {
                case .kind: "What it was."
                case .happenedAt: "When it happened."
                case .words: "What was done or said."
                }
            }
        }
    }
}

/// The order of a story.
enum ChronologyOrder: String, SortOrder {
    case asItHappened = "at"
    case newest = "-at"

    var sql: SQL {
        switch self {
        case .asItHappened: "entry._order, entry.id"
        case .newest: "entry._order desc, entry.id desc"
        }
    }

    var key: SQL { "entry._order::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        switch self {
        case .asItHappened: "(entry._order, entry.id) > (\(key)::timestamptz, \(id)::uuid)"
        case .newest: "(entry._order, entry.id) < (\(key)::timestamptz, \(id)::uuid)"
        }
    }
}

import JSON
import OpenAPI

/// How an incident ended; or, while it is open, what stands against its ending.
struct Closure: Resource {
    let incidentID: ID<Incident>
    let schoolID: ID<School>
    let isClosed: Bool
    let kind: Kind?
    let outcome: String?
    let duplicateOf: ID<Incident>?
    let closedAt: Instant?
    let closedBy: String?
    let closedByRole: Role?
    let unmet: [Unmet]

    static let isTagged = false
    static let words = "How an incident ended; while it is open, what stands against closing it."
    static var example: Closure {
        Closure(
            incidentID: .example, schoolID: .example, isClosed: false, kind: nil, outcome: nil,
            duplicateOf: nil, closedAt: nil, closedBy: nil, closedByRole: nil, unmet: [.example])
    }

    enum Kind: String, Words {
        case completed
        case mistaken
        case duplicate

        /// What has to be allowed for it.
        var act: Act {
            switch self {
            case .completed: .closure
            case .mistaken: .dismissal
            case .duplicate: .duplication
            }
        }

        var label: String {
            switch self {
            case .completed: "Everything is done that had to be"
            case .mistaken: "It was reported by mistake"
            case .duplicate: "It was reported already"
            }
        }
    }

    enum CodingKeys: String, FieldWords {
        case kind, outcome, unmet
        case incidentID = "incident_id"
        case schoolID = "school_id"
        case isClosed = "is_closed"
        case duplicateOf = "duplicate_of"
        case closedAt = "closed_at"
        case closedBy = "closed_by"
        case closedByRole = "closed_by_role"

        var words: String {
            switch self {
            case .kind: "As what it was closed."
            case .outcome: "How it ended, with the action that was taken."
            case .unmet: "Every rule that is not met yet; none of them stands against a closed one."
            case .incidentID: "The incident."
            case .schoolID: "The school."
            case .isClosed: "Whether it is closed."
            case .duplicateOf: "The incident that was reported already."
            case .closedAt: "When it was closed."
            case .closedBy: "Who closed it."
            case .closedByRole: "In which post."
            }
        }
    }

    /// The end of an incident, as it is put on record.
    struct Made: RecordBody {
        let kind: Kind?
        let outcome: Text<20_000>
        let duplicateOf: ID<Incident>?

        static let words = "How it ended."
        static var example: Made {
            Made(
                kind: .completed,
                outcome: "The account was reported and removed; both families were informed.",
                duplicateOf: nil)
        }

        var faults: [JSONFault] {
            guard (kind == .duplicate) != (duplicateOf != nil) else { return [] }
            return [
                JSONFault(
                    pointer: "/duplicate_of",
                    code: kind == .duplicate ? "required" : "not_wanted",
                    detail: "The incident that was reported already, of a duplicate only")
            ]
        }

        enum CodingKeys: String, FieldWords {
            case kind, outcome
            case duplicateOf = "duplicate_of"

            var words: String {
                switch self {
                case .kind: "As what it is closed; `completed` when nothing is said."
                default: Closure.CodingKeys(rawValue: rawValue)?.words ?? ""
                }
            }
        }
    }
}

/// A rule that is not met yet.
struct Unmet: Codable, Exemplary {
    let code: String
    let pointer: String
    let detail: String

    static var example: Unmet {
        Unmet(
            code: "line_pending", pointer: "/action_lines/parents_informed",
            detail: "Answer this action line: done or not needed")
    }

    enum CodingKeys: String, FieldWords {
        case code, pointer, detail

        var words: String {
            switch self {
            case .code: "Which rule it is."
            case .pointer: "Where in the case something is missing (JSON Pointer)."
            case .detail: "What is wanted, in words."
            }
        }
    }
}

/// Opening a closed incident again.
struct Reopening: RecordBody {
    let reason: Reason
    let words: Text<10_000>

    static let words = "Why it is opened again."
    static var example: Reopening {
        Reopening(reason: .recurrence, words: "The same account has written to her again.")
    }

    enum Reason: String, Words {
        case recurrence
        case materialNotRemoved = "material_not_removed"
        case newEvidence = "new_evidence"
        case closedInError = "closed_in_error"

        var label: String {
            switch self {
            case .recurrence: "It happened again"
            case .materialNotRemoved: "The material was not removed"
            case .newEvidence: "There is new evidence"
            case .closedInError: "It was closed in error"
            }
        }
    }

    enum CodingKeys: String, FieldWords {
        case reason, words

        var words: String {
            switch self {
            case .reason: "The reason."
            case .words: "What makes it so."
            }
        }
    }
}

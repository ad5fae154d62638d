import JSON
import OpenAPI

/// A procedure that is attached to an incident, as it was on that day, with where each of its steps
/// stands.
struct AttachedProcedure: Resource {
    let id: ID<AttachedProcedure>
    let schoolID: ID<School>
    let code: ProcedureCode
    let title: String
    let source: String
    let jurisdiction: Jurisdiction
    let version: Int
    let isOwn: Bool
    let references: [ProcedureReference]
    let attachedAt: Instant
    let attachedBy: String?
    let attachedByRole: Role
    let steps: [StepShown]
    let etag: String

    static let words = "A procedure that is attached to an incident, step by step."
    static var example: AttachedProcedure {
        AttachedProcedure(
            id: .example, schoolID: .example, code: "hate", title: "Online hate",
            source: "PRC-16", jurisdiction: .england, version: 1, isOwn: false,
            references: [.example], attachedAt: .example, attachedBy: "Grace Okafor",
            attachedByRole: .dsl, steps: [.example], etag: "\"1\"")
    }

    enum CodingKeys: String, FieldWords {
        case id, code, title, source, jurisdiction, version, references, steps, etag
        case schoolID = "school_id"
        case isOwn = "is_own"
        case attachedAt = "attached_at"
        case attachedBy = "attached_by"
        case attachedByRole = "attached_by_role"

        var words: String {
            switch self {
            case .id: "This attachment."
            case .references: "On what it relies, as it was when it was attached."
            case .attachedAt: "When it was attached: from then its time counts."
            case .attachedBy: "Who attached it."
            case .attachedByRole: "In which post."
            case .steps: "Its steps, as they were when it was attached, and where each stands."
            case .etag: "Its version, to be sent as If-Match; each step has one of its own."
            default: SchoolProcedure.CodingKeys(rawValue: rawValue)?.words ?? ""
            }
        }
    }

    /// One to be attached.
    struct Made: Body {
        let code: ProcedureCode

        static let schemaName = "AttachedProcedureMade"
        static let words = "A procedure to be attached."
        static var example: Made { Made(code: "beyond_the_school") }

        enum CodingKeys: String, FieldWords {
            case code

            var words: String { "Which of the school's procedures." }
        }
    }

    /// Why it is detached.
    struct Detached: RecordBody {
        let reason: Text<2000>

        static let schemaName = "AttachedProcedureDetached"
        static let words = "Why a procedure is detached."
        static var example: Detached {
            Detached(reason: "It was found to be no matter of bullying")
        }

        enum CodingKeys: String, FieldWords {
            case reason

            var words: String { "The reason." }
        }
    }
}

/// A step of an attached procedure, and where it stands.
struct StepShown: Resource {
    let id: ID<StepShown>
    let schoolID: ID<School>
    let number: Int
    let code: ProcedureCode
    let words: String
    let actor: StepActor
    let need: StepNeed
    let question: String?
    let within: StepTime?
    let after: ProcedureCode?
    let record: String?
    let tells: StepTelling?
    let asksFor: [AskedPart]?
    let missing: [AskedPart]
    let isByPost: Bool
    let isKept: Bool
    let isRequired: Bool
    let state: StepState
    let isOverdue: Bool
    let dueAt: Instant?
    let answer: StepAnswer?
    let said: String?
    let doneAt: Instant?
    let doneBy: String?
    let answeredAt: Instant?
    let answeredBy: String?
    let answeredByRole: Role?
    let etag: String

    static let schemaName = "StepOfAProcedure"
    static let words = "A step of a procedure that is attached to an incident."
    static var example: StepShown {
        StepShown(
            id: .example, schoolID: .example, number: 2, code: "police",
            words: "The police are told.", actor: .dsl, need: .conditional,
            question: "Is an offence suspected?", within: .example, after: nil, record: nil,
            tells: nil, asksFor: [.example], missing: [.example], isByPost: false, isKept: true,
            isRequired: false, state: .undecided, isOverdue: false, dueAt: .example, answer: nil,
            said: nil, doneAt: nil, doneBy: nil, answeredAt: nil, answeredBy: nil,
            answeredByRole: nil, etag: "\"0\"")
    }

    enum CodingKeys: String, FieldWords {
        case id, number, code, words, actor, need, question, within, after, record, tells, missing
        case state, answer, said, etag
        case schoolID = "school_id"
        case asksFor = "asks_for"
        case isByPost = "is_by_post"
        case isKept = "is_kept"
        case isRequired = "is_required"
        case isOverdue = "is_overdue"
        case dueAt = "due_at"
        case doneAt = "done_at"
        case doneBy = "done_by"
        case answeredAt = "answered_at"
        case answeredBy = "answered_by"
        case answeredByRole = "answered_by_role"

        var words: String {
            switch self {
            case .id: "This step of this attachment."
            case .schoolID: "The school."
            case .number: "Its place in the procedure, from 1."
            case .missing: "What of that the record does not hold yet."
            case .isRequired:
                "Whether the answer to a question has made it a step that has to be taken."
            case .state: "Where it stands."
            case .isOverdue: "Whether its time has passed, and it is neither settled nor decided."
            case .dueAt:
                "Until when it is to be taken; absent where nothing says so, or what it comes "
                    + "after is not settled yet."
            case .answer: "What was said to it last."
            case .said: "In which words."
            case .doneAt: "When it was taken."
            case .doneBy: "Who took it."
            case .answeredAt: "When that was put down."
            case .answeredBy: "Who put it down."
            case .answeredByRole: "In which post."
            case .etag: "Its version, to be sent as If-Match; `\"0\"` before the first answer."
            default: ProcedureStep.CodingKeys(rawValue: rawValue)?.words ?? ""
            }
        }
    }

    /// What is said to a step.
    struct Answered: RecordBody, JudgedBody {
        let answer: StepAnswer
        let words: Text<10_000>?
        let doneAt: Instant?
        let doneBy: Text<200>?

        static let schemaName = "StepAnswered"
        static let words = "What is said to a step."
        static var example: Answered {
            Answered(
                answer: .done, words: "The class teacher told the DSL", doneAt: .example,
                doneBy: "Grace Okafor")
        }

        enum CodingKeys: String, FieldWords {
            case answer, words
            case doneAt = "done_at"
            case doneBy = "done_by"

            var words: String {
                switch self {
                case .answer: "What is said to it."
                case .words:
                    "What the step wants to be put down, or the reason: needed where it asks for "
                        + "words, and where it is waived, does not apply or was not taken."
                case .doneAt: "When it was taken; now when not given."
                case .doneBy: "Who took it; whoever says so when not given."
                }
            }
        }

        var ownFaults: [JSONFault] {
            var faults: [JSONFault] = []
            if answer.needsWords, words == nil {
                faults.append(
                    JSONFault(pointer: "/words", code: "required", detail: "Say why"))
            }
            for (pointer, isGiven) in [("/done_at", doneAt != nil), ("/done_by", doneBy != nil)]
            where isGiven && answer != .done {
                faults.append(
                    JSONFault(
                        pointer: pointer, code: "not_wanted",
                        detail: "It goes with a step that was taken"))
            }
            return faults
        }
    }
}

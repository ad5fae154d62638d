import JSON
import OpenAPI

/// Somebody's induction: what is asked of them, and what of it is done (USR-14). It has the id of
/// the person.
struct Induction: Resource {
    let id: ID<Induction>
    let schoolID: ID<School>
    let personID: ID<Person>
    let givenName: String
    let familyName: String
    let kind: PersonKind
    let beganOn: Day
    let isComplete: Bool
    let completedOn: Day?
    let outstanding: [InductionStep]
    let dueOn: Day?
    let isOverdue: Bool
    let steps: [InductionStanding]?
    let images: [ImageAnswer]?
    let acts: [InductionAct]?

    static let isTagged = false
    static let address: StaticString? = "/v1/inductions/"
    static let words = "Somebody's induction: what is asked of them, and what of it is done."
    static var example: Induction {
        Induction(
            id: .example, schoolID: .example, personID: .example, givenName: "Grace",
            familyName: "Okafor", kind: .teacher, beganOn: .example, isComplete: false,
            completedOn: nil, outstanding: [.trainingDone], dueOn: .example, isOverdue: false,
            steps: [.example], images: [.example], acts: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case id, kind, outstanding, steps, images, acts
        case schoolID = "school_id"
        case personID = "person_id"
        case givenName = "given_name"
        case familyName = "family_name"
        case beganOn = "began_on"
        case isComplete = "is_complete"
        case completedOn = "completed_on"
        case dueOn = "due_on"
        case isOverdue = "is_overdue"

        var words: String {
            switch self {
            case .id: "The induction: the id of the person."
            case .schoolID: "The school."
            case .personID: "Whose it is."
            case .givenName: "Their given name."
            case .familyName: "Their family name."
            case .kind: "As what they are inducted; a parent who holds a post as a governor."
            case .beganOn: "When they began, or will."
            case .isComplete: "Whether every step is done, or not needed."
            case .completedOn: "On which day the last of them was done."
            case .outstanding: "What is still to be done."
            case .dueOn: "By when the first of that is due."
            case .isOverdue: "Whether that has passed."
            case .steps: "All that is asked; where it is read by itself."
            case .images:
                "What they have said of each use of images of them; where it is read by itself, "
                    + "for themselves and those who read consents."
            case .acts:
                "All that was told, corrections too, in order; where it is read by itself."
            }
        }
    }

    /// What was done with somebody.
    struct Told: RecordBody {
        let steps: Few<InductionStep, 5>
        let outcome: InductionOutcome?
        let doneOn: Day?
        let note: Text<1000>?

        static let schemaName = "InductionTold"
        static let words = "Which steps of an induction were done on a day, or are not needed."
        static var example: Told {
            Told(
                steps: [.policyGiven, .policyExplained], outcome: nil, doneOn: nil,
                note: "By the DSL, an hour")
        }

        enum CodingKeys: String, FieldWords {
            case steps, outcome, note
            case doneOn = "done_on"

            var words: String {
                switch self {
                case .steps: "Which steps."
                case .outcome: "What became of them: `done`, when not given, or `not_needed`."
                case .doneOn: "On which day they were done; today when not given."
                case .note: "What ought to be known; needed where they are not needed."
                }
            }
        }

        var faults: [JSONFault] {
            var faults: [JSONFault] = []
            func note(_ pointer: String, _ code: String, _ detail: String) {
                faults.append(JSONFault(pointer: pointer, code: code, detail: detail))
            }
            if steps.elements.isEmpty { note("/steps", "empty", "Name at least one step") }
            if outcome == .notDone {
                note("/outcome", "not_so", "What was put down wrongly is corrected")
            }
            if outcome == .notNeeded, self.note == nil {
                note("/note", "required", "Say why they do not need it")
            }
            if outcome == .notNeeded, doneOn != nil {
                note("/done_on", "not_wanted", "What is not needed has no day")
            }
            return faults
        }
    }

    /// What was put down wrongly.
    struct Correction: RecordBody {
        let step: InductionStep
        let doneOn: Day?
        let reason: Text<1000>

        static let schemaName = "InductionCorrection"
        static let words = "What was put down wrongly of a step, and how it truly was."
        static var example: Correction {
            Correction(step: .policyGiven, doneOn: nil, reason: "It was somebody else")
        }

        enum CodingKeys: String, FieldWords {
            case step, reason
            case doneOn = "done_on"

            var words: String {
                switch self {
                case .step: "Which step."
                case .doneOn: "On which day it was truly done; it was not done, when not given."
                case .reason: "How it came to be put down wrongly."
                }
            }
        }
    }
}

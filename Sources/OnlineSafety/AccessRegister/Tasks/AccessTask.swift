import JSON
import OpenAPI

/// Something to be done with an account, because somebody came, went or changed class (ACC-08,
/// ACC-09).
struct AccessTask: Resource {
    let id: ID<AccessTask>
    let schoolID: ID<School>
    let task: AccessTaskKind
    let systemID: ID<AccessSystem>
    let system: String
    let personID: ID<Person>
    let who: String
    let className: String?
    let classBefore: String?
    let grantID: ID<AccessGrant>?
    let wanted: AccessTaskOutcome?
    let because: AccessClosing?
    let since: Day?
    let outcome: AccessTaskOutcome?
    let note: String?
    let doneBy: String?
    let doneAt: Instant?

    static let isTagged = false
    static let words =
        "Something to be done with an account, because somebody came, went or changed class."
    static var example: AccessTask {
        AccessTask(
            id: .example, schoolID: .example, task: .close, systemID: .example,
            system: "Purple Mash", personID: .example, who: "Robin Ash", className: "2B",
            classBefore: nil, grantID: .example, wanted: .frozen, because: .left, since: .example,
            outcome: nil, note: nil, doneBy: nil, doneAt: nil)
    }

    enum CodingKeys: String, FieldWords {
        case id, task, system, who, wanted, because, since, outcome, note
        case schoolID = "school_id"
        case systemID = "system_id"
        case personID = "person_id"
        case className = "class_name"
        case classBefore = "class_before"
        case grantID = "grant_id"
        case doneBy = "done_by"
        case doneAt = "done_at"

        var words: String {
            switch self {
            case .id: "The task."
            case .schoolID: "The school."
            case .task: "What is to be done."
            case .systemID: "In which system."
            case .system: "What the school calls that."
            case .personID: "For whom."
            case .who: "Their name."
            case .className: "Their class."
            case .classBefore: "The class in which the account still stands."
            case .grantID: "Their access; absent while they have none."
            case .wanted: "What the rules of the system say that is to be done."
            case .because: "Why an account is to be closed."
            case .since: "Since when it is to be done, as far as is known."
            case .outcome: "What was done; absent while it is open."
            case .note: "What was said about it."
            case .doneBy: "Who did it."
            case .doneAt: "When."
            }
        }
    }

    /// That it was done.
    struct Completion: Body {
        let outcome: AccessTaskOutcome?
        let note: Text<1000>?

        static let schemaName = "AccessTaskCompletion"
        static let words = "That a task was done. No password belongs in it."
        static var example: Completion { Completion(outcome: nil, note: nil) }

        enum CodingKeys: String, FieldWords {
            case outcome, note

            var words: String {
                switch self {
                case .outcome: "What was done; what the task wants, when not given."
                case .note: "What ought to be known; needed where it was not needed."
                }
            }
        }
    }
}

/// What is to be done with an account.
enum AccessTaskKind: String, Words {
    case give
    case close
    case move

    var label: String {
        switch self {
        case .give: "Make an account and a password for somebody who has joined"
        case .close: "Delete or freeze the account of somebody who has left, or whose time is over"
        case .move: "Put the account into another class"
        }
    }

    /// What may be done about it.
    var outcomes: [AccessTaskOutcome] {
        switch self {
        case .give: [.activated, .withdrawn]
        case .close: [.deleted, .frozen]
        case .move: [.placed]
        }
    }
}

/// Why an account is to be closed.
enum AccessClosing: String, Words {
    case left
    case over
    case notInUse = "not_in_use"
    case notForThisKind = "not_for_this_kind"
    case pupilsHaveNone = "pupils_have_none"
    case notInThisPhase = "not_in_this_phase"
    case postNotHeld = "post_not_held"

    var label: String {
        switch self {
        case .left: "They have left"
        case .over: "Its last day has passed"
        case .notInUse: "The system is out of use"
        case .notForThisKind: "The system is no longer for those who are that to the school"
        case .pupilsHaveNone: "Pupils have no accounts of their own there"
        case .notInThisPhase: "Pupils of this phase do not go there"
        case .postNotHeld: "They hold none of the posts that the system asks for"
        }
    }
}

/// What was done about a task.
enum AccessTaskOutcome: String, Words {
    case activated
    case withdrawn
    case deleted
    case frozen
    case placed

    var label: String {
        switch self {
        case .activated: "The account was made, and given"
        case .withdrawn: "No account is needed"
        case .deleted: "The account was deleted"
        case .frozen: "The account was frozen"
        case .placed: "The account stands in the class"
        }
    }

    /// The act that it is.
    var act: AccessAct {
        switch self {
        case .activated: .activated
        case .withdrawn: .withdrawn
        case .deleted: .deleted
        case .frozen: .frozen
        case .placed: .placed
        }
    }
}

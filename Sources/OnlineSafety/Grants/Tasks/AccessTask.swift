import JSON
import OpenAPI
import Postgres

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
            classBefore: nil, grantID: .example, wanted: .frozen, since: .example, outcome: nil,
            note: nil, doneBy: nil, doneAt: nil)
    }

    enum CodingKeys: String, FieldWords {
        case id, task, system, who, wanted, since, outcome, note
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
            case .since: "Since when it is to be done."
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

/// Which tasks to list.
struct AccessTaskFilter: Filter {
    let school: ID<School>?
    let system: ID<AccessSystem>?
    let tasks: [AccessTaskKind]?
    let isDone: Bool

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        system = query.id("system_id", of: AccessSystem.self)
        tasks = query.words("task", AccessTaskKind.self)
        isDone = query.flag("is_done") ?? false
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .query("system_id", "Only in this system.", .id, nil),
        .words("task", "Only of these kinds.", AccessTaskKind.self),
        .query(
            "is_done", "Those that were done, instead of those that are open.", .boolean, true),
    ]

    var sql: SQL {
        """
        (\(school)::uuid is null or access.school_id = \(school))
        and (\(system)::uuid is null or access.system_id = \(system))
        and (\(tasks)::text[] is null or access.task = any(\(tasks)))
        """
    }
}

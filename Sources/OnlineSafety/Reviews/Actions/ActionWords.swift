import JSON
import OpenAPI

/// Where an action stands.
enum ActionState: String, Words {
    case open
    case done
    case dropped

    var label: String {
        switch self {
        case .open: "To be done"
        case .done: "Done"
        case .dropped: "Dropped, with the reason"
        }
    }
}

/// What is done with an action.
enum PlannedActionAct: String, ActWords {
    case done
    case dropped
    case moved
    case reopened

    var label: String {
        switch self {
        case .done: "It was done"
        case .dropped: "It will not be done"
        case .moved: "It is due on another day"
        case .reopened: "It is to be done after all"
        }
    }

    /// What the audit calls it.
    var deed: StaticString {
        switch self {
        case .done: "action_done"
        case .dropped: "action_dropped"
        case .moved: "action_moved"
        case .reopened: "action_reopened"
        }
    }

    var fields: ActFields<PlannedActionSaid.CodingKeys> {
        switch self {
        case .done: ActFields(taken: [.words])
        case .dropped, .reopened: ActFields(needed: [.words])
        case .moved: ActFields(needed: [.dueOn, .words])
        }
    }

    /// As what it must stand for this to be done.
    var states: [ActionState] { self == .reopened ? [.done, .dropped] : [.open] }
}

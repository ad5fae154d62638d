import JSON
import OpenAPI

/// Where a policy document stands (24.5). What is due for review stays in force.
enum PolicyState: String, Words {
    case draft
    case inApproval = "in_approval"
    case approved
    case published
    case inForce = "in_force"
    case reviewDue = "review_due"
    case reviewOverdue = "review_overdue"
    case underReview = "under_review"

    var label: String {
        switch self {
        case .draft: "Written, and agreed by nobody yet"
        case .inApproval: "On its way through the chain of approval"
        case .approved: "Approved by all, and not published yet"
        case .published: "Published, and in force from a day to come"
        case .inForce: "In force"
        case .reviewDue: "In force, and soon to be reviewed"
        case .reviewOverdue: "In force, and its review is overdue"
        case .underReview: "In force, and under review"
        }
    }
}

/// What became of a version.
enum PolicyVersionState: String, Words {
    case draft
    case inApproval = "in_approval"
    case approved
    case published
    case inForce = "in_force"
    case superseded
    case setAside = "set_aside"

    var label: String {
        switch self {
        case .draft: "Written, and agreed by nobody yet"
        case .inApproval: "On its way through the chain of approval"
        case .approved: "Approved by all, and not published yet"
        case .published: "Published, and in force from a day to come"
        case .inForce: "In force"
        case .superseded: "Was in force, before another came"
        case .setAside: "Never in force, because another was written"
        }
    }
}

/// Which way a version goes through the chain.
enum PolicyWay: String, Words {
    case adoption
    case confirmation

    var label: String {
        switch self {
        case .adoption: "A new version is to be adopted"
        case .confirmation: "The version in force is to be confirmed as it is"
        }
    }
}

/// What is done with a policy document.
enum PolicyAct: String, ActWords {
    case approved
    case published
    case underReview = "under_review"

    var label: String {
        switch self {
        case .approved: "The next step of the chain is taken"
        case .published: "Put in force, from a day on"
        case .underReview: "Put under review"
        }
    }

    var fields: ActFields<PolicyActSaid.CodingKeys> {
        switch self {
        case .approved: ActFields(taken: [.version, .on, .words])
        case .published: ActFields(taken: [.version, .on, .link, .words])
        case .underReview: ActFields(needed: [.words])
        }
    }

    /// Where a policy must stand for it.
    var states: [PolicyState] {
        switch self {
        case .approved: [.draft, .inApproval, .underReview]
        case .published: [.approved]
        case .underReview: [.inForce, .reviewDue, .reviewOverdue]
        }
    }
}

/// What became of a version with somebody.
enum PolicyReceiptAct: String, Words {
    case given
    case acknowledged

    var label: String {
        switch self {
        case .given: "It was given to them"
        case .acknowledged: "They acknowledged it as read and understood"
        }
    }
}

/// A link that everybody can follow: `https://…`, at most 500 visible characters.
struct HTTPSLink: TextScalar {
    let string: String

    init?(_ text: String) {
        guard text.hasPrefix("https://"), (12...500).contains(text.utf8.count),
            text.utf8.allSatisfy({ (33...126).contains($0) && $0 != 34 && $0 != 60 && $0 != 62 })
        else { return nil }
        string = text
    }

    static let fault = JSONFault(
        code: "https_link", detail: "Give a link that begins with https://")
    static let exampleText: StaticString = "https://www.hawthorn.example/policies"
    static var schema: Schema { .text(format: "uri") }
}

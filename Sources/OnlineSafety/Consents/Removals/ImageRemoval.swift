import JSON
import OpenAPI

/// That images of somebody are to be removed, because they are allowed no more (CON-10).
struct ImageRemoval: Resource {
    let id: ID<ImageRemoval>
    let schoolID: ID<School>
    let personID: ID<Person>
    let who: String
    let className: String?
    let purpose: ConsentPurpose
    let consentID: ID<Consent>
    let openedOn: Day
    let dueOn: Day
    let isOpen: Bool
    let isOverdue: Bool
    let outcome: Outcome?
    let note: String?
    let completedBy: String?
    let completedAt: Instant?

    static let isTagged = false
    static let words =
        "That images of somebody are to be removed, because they are allowed no more."
    static var example: ImageRemoval {
        ImageRemoval(
            id: .example, schoolID: .example, personID: .example, who: "Robin Ash",
            className: "5B", purpose: .schoolWebsite, consentID: .example, openedOn: .example,
            dueOn: .example, isOpen: false, isOverdue: false, outcome: .removed,
            note: "Two photographs of the sports day", completedBy: "Sam Reed",
            completedAt: .example)
    }

    /// What became of it.
    enum Outcome: String, Words {
        case removed
        case partlyRemoved = "partly_removed"
        case nothingFound = "nothing_found"
        case allowedAgain = "allowed_again"

        var label: String {
            switch self {
            case .removed: "Removed wherever the school can"
            case .partlyRemoved: "Removed in part: the note says what is left, and where"
            case .nothingFound: "Nothing was found"
            case .allowedAgain: "Allowed again before anything was removed"
            }
        }
    }

    enum CodingKeys: String, FieldWords {
        case id, who, purpose, outcome, note
        case schoolID = "school_id"
        case personID = "person_id"
        case className = "class_name"
        case consentID = "consent_id"
        case openedOn = "opened_on"
        case dueOn = "due_on"
        case isOpen = "is_open"
        case isOverdue = "is_overdue"
        case completedBy = "completed_by"
        case completedAt = "completed_at"

        var words: String {
            switch self {
            case .id: "The task."
            case .schoolID: "The school."
            case .personID: "Whose images."
            case .who: "Their name."
            case .className: "A pupil's class."
            case .purpose: "From where: what is allowed no more."
            case .consentID: "What was said, by which it came."
            case .openedOn: "Since when."
            case .dueOn: "By when, as the school has set."
            case .isOpen: "Whether it is still to be done."
            case .isOverdue: "Whether it should have been."
            case .outcome: "What became of it."
            case .note: "What was removed, and what could not be."
            case .completedBy: "Who did it."
            case .completedAt: "When."
            }
        }
    }

    /// That it is done.
    struct Completion: RecordBody {
        let outcome: Outcome
        let note: Text<2000>?

        static let schemaName = "ImageRemovalCompletion"
        static let words = "What became of the images."
        static var example: Completion {
            Completion(outcome: .removed, note: "Two photographs of the sports day")
        }

        enum CodingKeys: String, FieldWords {
            case outcome, note

            var words: String {
                switch self {
                case .outcome: "What became of them."
                case .note: "What was removed; and what could not be, needed where some is left."
                }
            }
        }

        var faults: [JSONFault] {
            guard outcome == .partlyRemoved, note == nil else { return [] }
            return [
                JSONFault(pointer: "/note", code: "required", detail: "Say what is left, and where")
            ]
        }
    }
}

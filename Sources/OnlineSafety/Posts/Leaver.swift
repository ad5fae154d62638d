import JSON
import OpenAPI
import Postgres

/// Somebody who left, or will leave.
struct Leaver: Resource {
    static let isTagged = false

    let id: ID<Leaver>
    let schoolID: ID<School>
    let personID: ID<Person>
    let who: String
    let leftOn: Day
    let recordedBy: String
    let recordedAt: Instant
    let remindedOn: Day?
    let remindedBy: String?
    let returnedOn: Day?
    let clients: [Client.Known]?

    static let words = "Somebody who left, or will leave."
    static var example: Leaver {
        Leaver(
            id: .example, schoolID: .example, personID: .example, who: "Ben Carver",
            leftOn: .example, recordedBy: "Maya Lewis", recordedAt: .example,
            remindedOn: .example, remindedBy: "Maya Lewis", returnedOn: nil, clients: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case id, who, clients
        case returnedOn = "returned_on"
        case schoolID = "school_id"
        case personID = "person_id"
        case leftOn = "left_on"
        case recordedBy = "recorded_by"
        case recordedAt = "recorded_at"
        case remindedOn = "reminded_on"
        case remindedBy = "reminded_by"

        var words: String {
            switch self {
            case .id: "The record of it."
            case .who: "Who."
            case .schoolID: "The school."
            case .personID: "The person."
            case .leftOn: "Their last day."
            case .recordedBy: "Who recorded it."
            case .recordedAt: "When."
            case .remindedOn: "When they were reminded of the confidentiality that binds them."
            case .remindedBy: "Who recorded that."
            case .clients:
                "Programs that ask, of which they made a secret or token that still lives: give "
                    + "each another, or confirm that it stays; absent where there are none."
            case .returnedOn: "Since when they hold a post again; absent where they do not."
            }
        }
    }

    /// That somebody leaves.
    struct Said: Body {
        let leftOn: Day?
        let remindedOn: Day?

        static let words = "The last day of somebody who leaves."
        static var example: Said { Said(leftOn: nil, remindedOn: .example) }

        enum CodingKeys: String, FieldWords {
            case leftOn = "left_on"
            case remindedOn = "reminded_on"

            var words: String {
                switch self {
                case .leftOn: "Their last day; yesterday when not given, so that it holds at once."
                case .remindedOn: "When they were reminded of what binds them, if they were."
                }
            }
        }
    }

    /// That they were reminded.
    struct Reminder: Body {
        let remindedOn: Day?

        static let words = "When a leaver was reminded."
        static var example: Reminder { Reminder(remindedOn: .example) }

        enum CodingKeys: String, FieldWords {
            case remindedOn = "reminded_on"

            var words: String {
                switch self {
                case .remindedOn: "When; today when not given."
                }
            }
        }
    }
}

import JSON
import OpenAPI
import Postgres

/// What is to be done because of something that was found, by somebody or a post, by when; all of
/// them are the action plan (REV-17).
struct PlannedAction: Resource {
    let id: ID<PlannedAction>
    let schoolID: ID<School>
    let words: String
    let ownerID: ID<Person>?
    let owner: String?
    let ownerRole: Role?
    let isOwn: Bool
    let state: ActionState
    let dueOn: Day
    let isOverdue: Bool
    let reviewID: ID<Review>?
    let incidentID: ID<Incident>?
    let madeBy: String?
    let madeAt: Instant
    let endedAt: Instant?
    let acts: [PlannedActionDone]?

    static let isTagged = false
    static let address: StaticString? = "/v1/actions/"
    static let words = "What is to be done because of something that was found, by whom and when."
    static var example: PlannedAction {
        PlannedAction(
            id: .example, schoolID: .example, words: "An evening for parents on group chats",
            ownerID: nil, owner: nil, ownerRole: .onlineSafetyCoordinator, isOwn: false,
            state: .open, dueOn: .example, isOverdue: false, reviewID: .example, incidentID: nil,
            madeBy: "Amina Yusuf", madeAt: .example, endedAt: nil, acts: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case id, words, owner, state, acts
        case schoolID = "school_id"
        case ownerID = "owner_id"
        case ownerRole = "owner_role"
        case isOwn = "is_own"
        case dueOn = "due_on"
        case isOverdue = "is_overdue"
        case reviewID = "review_id"
        case incidentID = "incident_id"
        case madeBy = "made_by"
        case madeAt = "made_at"
        case endedAt = "ended_at"

        var words: String {
            switch self {
            case .id: "The action."
            case .schoolID: "The school."
            case .words: "What is to be done."
            case .ownerID: "By whom; for a governor, only where it is themselves."
            case .owner: "Their name; likewise."
            case .ownerRole: "By which post, where it is a post's."
            case .isOwn: "Whether it is the caller's to do."
            case .state: "Where it stands."
            case .dueOn: "By when."
            case .isOverdue: "Whether that has passed and it is open."
            case .reviewID: "The review that found it."
            case .incidentID: "The incident it goes back to, for those to whom that is open."
            case .madeBy: "Who planned it; for a governor, only where it was themselves."
            case .madeAt: "When."
            case .endedAt: "When it was done or dropped."
            case .acts: "What was done with it, in order; where it is read by itself."
            }
        }
    }

    /// What is to be done because of what a review found.
    struct Found: Codable, Exemplary {
        let words: Text<500>
        let ownerID: ID<Person>?
        let ownerRole: Role?
        let dueOn: Day

        static let schemaName = "ActionFound"
        static var example: Found {
            Found(
                words: "An evening for parents on group chats", ownerID: nil,
                ownerRole: .onlineSafetyCoordinator, dueOn: .example)
        }

        enum CodingKeys: String, FieldWords {
            case words
            case ownerID = "owner_id"
            case ownerRole = "owner_role"
            case dueOn = "due_on"

            var words: String {
                switch self {
                case .words: "What is to be done; nobody's name belongs in it."
                case .ownerID: "By whom, of the adults of the school's roster; or"
                case .ownerRole: "by which post of the school: whoever holds it."
                case .dueOn: "By when."
                }
            }
        }

        /// What is wrong with its fields together.
        func faults(at pointer: String) -> [JSONFault] {
            var faults: [JSONFault] = []
            if (ownerID == nil) == (ownerRole == nil) {
                faults.append(
                    JSONFault(
                        pointer: pointer, code: "exactly_one",
                        detail: "Give owner_id or owner_role, and not both"))
            }
            if let ownerRole, !ownerRole.isOfASchool || ownerRole == .temporaryStaff {
                faults.append(ReviewFault.fault("\(pointer)/owner_role", "no_owner"))
            }
            return faults
        }

        /// Plans it, because of a review or an incident: the review's, where it goes back to one.
        @discardableResult
        func write(
            of review: ID<Review>?, _ incident: ID<Incident>? = nil, at school: ID<School>,
            by caller: Caller, in tx: Transaction
        ) -> ID<PlannedAction> {
            let id = ID<PlannedAction>()
            tx.add(
                Audit.written(
                    "action_planned", "planned_action", version: "null",
                    """
                    insert into planned_action (
                        school_id, id, words, owner_id, owner_role, due_on, review_id,
                        incident_id, made_by_name)
                    select \(school), \(id), \(words), \(ownerID)::uuid, \(ownerRole)::text,
                        \(dueOn)::date, \(review)::uuid, coalesce(\(incident)::uuid, (
                            select review.incident_id from review
                            where review.school_id = \(school) and review.id = \(review)::uuid
                        )), \(caller.name)
                    """))
            return id
        }
    }

    /// The same by itself.
    struct Said: Body {
        let schoolID: ID<School>?
        let words: Text<500>
        let ownerID: ID<Person>?
        let ownerRole: Role?
        let dueOn: Day
        let reviewID: ID<Review>?
        let incidentID: ID<Incident>?

        static let schemaName = "PlannedActionSaid"
        static let words = "What is to be done because of something that was found."
        static var example: Said {
            Said(
                schoolID: nil, words: "An evening for parents on group chats", ownerID: nil,
                ownerRole: .onlineSafetyCoordinator, dueOn: .example, reviewID: nil,
                incidentID: nil)
        }

        enum CodingKeys: String, FieldWords {
            case words
            case schoolID = "school_id"
            case ownerID = "owner_id"
            case ownerRole = "owner_role"
            case dueOn = "due_on"
            case reviewID = "review_id"
            case incidentID = "incident_id"

            var words: String {
                switch self {
                case .schoolID: "The school; may be left out by whoever plans in one alone."
                case .words: Found.CodingKeys.words.words
                case .ownerID: Found.CodingKeys.ownerID.words
                case .ownerRole: Found.CodingKeys.ownerRole.words
                case .dueOn: Found.CodingKeys.dueOn.words
                case .reviewID: "The review that found it."
                case .incidentID:
                    "The incident it goes back to, one that is open to the caller; that of its "
                        + "review, where the review goes back to one."
                }
            }
        }

        var found: Found {
            Found(words: words, ownerID: ownerID, ownerRole: ownerRole, dueOn: dueOn)
        }

        var faults: [JSONFault] { found.faults(at: "") }
    }
}

/// Something that was done with an action.
struct PlannedActionDone: Codable, Exemplary {
    let act: PlannedActionAct
    let dueOn: Day?
    let words: String?
    let doneBy: String?
    let doneAt: Instant

    static var example: PlannedActionDone {
        PlannedActionDone(
            act: .done, dueOn: nil, words: "Forty parents came", doneBy: "Amina Yusuf",
            doneAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case act, words
        case dueOn = "due_on"
        case doneBy = "done_by"
        case doneAt = "done_at"

        var words: String {
            switch self {
            case .act: "What."
            case .dueOn: "To which day it was moved."
            case .words: "What came of it, or why."
            case .doneBy: "By whom; for a governor, only where it was themselves."
            case .doneAt: "When."
            }
        }
    }
}

/// Something that is done with an action.
struct PlannedActionSaid: ActBody {
    let act: PlannedActionAct
    let dueOn: Day?
    let words: Text<1000>?

    static let schemaName = "PlannedActionActSaid"
    static let words = "What is done with an action."
    static var example: PlannedActionSaid {
        PlannedActionSaid(act: .done, dueOn: nil, words: "Forty parents came")
    }

    enum CodingKeys: String, FieldWords {
        case act, words
        case dueOn = "due_on"

        var words: String {
            switch self {
            case .act: PlannedActionAct.words("What.")
            case .dueOn: "To which day it is moved."
            case .words: "What came of it; where it is not done: why."
            }
        }
    }
}

import JSON
import OpenAPI
import Postgres

/// Who the caller is, and what waits for them.
struct Me: Resource {
    static let isTagged = false

    let id: ID<Account>
    let name: String
    let posts: [Post]?
    let may: [String]
    let waiting: Waiting?
    let toDo: [Task]?
    let session: Current
    let password: Password?
    let secondFactor: Factor?

    static let words = "Who I am, which posts I hold, what I may do and what waits for me."
    static var example: Me {
        Me(
            id: .example, name: "Amina Yusuf",
            posts: [
                Post(
                    organisationID: .example, organisation: "Hawthorn Infant School", role: .dsl,
                    personID: .example, untilOn: nil, endsAt: nil)
            ],
            may: ["report_an_incident", "list_incidents"],
            waiting: Waiting(notices: 2, urgentNotices: 1),
            toDo: [.example],
            session: Current(
                id: .example, openedAt: .example, endsAt: .example, idleEndsAt: .example,
                steppedUpUntil: nil, outstanding: []),
            password: Password(setAt: .example, expiresAt: nil, expiresSoon: false),
            secondFactor: Factor(isSetUp: true, isNeeded: false, recoveryCodesLeft: 10))
    }

    /// A role that I hold today, and where.
    struct Post: Codable {
        let organisationID: ID<School>
        let organisation: String
        let role: Role
        let personID: ID<Person>?
        let untilOn: Day?
        let endsAt: Instant?
    }

    /// What has not been dealt with yet.
    struct Waiting: Codable {
        let notices: Int
        let urgentNotices: Int
    }

    /// The session with which this was asked.
    struct Current: Codable {
        let id: ID<Session>
        let openedAt: Instant
        let endsAt: Instant
        let idleEndsAt: Instant?
        let steppedUpUntil: Instant?
        let outstanding: [Outstanding]
    }

    /// My password, of which nobody knows more.
    struct Password: Codable {
        let setAt: Instant
        let expiresAt: Instant?
        let expiresSoon: Bool
    }

    /// My second factor.
    struct Factor: Codable {
        let isSetUp: Bool
        let isNeeded: Bool
        let recoveryCodesLeft: Int
    }

    enum CodingKeys: String, FieldWords {
        case id, name, posts, may, waiting, session, password
        case toDo = "to_do"
        case secondFactor = "second_factor"

        var words: String {
            switch self {
            case .id: "My account."
            case .name: "My name."
            case .posts:
                "The posts that I hold today, in schools and in trusts; absent, like what follows, "
                    + "until the code of my second factor was given."
            case .may: "The operations of this API that one of my posts is admitted to."
            case .waiting: "The notices that wait for me."
            case .toDo:
                "What waits until I do it, of every part of the register; what is due first, first."
            case .session: "The session with which this was asked."
            case .password: "When my password was set, and when it must be changed."
            case .secondFactor: "Whether I have a second factor, and must have one."
            }
        }
    }
}

extension Me.Post {
    enum CodingKeys: String, FieldWords {
        case organisation, role
        case organisationID = "organisation_id"
        case personID = "person_id"
        case untilOn = "until_on"
        case endsAt = "ends_at"

        var words: String {
            switch self {
            case .organisation: "The name of the school or trust."
            case .role: "The role."
            case .organisationID: "The school or trust."
            case .personID: "Who I am among its people; absent in a trust."
            case .untilOn: "The last day on which I hold it; absent where no end is known."
            case .endsAt: "When it ends by itself, of a temporary post."
            }
        }
    }
}

extension Me.Waiting {
    enum CodingKeys: String, FieldWords {
        case notices
        case urgentNotices = "urgent_notices"

        var words: String {
            switch self {
            case .notices: "Notices that I have not acknowledged."
            case .urgentNotices: "How many of those are urgent."
            }
        }
    }
}

extension Me.Current {
    enum CodingKeys: String, FieldWords {
        case id, outstanding
        case openedAt = "opened_at"
        case endsAt = "ends_at"
        case idleEndsAt = "idle_ends_at"
        case steppedUpUntil = "stepped_up_until"

        var words: String {
            switch self {
            case .id: "The session."
            case .outstanding:
                "What it must do before anything else, in this order; empty for most."
            case .openedAt: "When I logged in."
            case .endsAt: "When it ends, however much it is used."
            case .idleEndsAt: "When it ends if it is not used any more."
            case .steppedUpUntil: "Until when a fresh proof counts; absent where there is none."
            }
        }
    }
}

extension Me.Password {
    enum CodingKeys: String, FieldWords {
        case setAt = "set_at"
        case expiresAt = "expires_at"
        case expiresSoon = "expires_soon"

        var words: String {
            switch self {
            case .setAt: "When I chose it."
            case .expiresAt: "From then on a log-in must change it; absent where it never must."
            case .expiresSoon: "Whether that is within a fortnight, or over."
            }
        }
    }
}

extension Me.Factor {
    enum CodingKeys: String, FieldWords {
        case isSetUp = "is_set_up"
        case isNeeded = "is_needed"
        case recoveryCodesLeft = "recovery_codes_left"

        var words: String {
            switch self {
            case .isSetUp: "Whether a log-in asks for a code."
            case .isNeeded: "Whether my school asks me to have one."
            case .recoveryCodesLeft: "How many recovery codes have not been used."
            }
        }
    }
}

/// The operations that a caller may use at all: what the first wall would say of each.
struct Abilities: Argument {
    let operations: [String]

    static func take(from call: inout Call) throws -> Abilities {
        let caller = try call.reach.caller
        return Abilities(
            operations: areas.flatMap(\.routes).filter { route in
                guard let admissions = route.admissions else { return true }
                if let first = caller.outstanding.first {
                    return route.opensDespite.contains(first)
                }
                return admissions.contains { admission in
                    admission.relation == .self
                        || caller.seats.contains { $0.role == admission.role }
                }
            }.map(\.operationID))
    }
}

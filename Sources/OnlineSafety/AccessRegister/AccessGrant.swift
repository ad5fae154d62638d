import JSON
import OpenAPI
import Postgres

/// Somebody's access to a system, from the request to its end (24.7).
struct AccessGrant: Resource {
    let id: ID<AccessGrant>
    let schoolID: ID<School>
    let systemID: ID<AccessSystem>
    let system: String
    let systemKind: AccessSystemKind
    let personID: ID<Person>
    let who: String?
    let personKind: PersonKind?
    let className: String?
    let state: AccessState
    let since: Day?
    let missing: [String]?
    let level: String?
    let pupilLevel: PupilLevel?
    let material: String?
    let schoolDevicesOnly: Bool?
    let isTemporary: Bool
    let fromOn: Day
    let untilOn: Day?
    let why: String?
    let requestedBy: String?
    let requestedAt: Instant
    let isByRoster: Bool
    let grantedBy: String?
    let grantedAt: Instant?
    let acts: [AccessActDone]?

    static let isTagged = false
    static let words = "Somebody's access to a system, from the request to its end."
    static let address: StaticString? = "/v1/access-grants/"
    static var example: AccessGrant {
        AccessGrant(
            id: .example, schoolID: .example, systemID: .example, system: "Purple Mash",
            systemKind: .learningPlatform, personID: .example, who: "Robin Ash",
            personKind: .pupil, className: "2B", state: .active, since: .example, missing: nil,
            level: nil, pupilLevel: .demonstrated, material: "Mashcams and 2Paint",
            schoolDevicesOnly: true,
            isTemporary: false, fromOn: .example, untilOn: nil, why: nil,
            requestedBy: "School office", requestedAt: .example, isByRoster: false,
            grantedBy: "Amina Yusuf", grantedAt: .example, acts: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case id, system, who, state, since, missing, level, material, why, acts
        case schoolID = "school_id"
        case systemID = "system_id"
        case systemKind = "system_kind"
        case personID = "person_id"
        case personKind = "person_kind"
        case className = "class_name"
        case pupilLevel = "pupil_level"
        case schoolDevicesOnly = "school_devices_only"
        case isTemporary = "is_temporary"
        case fromOn = "from_on"
        case untilOn = "until_on"
        case requestedBy = "requested_by"
        case requestedAt = "requested_at"
        case isByRoster = "is_by_roster"
        case grantedBy = "granted_by"
        case grantedAt = "granted_at"

        var words: String {
            switch self {
            case .id: "The access."
            case .schoolID: "The school."
            case .systemID: "To which system."
            case .system: "What the school calls that."
            case .systemKind: "What kind of system it is."
            case .personID: "Who has it."
            case .who: "Their name; absent for a client that may not read the roster."
            case .personKind: "What they are to the school; absent likewise."
            case .className: "A pupil's class on that day; absent likewise."
            case .state: "Where it stands on that day."
            case .since:
                "Since when it stands so; absent where the gate is shut, which says it, and for a "
                    + "client of what is not active."
            case .missing:
                "What it waits for, or because of what the gate shuts it, by the codes of the gate "
                    + "and of giving access, as the caller may know them; absent for a client, and "
                    + "of what nothing is missing."
            case .level:
                "How far it goes, in the school's words; with what data. Absent for a client."
            case .pupilLevel: "How far pupils of their phase went there on that day (ACC-05)."
            case .material: "The approved material which they used themselves."
            case .schoolDevicesOnly: "Of a pupil, whether on the school's devices only."
            case .isTemporary: "Whether it is a temporary log-in."
            case .fromOn: "From which day."
            case .untilOn: "Until which day; absent where no end was set."
            case .why: "For what it was asked; absent for a client."
            case .requestedBy: "Who asked for it; absent for a client."
            case .requestedAt: "When."
            case .isByRoster: "Whether it was given on joining, as the rules of the system say."
            case .grantedBy:
                "At whose word: who approved it, or set those rules. Absent for a client."
            case .grantedAt: "When."
            case .acts: "What was done with it, in order; where it is read by itself."
            }
        }
    }

    /// A request.
    struct Said: Body {
        let systemID: ID<AccessSystem>
        let personID: ID<Person>
        let level: Text<200>?
        let fromOn: Day?
        let untilOn: Day?
        let isTemporary: Bool?
        let why: Text<500>?

        static let schemaName = "AccessGrantSaid"
        static let words = "That somebody should have access to a system."
        static var example: Said {
            Said(
                systemID: .example, personID: .example, level: "Class pages only", fromOn: nil,
                untilOn: nil, isTemporary: nil, why: "She takes over 2B")
        }

        enum CodingKeys: String, FieldWords {
            case level, why
            case systemID = "system_id"
            case personID = "person_id"
            case fromOn = "from_on"
            case untilOn = "until_on"
            case isTemporary = "is_temporary"

            var words: String {
                switch self {
                case .systemID: "To which system."
                case .personID: "Who."
                case .level: "How far, and with what data; needed where it is temporary."
                case .fromOn: "From which day; today when not given."
                case .untilOn: "Until which day; needed where it is temporary."
                case .isTemporary:
                    "Whether it is a temporary log-in; for supply staff it always is."
                case .why:
                    "For what; needed for a pupil, where only some have accounts."
                }
            }
        }
    }
}

/// Where somebody's access stands (24.7): by what was done with it, by what time does by itself,
/// and by whether the gate is shut on that day.
enum AccessState: String, Words {
    case requested
    case waiting
    case approved
    case refused
    case withdrawn
    case active
    case suspended
    case inactive
    case expired
    case ended
    case frozen
    case deleted
    case revoked

    var label: String {
        switch self {
        case .requested: "Asked for"
        case .waiting: "Approved, and something is missing before it can be given"
        case .approved: "Approved, and not given yet"
        case .refused: "Refused"
        case .withdrawn: "No longer asked for"
        case .active: "Given"
        case .suspended: "Suspended by the school, or shut by the gate"
        case .inactive: "Not active, as a client is told it"
        case .expired: "Over, because its last day has passed"
        case .ended: "Over, because they have left"
        case .frozen: "The account is frozen"
        case .deleted: "The account is deleted"
        case .revoked: "Revoked"
        }
    }

    /// Whether there is, or may soon be, an account that is used. One that is frozen comes back by
    /// being asked for again, as whoever returns is given theirs anew (24.7).
    static let live: [AccessState] = [.requested, .approved, .active, .suspended]
}

/// Which access to list, as it stood on a day.
struct AccessFilter: Filter {
    let school: ID<School>?
    let system: ID<AccessSystem>?
    let person: ID<Person>?
    let states: [AccessState]?
    let kinds: [AccessSystemKind]?
    let isTemporary: Bool?
    let on: Day?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        system = query.id("system_id", of: AccessSystem.self)
        person = query.id("person_id", of: Person.self)
        states = query.words("state", AccessState.self)
        kinds = query.words("system_kind", AccessSystemKind.self)
        isTemporary = query.flag("is_temporary")
        on = query.day("on")
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .query("system_id", "Only to this system.", .id, nil),
        .query("person_id", "Only of this person.", .id, nil),
        .words("state", "Only what stands so.", AccessState.self),
        .words("system_kind", "Only to systems of these kinds.", AccessSystemKind.self),
        .query("is_temporary", "Only temporary log-ins, or none.", .boolean, true),
        .query(
            "on", "As it, and whom it is for, stood at the end of this day; today when not given.",
            .text(format: "date"), "2026-11-20"),
    ]

    var day: SQL { "coalesce(\(on)::date, london_today())" }

    /// What holds of them but where they stand, which is known once the gate was asked, and of what
    /// may stand so.
    var sql: SQL {
        """
        (\(school)::uuid is null or access.school_id = \(school))
        and (\(system)::uuid is null or access.system_id = \(system))
        and (\(person)::uuid is null or access.person_id = \(person))
        and (\(states)::text[] is null
            or access._stands = any(\(states)) or access._shut_as = any(\(states)))
        and (\(kinds)::text[] is null or access.system_kind = any(\(kinds)))
        and (\(isTemporary)::boolean is null or access.is_temporary = \(isTemporary))
        """
    }
}

/// The orders in which it can be listed.
enum AccessOrder: String, SortOrder {
    case newest = "-requested_at"
    case oldest = "requested_at"

    var sql: SQL {
        switch self {
        case .newest: "access.requested_at desc, access.id desc"
        case .oldest: "access.requested_at, access.id"
        }
    }

    var key: SQL { "access.requested_at::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        switch self {
        case .newest:
            "(access.requested_at, access.id) < (\(key)::text::timestamptz, \(id)::uuid)"
        case .oldest:
            "(access.requested_at, access.id) > (\(key)::text::timestamptz, \(id)::uuid)"
        }
    }
}

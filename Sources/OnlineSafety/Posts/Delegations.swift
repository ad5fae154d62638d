import JSON
import OpenAPI
import Postgres

/// The headteacher leaves day-to-day online safety to a coordinator, and remains an overseer
/// (USR-04): what is open to the headteacher stays open.
enum Delegations {
    static let routes: [Route] = [
        .get(
            "/v1/schools/{school}/delegations", "List delegations",
            "To whom day-to-day online safety was delegated, the newest first.",
            for: [Role].settingReaders.admitted(.ownDelegations), by(list)),
        .post(
            "/v1/schools/{school}/delegations", "Delegate online safety",
            "By the headteacher, to whoever is online safety coordinator from that day.",
            for: [.headteacher].admitted(.ownDelegations), by(delegate)),
        .post(
            "/v1/delegations/{delegation}/ending", "End a delegation",
            "By the headteacher; with yesterday, when no day is given.",
            for: [.headteacher].admitted(.ownDelegations), by(end)),
    ]

    static func list(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Listed<Delegation> {
        tx.listed(
            """
            select delegation.* from delegation_shown as delegation
            where delegation.school_id = \(school) and \(reach.sql(.ownDelegations))
            order by delegation.from_on desc, delegation.id
            limit 1000
            """)
    }

    static func delegate(
        at school: ID<School>, _ said: Delegation.Made, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Delegation> {
        guard reach.schools(.ownDelegations).contains(school) else { throw Problem(.notFound) }
        let first: SQL = "coalesce(\(said.fromOn)::date, london_today())"
        let found = try await tx.run(
            """
            select
                coalesce(\(said.untilOn)::date >= \(first), true) as is_in_order,
                \(first) between london_today() - 366 and london_today() + 731 as is_in_time,
                exists (
                    select from post_ever as post
                    where post.school_id = \(school) and post.person_id = \(said.personID)
                        and post.role = 'online_safety_coordinator' and post.from_on <= \(first)
                        and (post.until_on is null or post.until_on >= \(first))) as coordinates
            """)
        let faults = [
            ("coordinates", "person_id", "no_coordinator", "Name the coordinator of that day"),
            ("is_in_order", "until_on", "before_its_start", "It ends after it begins"),
            ("is_in_time", "from_on", "out_of_range", "Within a year back and two years ahead"),
        ].filter { found.bool(0, $0.0) != true }
        guard faults.isEmpty else {
            throw Problem(faults.map { JSONFault(pointer: "/\($0.1)", code: $0.2, detail: $0.3) })
        }
        let id = ID<Delegation>()
        tx.add(
            """
            with made as (
                insert into delegation (
                    school_id, id, person_id, words, from_on, until_on, made_by_name)
                values (
                    \(school), \(id), \(said.personID), \(said.words), \(first),
                    \(said.untilOn)::date, \(reach.caller.name))
                returning school_id, id
            )
            \(Audit.entry(
                "delegated", "delegation", of: "made.school_id", id: "made.id", from: "made"))
            """)
        return Created(tx.stored(one(id, reach)))
    }

    static func end(
        _ id: ID<Delegation>, _ ending: Ending, within reach: Reach, in tx: Transaction
    ) -> Created<Delegation> {
        tx.add(
            """
            with ended as (
                update delegation
                set until_on = greatest(
                        from_on - 1, coalesce(\(ending.untilOn)::date, london_today() - 1)),
                    ended_by_name = \(reach.caller.name), ended_at = rowan_now()
                where id = \(id) and \(reach.sql(.ownDelegations))
                    and (until_on is null or until_on >= london_today())
                returning school_id, id
            )
            \(Audit.entry(
                "delegation_ended", "delegation", of: "ended.school_id", id: "ended.id",
                from: "ended"))
            """)
        return Created(tx.stored(one(id, reach)))
    }

    private static func one(_ id: ID<Delegation>, _ reach: Reach) -> SQL {
        """
        select delegation.* from delegation_shown as delegation
        where delegation.id = \(id) and \(reach.sql(.ownDelegations))
        """
    }
}

/// Day-to-day online safety, left to a coordinator.
struct Delegation: Resource {
    static let isTagged = false

    let id: ID<Delegation>
    let schoolID: ID<School>
    let personID: ID<Person>
    let who: String
    let words: String?
    let fromOn: Day
    let untilOn: Day?
    let madeBy: String
    let madeAt: Instant
    let endedBy: String?
    let endedAt: Instant?

    static let words = "Day-to-day online safety, left to a coordinator."
    static var example: Delegation {
        Delegation(
            id: .example, schoolID: .example, personID: .example, who: "Leo Park",
            words: "All but staff matters", fromOn: .example, untilOn: nil, madeBy: "Maya Lewis",
            madeAt: .example, endedBy: nil, endedAt: nil)
    }

    enum CodingKeys: String, FieldWords {
        case id, who, words
        case schoolID = "school_id"
        case personID = "person_id"
        case fromOn = "from_on"
        case untilOn = "until_on"
        case madeBy = "made_by"
        case madeAt = "made_at"
        case endedBy = "ended_by"
        case endedAt = "ended_at"

        var words: String {
            switch self {
            case .id: "The delegation."
            case .who: "To whom."
            case .words: "What is delegated, in the headteacher's words."
            case .schoolID: "The school."
            case .personID: "The person."
            case .fromOn: "From when."
            case .untilOn: "Until when, if an end is set."
            case .madeBy: "Who delegated it."
            case .madeAt: "When that was said."
            case .endedBy: "Who ended it."
            case .endedAt: "When that was said."
            }
        }
    }

    /// What is said when it is made.
    struct Made: Body {
        let personID: ID<Person>
        let words: Text<1000>?
        let fromOn: Day?
        let untilOn: Day?

        static let words = "To whom online safety is delegated, from when to when."
        static var example: Made {
            Made(
                personID: .example, words: "All but staff matters", fromOn: nil, untilOn: nil)
        }

        enum CodingKeys: String, FieldWords {
            case words
            case personID = "person_id"
            case fromOn = "from_on"
            case untilOn = "until_on"

            var words: String {
                switch self {
                case .words: "What is delegated."
                case .personID: "An online safety coordinator of the school."
                case .fromOn: "The first day; today when not given."
                case .untilOn: "The last day; no end when not given."
                }
            }
        }
    }
}

extension Relation {
    static let ownDelegations = Relation(
        "own school's delegations", "Delegations of the schools in which the post is held (USR-04)."
    ) { _, schools in "delegation.school_id = any(\(schools))" }
}

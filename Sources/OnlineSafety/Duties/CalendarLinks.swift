import JSON
import OpenAPI
import Postgres

/// The addresses at which somebody's calendar program finds what they have to do.
enum CalendarLinks {
    static let routes: [Route] = [
        .get(
            "/v1/me/calendar-links", "List my calendar links",
            "Those that live, the newest first. Never their addresses.",
            for: [Role].everyone.admitted(.self), by(list)),
        .post(
            "/v1/me/calendar-links", "Make a calendar link",
            """
            An address that a calendar program can ask again and again, without a log-in. Whoever \
            has it reads on which days I have something to do, and of what kind: no name, no \
            label, nothing of any record. It is shown this once, and so never kept: this operation \
            takes no `Idempotency-Key`. It ends after 400 days, and with my account; at most five \
            live.
            """,
            for: [Role].everyone.admitted(.self), by(make)
        ).answeringOnce().takingBodies(upTo: 4 << 10),
        .delete(
            "/v1/me/calendar-links/{link}", "End a calendar link",
            "It is dead at once, everywhere.",
            for: [Role].everyone.admitted(.self), by(end)),
    ]

    static func list(for caller: Caller, in tx: Transaction) -> Listed<CalendarLink> {
        tx.listed("select * from calendar_links_of_the_caller()")
    }

    static func make(
        _ wanted: CalendarLink.Wanted, for caller: Caller, in tx: Transaction
    ) async throws -> Shown<CalendarLink.Made> {
        let secret = Secret(of: "calendar")
        let made = try await tx.run(
            """
            select made_id as id, made_until::text as ends_on
            from make_calendar_link(\(wanted.label.string), \(secret.hash))
            """)
        guard let uuid = made.uuid(0, "id"), let ends = made.text(0, "ends_on").flatMap({ Day($0) })
        else { throw Problem(.conflict, "Five live: end one that is not needed.") }
        let id = ID<CalendarLink>(uuid)
        Audit.record(
            "calendar_link_made", "calendar_link", id.uuid, account: caller.account.uuid,
            request: nil, in: tx)
        return Shown(
            .created,
            CalendarLink.Made(
                id: id, label: wanted.label.string,
                path: "/v1/calendar/\(secret.string).ics", endsOn: ends))
    }

    static func end(
        _ id: ID<CalendarLink>, for caller: Caller, in tx: Transaction
    ) async throws -> Done {
        let ended = try await tx.run("select end_calendar_link(\(id)) as is_ended")
        guard ended.bool(0, "is_ended") == true else { throw Problem(.notFound) }
        Audit.record(
            "calendar_link_ended", "calendar_link", id.uuid, account: caller.account.uuid,
            request: nil, in: tx)
        return Done()
    }
}

/// An address at which a calendar program finds what somebody has to do; never the address itself.
struct CalendarLink: Resource {
    static let isTagged = false

    let id: ID<CalendarLink>
    let label: String
    let madeAt: Instant
    let endsOn: Day

    static let words = "An address for a calendar program; what is known of it afterwards."
    static var example: CalendarLink {
        CalendarLink(id: .example, label: "My telephone", madeAt: .example, endsOn: .example)
    }

    enum CodingKeys: String, FieldWords {
        case id, label
        case madeAt = "made_at"
        case endsOn = "ends_on"

        var words: String {
            switch self {
            case .id: "The link; not its address."
            case .label: "Where it is used, in its owner's words."
            case .madeAt: "When it was made."
            case .endsOn: "The last day on which it answers."
            }
        }
    }

    /// One to be made.
    struct Wanted: Body {
        let label: Text<100>

        static let words = "Where the new link will be used."
        static var example: Wanted { Wanted(label: "My telephone") }

        enum CodingKeys: String, FieldWords {
            case label

            var words: String { "Where it will be used: `My telephone`." }
        }
    }

    /// One that was just made, with its address, which is shown this once.
    struct Made: Resource {
        static let isTagged = false
        static let schemaName = "CalendarLinkMade"

        let id: ID<CalendarLink>
        let label: String
        let path: String
        let endsOn: Day

        static let words = "A calendar link that was just made. Its address is shown this once."
        static var example: Made {
            Made(
                id: .example, label: "My telephone",
                path: "/v1/calendar/rwn_calendar_5f0c2a9be1d47c38_q9Zk….ics", endsOn: .example)
        }

        enum CodingKeys: String, FieldWords {
            case id, label, path
            case endsOn = "ends_on"

            var words: String {
                switch self {
                case .path: "Where the calendar is, on the host of this API."
                default: CalendarLink.CodingKeys(rawValue: rawValue)?.words ?? ""
                }
            }
        }
    }
}

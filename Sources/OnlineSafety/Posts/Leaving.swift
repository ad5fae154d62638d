import JSON
import OpenAPI
import Postgres

/// Leaving a school: from the day after, posts and sessions have ended; the person and what they
/// did stay, and the exit reminder is on record (USR-11).
enum Leaving {
    static let routes: [Route] = [
        .get(
            "/v1/schools/{school}/leavers", "List leavers",
            "Who left or will leave, and when they were reminded of what binds them; the latest "
                + "thousand.",
            for: readers.admitted(.ownLeavers), by(list)),
        .post(
            "/v1/people/{person}/leaving", "Record that somebody leaves",
            """
            By the headteacher; by the chair, of headteachers and governors. All their posts in \
            this school end with their last day, and their sessions with it; what they are \
            invited to here is revoked at once. The last DSL contact and the last who takes \
            reports need a successor first: 409 `last_dsl`, `last_report_taker`. `clients` are \
            programs whose secret they know: each says `wants_rotation` until it has another.
            """,
            for: Posts.appointers.admitted(.ownLeavers), by(leave)
        ).afterStepUp(),
        .post(
            "/v1/people/{person}/exit-reminder", "Record an exit reminder",
            "That a leaver was reminded of the confidentiality that still binds them.",
            for: [.headteacher, .schoolAdministrator].admitted(.ownLeavers), by(remind)),
    ]

    private static let readers: [Role] = [
        .headteacher, .chairOfGovernors, .dsl, .deputyDSL, .schoolAdministrator, .dpo,
    ]

    static func list(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Listed<Leaver> {
        tx.listed(
            """
            \(shown)
            where leaver.school_id = \(school) and \(reach.sql(.ownLeavers))
            order by leaver.left_on desc, leaver.id
            limit 1000
            """)
    }

    static func leave(
        _ person: ID<Person>, _ said: Leaver.Said, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Leaver> {
        let school = try await school(of: person, reach, in: tx)
        try await change(
            of: person, on: said.leftOn, remindedOn: said.remindedOn, at: school, in: tx
        ).make(at: school, reach.caller, in: tx)
        return Created(tx.stored(latest(of: person, reach)))
    }

    static func remind(
        _ person: ID<Person>, _ reminder: Leaver.Reminder, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<Leaver> {
        let found = try await tx.run(
            """
            select latest.school_id, latest.id,
                \(reminder.remindedOn)::date > london_today() as is_ahead
            from (\(latest(of: person, reach))) as latest
            """)
        guard let school = found.uuid(0, "school_id"), let id = found.uuid(0, "id") else {
            throw Problem(.notFound)
        }
        guard found.bool(0, "is_ahead") != true else { throw Problem([.remindedAhead]) }
        tx.add(
            """
            with reminded as (
                update leaving
                set reminded_on = coalesce(\(reminder.remindedOn)::date, london_today()),
                    reminded_by_name = \(reach.caller.name)
                where school_id = \(school) and id = \(id)
                returning school_id, id
            )
            \(Audit.entry(
                "exit_reminder_given", "leaving", of: "reminded.school_id", id: "reminded.id",
                from: "reminded"))
            """)
        return Created(tx.stored(latest(of: person, reach)))
    }

    /// The change that lets somebody leave; yesterday, when no day is given.
    static func change(
        of person: ID<Person>, on day: Day?, remindedOn: Day?, at school: ID<School>,
        in tx: Transaction
    ) async throws -> SchoolChange {
        tx.add("select hold_school(\(school))")
        let found = try await tx.run(
            """
            select coalesce(\(day)::date, london_today() - 1)::text as left_on,
                coalesce(\(day)::date between london_today() - 366 and london_today() + 731, true)
                    as is_in_time,
                \(remindedOn)::date > london_today() as is_ahead
            from person_listed as person
            where person.school_id = \(school) and person.id = \(person)
            """)
        guard let last = found.text(0, "left_on") else { throw Problem(.notFound) }
        var faults: [JSONFault] = []
        if found.bool(0, "is_in_time") != true {
            faults.append(
                JSONFault(
                    pointer: "/left_on", code: "out_of_range",
                    detail: "Within a year back and two years ahead"))
        }
        if found.bool(0, "is_ahead") == true { faults.append(.remindedAhead) }
        guard faults.isEmpty else { throw Problem(faults) }
        var object = JSONObject([
            .init("kind", "leaving"), .init("id", .string(ID<Leaver>().string)),
            .init("person_id", .string(person.string)), .init("left_on", .string(last)),
        ])
        object["reminded_on"] = remindedOn.map { .string($0.string) }
        return SchoolChange(json: JSON.string(of: JSONValue.object(object)))
    }

    /// The school on whose roster somebody is, among those of the caller.
    private static func school(
        of person: ID<Person>, _ reach: Reach, in tx: Transaction
    ) async throws -> ID<School> {
        let found = try await tx.run(
            """
            select leaver.school_id from person_listed as leaver
            where leaver.id = \(person) and \(reach.sql(.ownLeavers))
            """)
        guard let school = found.uuid(0, "school_id") else { throw Problem(.notFound) }
        return ID(school)
    }

    private static func latest(of person: ID<Person>, _ reach: Reach) -> SQL {
        """
        \(shown)
        where leaver.person_id = \(person) and \(reach.sql(.ownLeavers))
        order by leaver.recorded_at desc, leaver.id desc
        limit 1
        """
    }

    private static let shown: SQL = """
        select leaver.*, person.given_name || ' ' || person.family_name as who,
            clients_left_behind(leaver.school_id, person._account_id) as clients
        from leaving_shown as leaver
        join person_listed as person
            on person.school_id = leaver.school_id and person.id = leaver.person_id
        """
}

extension JSONFault {
    fileprivate static let remindedAhead = JSONFault(
        pointer: "/reminded_on", code: "in_the_future",
        detail: "Nobody has been reminded yet: give today or an earlier day")
}

extension Relation {
    static let ownLeavers = Relation(
        "own school's leavers", "Who leaves a school in which the post is held (USR-11)."
    ) { _, schools in "leaver.school_id = any(\(schools))" }
}

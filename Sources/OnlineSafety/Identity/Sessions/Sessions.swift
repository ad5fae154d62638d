import Postgres

/// The sessions that somebody has open, and their ends.
enum Sessions {
    static let routes: [Route] = [
        .get(
            "/v1/me/sessions", "List my sessions",
            "Where I am logged in: the sessions that live, the newest first, at most a hundred.",
            for: [Role].everyone.admitted(.self), by(list)),
        .delete(
            "/v1/me/sessions/{session}", "End one of my sessions",
            "It is dead at once, everywhere.",
            for: [Role].everyone.admitted(.self), by(end)),
        .delete(
            "/v1/me/sessions", "End all my sessions",
            "This one too: all are dead at once, everywhere.",
            for: [Role].everyone.admitted(.self), by(endAll)),
        .delete(
            "/v1/people/{person}/sessions", "End the sessions of a person",
            """
            By the headteacher or an administrator: wherever this person is logged in, it is over \
            at once, also in other schools. They can log in again.
            """,
            for: [Role.headteacher, .schoolAdministrator].admitted(.ownRosterAccounts),
            by(endOfPerson)),
    ]

    static func list(for caller: Caller, in tx: Transaction) -> Listed<OpenSession> {
        tx.listed("select * from sessions_of_the_caller()")
    }

    static func end(
        _ id: ID<Session>, for caller: Caller, in tx: Transaction
    ) async throws -> Done {
        let ended = try await tx.run("select * from end_sessions_of_the_caller(\(id)) as id")
        guard !ended.isEmpty else { throw Problem(.notFound) }
        Audit.record(
            "session_ended", "session", id.uuid, account: caller.account.uuid, request: nil, in: tx)
        return Done()
    }

    static func endAll(for caller: Caller, in tx: Transaction) -> Done {
        Audit.record(
            "sessions_ended", "account", caller.account.uuid, account: caller.account.uuid,
            request: nil, in: tx)
        tx.add("select end_sessions_of_the_caller()")
        return Done()
    }

    static func endOfPerson(
        _ id: ID<Person>, within reach: Reach, in tx: Transaction
    ) async throws -> Done {
        let found = try await tx.run(
            """
            select school_id from person
            where id = \(id) and \(reach.sql(.ownRosterAccounts))
            """)
        guard let school = found.uuid(0, "school_id") else { throw Problem(.notFound) }
        tx.add("select end_sessions_of_a_person(\(school), \(id))")
        tx.add(
            Audit.entry(
                "sessions_ended", "person", of: "\(school)", id: "\(id)",
                from: "(values (1)) as once"))
        return Done()
    }
}

extension Relation {
    static let ownRosterAccounts = Relation(
        "accounts of the own roster",
        "Accounts of persons on the roster of the caller's school (SEC-07, section 25)."
    ) { _, schools in "person.school_id = any(\(schools))" }
}

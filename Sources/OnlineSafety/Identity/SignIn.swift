import Crypto
import HTTP
import Postgres

/// Logging in and out, and who the caller is.
enum SignIn {
    static let area = Area(
        name: "Sessions",
        words: "Logging in and out, and who the caller is.",
        routes: [
            .post(
                "/v1/sessions", "Log in",
                """
                Opens a session with an e-mail address and a password. Send its token with every \
                request: `Authorization: Bearer …`. A wrong password and an unknown address are \
                answered alike. `ends_at` says when the session ends by itself.
                """,
                for: nil, by(logIn)
            ).takingBodies(upTo: 16 << 10),
            .delete(
                "/v1/sessions/current", "Log out",
                "Ends the session whose token is sent; the token is dead at once, everywhere.",
                for: [Role].everyone.admitted(.self), by(logOut)),
            .get(
                "/v1/me", "Read about me",
                "Who I am, which posts I hold, what I may do and what waits for me.",
                for: [Role].everyone.admitted(.self), by(me)),
        ],
        vocabularies: [Vocabulary("roles", Role.self)],
        deeds: ["logged_in", "log_in_failed", "logged_out"],
        settings: Setting.ofSignIn)

    static func logIn(
        _ attempt: LogIn, with service: LogInParts, in tx: Transaction
    ) async throws -> Shown<SessionOpened> {
        // On a connection that is given back at once: none is held while the password is checked.
        let found = try await tx.apart("select * from credentials(\(attempt.email.string))")
        let isRight = try await service.passwords.verify(
            attempt.password.string, against: found.text(0, "password_hash"))
        guard isRight, let account = found.uuid(0, "account_id") else {
            try await refuse(found, service.requestID, in: tx)
            throw Problem(.credentialsInvalid)
        }
        let (id, token) = (ID<Session>(), Secret(of: "session"))
        Audit.record(
            "logged_in", "session", id.uuid, account: account, request: service.requestID, in: tx)
        let opened = try await tx.run(
            """
            select instant(open_session(
                \(token.hash), \(id), \(account), \(service.length.interval)::interval)) as ends_at
            """)
        guard let endsAt = opened.text(0, "ends_at").flatMap(Instant.init) else {
            throw Problem(.failed)
        }
        // The token itself is never sent to the database.
        return Shown(
            .created,
            SessionOpened(
                id: id, token: token.string, endsAt: endsAt, accountID: ID(account),
                name: found.text(0, "name") ?? ""))
    }

    /// A failed log-in is on record; whose it was, only where there is an account.
    private static func refuse(
        _ found: Answer, _ request: String, in tx: Transaction
    ) async throws {
        Audit.record(
            "log_in_failed", "account", found.uuid(0, "account_id"), account: nil, request: request,
            in: tx)
        try await tx.commit()
    }

    static func logOut(_ token: PresentedToken, for caller: Caller, in tx: Transaction) -> Done {
        Audit.record(
            "logged_out", "session", caller.session.uuid, account: caller.account.uuid,
            request: nil, in: tx)
        tx.add("select end_session(\(token.hash))")
        return Done()
    }

    static func me(
        for caller: Caller, can: Abilities, in tx: Transaction
    ) async throws -> Stored<Me> {
        try await Climbing.upToDate(in: caller.schools, tx) { tx.stored(me(caller, can)) }
    }

    private static func me(_ caller: Caller, _ can: Abilities) -> SQL {
        """
        select \(caller.account) as id, \(caller.name) as name,
            (
                select coalesce(jsonb_agg(jsonb_build_object(
                    'organisation_id', held.organisation, 'organisation', coalesce(
                        (select school.name from school where school.id = held.organisation),
                        (select trust.name from trust where trust.id = held.organisation)),
                    'role', held.role)), '[]')
                from (
                    select key::uuid as organisation, jsonb_array_elements_text(value) as role
                    from jsonb_each(\(caller.seatsText)::jsonb)
                ) as held
            ) as posts,
            \(can.operations)::text[] as may,
            (
                select jsonb_build_object(
                    'notices', count(*),
                    'urgent_notices', count(*) filter (where urgency = 'urgent'))
                from notice_shown
                where _account_id = \(caller.account) and acknowledged_at is null
                    and school_id = any(\(caller.schools))
            ) as waiting
        """
    }
}

extension Relation {
    /// What is the caller's own.
    static let `self` = Relation(
        "oneself", "Only what belongs to the account that asks."
    ) { caller, _ in "account_id = \(caller.account)" }
}

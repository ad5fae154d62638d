import Crypto
import HTTP
import Postgres

/// Logging in and out, and who the caller is.
enum SignIn {
    static let area = Area(
        name: "Sessions",
        words: "Logging in and out, and who the caller is.",
        routes: routes + Sessions.routes + Passwords.routes + SecondFactors.routes
            + Recoveries.routes + MonitoringNotices.routes + SuspectedAttacks.routes,
        vocabularies: [
            Vocabulary("roles", Role.self), Vocabulary("outstanding", Outstanding.self),
        ],
        deeds: [
            "logged_in", "log_in_failed", "logged_out", "session_ended", "sessions_ended",
            "session_made_room",
            "stepped_up", "step_up_failed", "attack_suspected", "password_changed", "code_given",
            "code_failed", "recovery_code_used", "second_factor_begun", "second_factor_set_up",
            "second_factor_removed", "recovery_codes_made", "monitoring_notice_published",
            "monitoring_notice_acknowledged", "recovery_asked", "recovery_caused",
            "password_recovered",
            "second_factor_reset",
        ],
        settings: Setting.ofSignIn,
        duties: [
            DutyKind(
                kind: "password_to_change", words: "A password is to be changed", link: "/v1/me")
        ],
        holds: [.signIn])

    private static let routes: [Route] = [
        .post(
            "/v1/sessions", "Log in",
            """
            Opens a session with an e-mail address and a password. Send its token with every \
            request: `Authorization: Bearer …`. A wrong password and an unknown address are \
            answered alike, and slowed alike: 429 with `Retry-After`, in rising steps. Keep \
            `device_token` on the device and send it with the next log-in, so that nobody else's \
            tries slow this one. `outstanding` says what must be done first.
            """,
            for: nil, by(logIn)
        ).takingBodies(upTo: 16 << 10),
        .delete(
            "/v1/sessions/current", "Log out",
            "Ends the session whose token is sent; the token is dead at once, everywhere.",
            for: [Role].everyone.admitted(.self), by(logOut)
        ).always(),
        .post(
            "/v1/session/step-up", "Step up",
            """
            Shows afresh that it is I who sits here: with my password, or where a second factor is \
            set up with its code or a recovery code. For a short time, which the school sets, this \
            session then opens what asks for it (403 `step_up_required`). Logging in is not \
            enough: what is left open unattended should not open that. The fifth wrong one ends \
            the session.
            """,
            for: [Role].everyone.admitted(.self), by(StepUp.stepUp)
        ).answeringOnce().evenWhile(.secondFactor).takingBodies(upTo: 4 << 10),
        .get(
            "/v1/me", "Read about me",
            """
            Who I am, which posts I hold, what I may do and what waits for me. Until the code of \
            my second factor was given: my name and what is outstanding.
            """,
            for: [Role].everyone.admitted(.self), by(me)
        ).always(),
    ]

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
        select \(caller.account) as id, \(caller.name) as name, posts_of_the_caller() as posts,
            \(can.operations)::text[] as may,
            (
                select jsonb_build_object(
                    'notices', count(*),
                    'urgent_notices', count(*) filter (where urgency = 'urgent'))
                from notice_shown
                where _account_id = \(caller.account) and acknowledged_at is null
                    and school_id = any(\(caller.schools))
                having not caller_owes_a_code()
            ) as waiting,
            case when not caller_owes_a_code() then \(ToDo.all(of: caller)) end as to_do,
            session_of_the_caller() as session, sign_in.password, sign_in.second_factor
        from sign_in_of_the_caller() as sign_in
        """
    }
}

extension Relation {
    /// What is the caller's own.
    static let `self` = Relation(
        "oneself", "Only what belongs to the account that asks."
    ) { caller, _ in "account_id = \(caller.account)" }
}

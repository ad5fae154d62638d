import HTTP
import Postgres

extension SignIn {
    /// Everybody is counted before anything is known of them, and whoever is not known is answered
    /// like whoever is: the same statements, the same hash, the same bytes.
    static func logIn(
        _ attempt: LogIn, with parts: LogInParts, in tx: Transaction
    ) async throws -> Shown<SessionOpened> {
        let device = attempt.deviceToken.map { BearerToken($0.string).hash }
        let guesses = Guesses(
            name: attempt.email.string, from: parts.network, device: device, parts.service)
        let found = try await guesses.count(
            """
            select * from try_log_in(
                \(attempt.email), \(parts.network), \(device), \(guesses.counts.kinds),
                \(guesses.counts.subjects))
            """, in: tx)
        let isRight = try await check(attempt, found, guesses, parts, in: tx)
        guard isRight, let account = found.uuid(0, "account_id") else {
            try await refuse(found, guesses, parts, in: tx)
            throw Problem(.credentialsInvalid)
        }
        let isDevice = found.text(0, "known_by") == "device"
        let token = isDevice ? attempt.deviceToken?.string : nil
        let opened = try await open(
            for: ID(account), device: token ?? Secret(of: "device").string, parts, in: tx)
        // With a code to come it is not yet known who this is.
        if opened.outstanding.first != .code {
            guesses.forgive(isDevice ? ["device"] : ["name_here"], in: tx)
        }
        return Shown(.created, opened)
    }

    /// On no connection: none is held while the password is checked.
    private static func check(
        _ attempt: LogIn, _ found: Answer, _ guesses: Guesses, _ parts: LogInParts,
        in tx: Transaction
    ) async throws -> Bool {
        do throws(Problem) {
            return try await parts.service.passwords.verify(
                attempt.password.string, against: found.text(0, "password_hash"),
                isKnown: found.text(0, "known_by") != "nothing")
        } catch {
            try await guesses.takeBack(in: tx)
            throw error
        }
    }

    private static func open(
        for account: ID<Account>, device: String, _ parts: LogInParts, in tx: Transaction
    ) async throws -> SessionOpened {
        let (id, token) = (ID<Session>(), Secret(of: "session"))
        Audit.record(
            "logged_in", "session", id.uuid, account: account.uuid, request: parts.requestID, in: tx
        )
        // The tokens themselves are never sent to the database.
        let opened = try await tx.run(
            """
            select instant(ends_at) as ends_at, instant(idle_ends_at) as idle_ends_at, outstanding,
                name
            from open_session(
                \(token.hash), \(id), \(account),
                \(parts.service.sessionLength.interval)::text::interval, \(parts.network),
                \(BearerToken(device).hash))
            """)
        guard let endsAt = opened.text(0, "ends_at").flatMap(Instant.init),
            let idleEndsAt = opened.text(0, "idle_ends_at").flatMap(Instant.init)
        else { throw Problem(.failed) }
        return SessionOpened(
            id: id, token: token.string, endsAt: endsAt, idleEndsAt: idleEndsAt,
            outstanding: (opened.texts(0, "outstanding") ?? []).compactMap(Outstanding.init),
            deviceToken: device, accountID: account, name: opened.text(0, "name") ?? "")
    }

    /// A failed log-in is on record; whose it was, only where there is an account. Many of them are
    /// told to those who look after the school's machines.
    private static func refuse(
        _ found: Answer, _ guesses: Guesses, _ parts: LogInParts, in tx: Transaction
    ) async throws {
        Audit.record(
            "log_in_failed", "account", found.uuid(0, "account_id"), account: nil,
            request: parts.requestID, in: tx)
        tx.add(
            """
            select log_in_has_failed(
                \(found.uuid(0, "account_id")), \(guesses.counts.subjects[1]))
            """)
        try await tx.commit()
    }
}

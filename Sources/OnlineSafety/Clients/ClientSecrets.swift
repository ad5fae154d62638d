import JSON
import Postgres

/// The secrets of a client, one of which takes over from the other, and its reporting tokens.
enum ClientSecrets {
    static let routes: [Route] = [
        .post(
            "/v1/clients/{client}/secrets", "Make a client secret",
            """
            A second one, which takes over: the first ends when it is said to. It is shown this \
            once. Two are live at most.
            """,
            for: Clients.keepers.admitted(.ownClients), by(rotate)
        ).answeringOnce().afterStepUp().takingBodies(upTo: 1 << 10),
        .post(
            "/v1/clients/{client}/reporting-tokens", "Make a reporting token",
            """
            For a spreadsheet, which can neither renew a token nor keep secrets apart: it reads \
            incident figures and nothing else, by Bearer, or by Basic with the client's id as the \
            name. It is shown this once. At most ten are live.
            """,
            for: Clients.keepers.admitted(.ownClients), by(makeToken)
        ).answeringOnce().afterStepUp().takingBodies(upTo: 4 << 10),
        .post(
            "/v1/clients/{client}/reporting-tokens/{token}/revocation", "Revoke a reporting token",
            "It is dead at once, everywhere; revoking it again changes nothing.",
            for: Clients.keepers.admitted(.ownClients), by(revokeToken)
        ).takingBodies(upTo: 1 << 10),
    ]

    private static let mostTokens = 10

    static func rotate(
        of id: ID<Client>, _ rotation: Client.Rotation, within reach: Reach, in tx: Transaction
    ) async throws -> Shown<Client.SecretMade> {
        let found = try await live(
            id, reach, in: tx,
            """
            \(rotation.oldEndsAt)::timestamptz <= rowan_now() + interval '30 days' as is_in_time,
            (
                select count(*) from client_secret as secret
                where secret.organisation_id = client.organisation_id
                    and secret.client_id = client.id
                    and (secret.ends_at is null or secret.ends_at > rowan_now())
            ) as live
            """)
        guard found.bool(0, "is_in_time") == true else {
            throw Problem([
                JSONFault(
                    pointer: "/old_ends_at", code: "out_of_range",
                    detail: "Give a moment within 30 days")
            ])
        }
        guard (found.int(0, "live") ?? 0) < 2 else {
            throw Problem(.conflict, "Two secrets are live: wait until the older one has ended.")
        }
        let (secretID, secret) = (ID<Client.Secret>(), Secret(of: "client"))
        tx.add(
            """
            update client_secret
            set ends_at = greatest(made_at, least(\(rotation.oldEndsAt)::timestamptz, ends_at))
            where client_id = \(id) and (ends_at is null or ends_at > rowan_now())
            """)
        tx.add(
            """
            with made as (
                insert into client_secret (
                    organisation_id, client_id, id, secret_hash, made_by_name)
                select organisation_id, id, \(secretID), \(secret.hash), \(reach.caller.name)
                from client
                where id = \(id)
                returning organisation_id, client_id
            )
            \(Audit.entry(
                "client_secret_made", "client", of: "made.organisation_id", id: "made.client_id",
                from: "made"))
            """)
        return Shown(
            .created, Client.SecretMade(id: id, secretID: secretID, clientSecret: secret.string))
    }

    static func makeToken(
        of id: ID<Client>, _ wanted: Client.ReportingWanted, within reach: Reach,
        in tx: Transaction
    ) async throws -> Shown<Client.ReportingMade> {
        let found = try await live(
            id, reach, in: tx,
            """
            \(Clients.isInTime(wanted.endsOn)) as is_in_time,
            'incident-figures.read' = any (client.scopes) as has_figures,
            (
                select count(*) from client_token as token
                where token.organisation_id = client.organisation_id
                    and token.client_id = client.id and token.kind = 'reporting'
                    and token.revoked_at is null and token.ends_at > rowan_now()
            ) as live
            """)
        guard found.bool(0, "is_in_time") == true else { throw Problem([.notWithinAYear]) }
        guard found.bool(0, "has_figures") == true else {
            throw Problem(.conflict, "The client has not the scope incident-figures.read.")
        }
        guard (found.int(0, "live") ?? 0) < mostTokens else {
            throw Problem(.conflict, "\(mostTokens) tokens are live: revoke one.")
        }
        let (tokenID, secret) = (ID<Client.ReportingToken>(), Secret(of: "report"))
        tx.add(
            """
            with made as (
                insert into client_token (
                    organisation_id, client_id, id, kind, token_hash, label, scopes,
                    made_by_name, ends_at)
                select organisation_id, id, \(tokenID), 'reporting', \(secret.hash),
                    \(wanted.label), '{incident-figures.read}', \(reach.caller.name),
                    least(ends_at, \(Clients.end(of: wanted.endsOn)))
                from client where id = \(id)
                returning organisation_id, client_id
            )
            \(Audit.entry(
                "reporting_token_made", "client", of: "made.organisation_id",
                id: "made.client_id", from: "made"))
            """)
        return Shown(
            .created, Client.ReportingMade(id: tokenID, clientID: id, token: secret.string))
    }

    static func revokeToken(
        of id: ID<Client>, _ token: ID<Client.ReportingToken>, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<Client> {
        let known = try await tx.run(
            """
            select token.revoked_at from client_token as token
            join (\(Clients.one(id, reach))) as client on client.id = token.client_id
            where token.id = \(token) and token.kind = 'reporting'
            """)
        guard known.count == 1 else { throw Problem(.notFound) }
        tx.add(
            """
            with revoked as (
                update client_token set revoked_at = rowan_now()
                where client_id = \(id) and id = \(token) and revoked_at is null
                returning organisation_id, client_id
            )
            \(Audit.entry(
                "reporting_token_revoked", "client", of: "revoked.organisation_id",
                id: "revoked.client_id", from: "revoked"))
            """)
        return Created(tx.stored(Clients.one(id, reach)))
    }

    /// A client that is live, taken in hand until the end: whoever counts what it has, and adds to
    /// it, does so one after the other.
    private static func live(
        _ id: ID<Client>, _ reach: Reach, in tx: Transaction, _ questions: SQL
    ) async throws -> Answer {
        let organisations = reach.schools(.ownClients)
        tx.add(
            """
            select from client
            where id = \(id) and organisation_id = any(\(organisations))
            for no key update
            """)
        let found = try await tx.run(
            """
            select \(Clients.isLive) as is_live, \(questions) from client
            where client.id = \(id) and client.organisation_id = any(\(organisations))
            """)
        guard found.count == 1 else { throw Problem(.notFound) }
        guard found.bool(0, "is_live") == true else {
            throw Problem(.conflict, "This client has ended.")
        }
        return found
    }
}

import FoundationEssentials
import JSON
import Postgres

/// Machines that ask: made by those who answer for a school or a trust, each for a purpose and a
/// time (SEC-13, section 25 of the matrix).
enum Clients {
    static let area = Area(
        name: "Clients",
        words: "Machines that ask, such as an MIS or a dashboard, and their tokens.",
        routes: [
            .get(
                "/v1/clients", "List clients",
                "Of the schools and trusts of my posts: the live ones, then the latest hundred "
                    + "others. Never a secret.",
                for: readers.admitted(.ownClients), by(list)),
            .get(
                "/v1/clients/{client}", "Read a client", "One of them.",
                for: readers.admitted(.ownClients), by(read)),
            .post(
                "/v1/clients", "Make a client",
                """
                By the headteacher or the administrator of a school, or by the administrator of a \
                trust for its schools. Its secret is shown this once. What it may do is never \
                widened: make another. At most fifty are live.
                """,
                for: keepers.admitted(.ownClients), by(make)
            ).answeringOnce().afterStepUp().takingBodies(upTo: 16 << 10),
            .post(
                "/v1/clients/{client}/revocation", "Revoke a client",
                """
                It is dead at once, everywhere, with its secrets and tokens. Revoking it again \
                changes nothing and answers the same.
                """,
                for: keepers.admitted(.ownClients), by(revoke)
            ).takingBodies(upTo: 1 << 10),
        ] + ClientSecrets.routes + [KeepingSecrets.route, ClientTokens.route],
        vocabularies: [Vocabulary("scopes", Scope.self)],
        deeds: [
            "client_made", "client_revoked", "client_kept", "client_secret_made",
            "reporting_token_made",
            "reporting_token_revoked", "client_token_issued", "client_refused",
        ],
        holds: [.clients])

    static let keepers: [Role] = [.headteacher, .schoolAdministrator, .trustAdministrator]
    private static let readers: [Role] =
        [Role].settingReaders + [.schoolAdministrator, .trustAdministrator]
    private static let mostLive = 50

    static func list(within reach: Reach, in tx: Transaction) -> Listed<Client> {
        tx.listed(
            """
            (
                select client.* from client_shown as client
                where \(reach.sql(.ownClients)) and \(isLive)
                order by client.name, client.id
                limit 1000
            )
            union all (
                select client.* from client_shown as client
                where \(reach.sql(.ownClients)) and not (\(isLive))
                order by coalesce(client.revoked_at, client.ends_at) desc, client.id
                limit 100
            )
            """)
    }

    static func read(
        _ id: ID<Client>, within reach: Reach, in tx: Transaction
    ) -> Stored<Client> { tx.stored(one(id, reach)) }

    static func make(
        _ wanted: Client.Wanted, within reach: Reach, in tx: Transaction
    ) async throws -> Shown<Client.SecretMade> {
        let organisation = ID<School>(wanted.schoolID?.uuid ?? wanted.trustID?.uuid ?? UUID())
        guard reach.schools(.ownClients).contains(organisation) else {
            let part = wanted.trustID == nil ? "school" : "trust"
            throw Problem([
                JSONFault(
                    pointer: "/\(part)_id", code: "unknown_\(part)",
                    detail: "Give one in which you hold such a post")
            ])
        }
        try await check(wanted, organisation, in: tx)
        let (id, secretID, secret) = (ID<Client>(), ID<Client.Secret>(), Secret(of: "client"))
        tx.add(
            """
            with made as (
                insert into client (
                    organisation_id, id, is_of_trust, name, purpose, scopes, school_ids,
                    made_by_name, ends_at)
                values (
                    \(organisation), \(id), \(wanted.trustID != nil), \(wanted.name),
                    \(wanted.purpose), \(wanted.scopes.elements), \(wanted.schoolIDs?.elements),
                    \(reach.caller.name), \(end(of: wanted.endsOn)))
                returning organisation_id, id
            )
            \(Audit.entry(
                "client_made", "client", of: "made.organisation_id", id: "made.id", from: "made"))
            """)
        tx.add(
            """
            insert into client_secret (organisation_id, client_id, id, secret_hash, made_by_name)
            values (\(organisation), \(id), \(secretID), \(secret.hash), \(reach.caller.name))
            """)
        return Shown(
            .created,
            Client.SecretMade(id: id, secretID: secretID, clientSecret: secret.string))
    }

    static func revoke(
        _ id: ID<Client>, within reach: Reach, in tx: Transaction
    ) -> Created<Client> {
        tx.add(
            """
            with revoked as (
                update client set revoked_at = rowan_now(), revoked_by = \(reach.caller.account)
                where id = \(id) and revoked_at is null
                    and organisation_id = any(\(reach.schools(.ownClients)))
                returning organisation_id, id
            )
            \(Audit.entry(
                "client_revoked", "client", of: "revoked.organisation_id", id: "revoked.id",
                from: "revoked"))
            """)
        return Created(tx.stored(one(id, reach)))
    }

    static func one(_ id: ID<Client>, _ reach: Reach) -> SQL {
        """
        select client.* from client_shown as client
        where client.id = \(id) and \(reach.sql(.ownClients))
        """
    }

    /// The first moment after a day in England.
    static func end(of day: Day) -> SQL {
        "((\(day)::date + 1)::timestamp at time zone 'Europe/London')"
    }

    static let isLive: SQL = "client.revoked_at is null and client.ends_at > rowan_now()"

    /// What the database knows: the day, the schools of the trust, how many there are.
    private static func check(
        _ wanted: Client.Wanted, _ organisation: ID<School>, in tx: Transaction
    ) async throws {
        let schools = wanted.schoolIDs?.elements ?? []
        // First held, then counted: as many as ask at once are let through one by one.
        tx.add("select hold_organisation(\(organisation))")
        let known = try await tx.run(
            """
            select \(isInTime(wanted.endsOn)) as is_in_time,
                (
                    select count(distinct school_id) from membership
                    where trust_id = \(organisation) and school_id = any(\(schools))
                        and holds_today(from_on, until_on)
                ) as schools,
                (
                    select count(*) from client
                    where client.organisation_id = \(organisation) and \(isLive)
                ) as clients
            """)
        var faults: [JSONFault] = []
        if known.bool(0, "is_in_time") != true { faults.append(.notWithinAYear) }
        if known.int(0, "schools") != Set(schools).count {
            faults.append(
                JSONFault(
                    pointer: "/school_ids", code: "unknown_school",
                    detail: "Give schools that belong to the trust today"))
        }
        guard faults.isEmpty else { throw Problem(faults) }
        guard (known.int(0, "clients") ?? 0) < mostLive else {
            throw Problem(.conflict, "\(mostLive) clients are live: revoke one that is not needed.")
        }
    }

    static func isInTime(_ day: Day) -> SQL {
        "(\(day)::date between london_today() and london_today() + interval '1 year')"
    }
}

extension JSONFault {
    static var notWithinAYear: JSONFault {
        JSONFault(
            pointer: "/ends_on", code: "out_of_range", detail: "Give today or a day within a year")
    }
}

extension Relation {
    static let ownClients = Relation(
        "own clients", "Clients of the schools and the trust in which the post is held (SEC-13)."
    ) { _, organisations in "client._organisation_id = any(\(organisations))" }
}

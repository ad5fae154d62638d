import Postgres

/// The keys of a school: several may be live, so that one takes over from another; each is revoked
/// by itself, at once.
enum IntakeKeys {
    static let routes: [Route] = [
        .get(
            "/v1/schools/{school}/intake-keys", "List intake keys",
            "The live ones, and of those revoked the latest hundred. Never their secrets.",
            for: [Role].settingReaders.admitted(.ownIntakeKeys), by(list)),
        .post(
            "/v1/schools/{school}/intake-keys", "Make an intake key",
            """
            By the headteacher. Its secret is shown this once, and so never kept: this operation \
            takes no `Idempotency-Key`. At most twenty are live.
            """,
            for: [.headteacher].admitted(.ownIntakeKeys), by(make)
        ).answeringOnce().afterStepUp().takingBodies(upTo: 4 << 10),
        .post(
            "/v1/schools/{school}/intake-keys/{key}/revocation", "Revoke an intake key",
            """
            By the headteacher. It is dead at once, everywhere; the others live on. Revoking it \
            again changes nothing and answers the same.
            """,
            for: [.headteacher].admitted(.ownIntakeKeys), by(revoke)
        ).takingBodies(upTo: 1 << 10),
    ]

    private static let mostLive = 20

    static func list(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Listed<IntakeKey> {
        tx.listed(
            """
            (
                select intake_key.* from intake_key_shown as intake_key
                where intake_key.school_id = \(school) and \(reach.sql(.ownIntakeKeys))
                    and intake_key.revoked_at is null
                order by intake_key.made_at desc, intake_key.id
            )
            union all (
                select intake_key.* from intake_key_shown as intake_key
                where intake_key.school_id = \(school) and \(reach.sql(.ownIntakeKeys))
                    and intake_key.revoked_at is not null
                order by intake_key.revoked_at desc, intake_key.id
                limit 100
            )
            """)
    }

    static func make(
        for school: ID<School>, _ wanted: IntakeKey.Wanted, within reach: Reach,
        in tx: Transaction
    ) async throws -> Shown<IntakeKey.Made> {
        guard reach.schools(.ownIntakeKeys).contains(school) else { throw Problem(.notFound) }
        // First held, then counted: as many as ask at once are let through one by one.
        tx.add("select hold_school(\(school))")
        let live = try await tx.run(
            """
            select count(*) as keys from intake_key_shown
            where school_id = \(school) and revoked_at is null
            """)
        guard (live.int(0, "keys") ?? 0) < mostLive else {
            throw Problem(.conflict, "\(mostLive) keys are live: revoke one that is not needed.")
        }
        let (id, secret) = (ID<IntakeKey>(), Secret(of: "intake"))
        tx.add(
            """
            with made as (
                insert into intake_key (school_id, id, label, secret_hash)
                values (\(school), \(id), \(wanted.label), \(secret.hash))
                returning school_id, id
            )
            \(Audit.entry(
                "intake_key_made", "intake_key", of: "made.school_id", id: "made.id", from: "made"))
            """)
        return Shown(
            .created,
            IntakeKey.Made(
                id: id, schoolID: school, label: wanted.label.string, key: secret.string))
    }

    static func revoke(
        of school: ID<School>, _ id: ID<IntakeKey>, within reach: Reach, in tx: Transaction
    ) -> Created<IntakeKey> {
        tx.add(
            """
            with revoked as (
                update intake_key
                set revoked_at = rowan_now(), revoked_by = \(reach.caller.account)
                where school_id = \(school) and id = \(id) and revoked_at is null
                    and \(reach.sql(.ownIntakeKeys))
                returning school_id, id
            )
            \(Audit.entry(
                "intake_key_revoked", "intake_key", of: "revoked.school_id", id: "revoked.id",
                from: "revoked"))
            """)
        return Created(
            tx.stored(
                """
                select intake_key.* from intake_key_shown as intake_key
                where intake_key.school_id = \(school) and intake_key.id = \(id)
                    and \(reach.sql(.ownIntakeKeys))
                """))
    }
}

extension Relation {
    static let ownIntakeKeys = Relation(
        "own school's intake keys",
        "Intake keys of the schools in which the post is held (USR-13)."
    ) { _, schools in "intake_key.school_id = any(\(schools))" }
}

import JSON
import Postgres

/// The systems of a school to which access is given, and by which rules (ACC-02 to ACC-09).
enum AccessSystems {
    static let routes: [Route] = [
        .get(
            "/v1/access-systems", "List access systems",
            "Those to which a school gives access, with the rules that hold.",
            for: [Role].ofASchool.admitted(.ownAccessSystems), by(list)
        ).openTo(.accessRead, .ownAccessSystems),
        .post(
            "/v1/access-systems", "Add an access system",
            """
            With its rules: who may have it, who approves, what the gate is asked for, and what \
            becomes of an account when its owner leaves. No password has a place in it.
            """,
            for: AccessRegister.rulers.admitted(.ownAccessSystems), by(add)
        ).afterStepUp(),
        .get(
            "/v1/access-systems/{system}", "Read an access system", "One of them.",
            for: [Role].ofASchool.admitted(.ownAccessSystems), by(read)
        ).openTo(.accessRead, .ownAccessSystems),
        .put(
            "/v1/access-systems/{system}", "Set the rules of an access system",
            """
            All of them at once; they hold from now on, and change nothing of what was given. What \
            held before is kept. Requires If-Match.
            """,
            for: AccessRegister.rulers.admitted(.ownAccessSystems), by(set)
        ).afterStepUp(),
    ]

    static func list(
        _ filter: OfSchool, within reach: Reach, in tx: Transaction
    ) -> Listed<AccessSystem> {
        tx.listed(
            """
            select system.* from access_system_shown as system
            where \(reach.sql(.ownAccessSystems))
                and (\(filter.school)::uuid is null or system.school_id = \(filter.school))
            order by system.name, system.id
            limit 1000
            """)
    }

    static func add(
        _ said: AccessSystem.Said, within reach: Reach, in tx: Transaction
    ) throws -> Created<AccessSystem> {
        let school = try reach.school(said.schoolID, .ownAccessSystems)
        let id = ID<AccessSystem>()
        tx.add(
            Audit.written(
                "access_system_added", "access_system", version: "null",
                """
                insert into access_system (school_id, id, kind, name, made_by_name)
                values (\(school), \(id), \(said.kind), \(said.name), \(reach.caller.name))
                """))
        write(said.rules, of: id, version: 1, at: school, reach, tx)
        return Created(tx.stored(one(id, reach)))
    }

    static func read(
        _ id: ID<AccessSystem>, within reach: Reach, in tx: Transaction
    ) -> Stored<AccessSystem> {
        tx.stored(one(id, reach))
    }

    static func set(
        of id: ID<AccessSystem>, to rules: AccessRules, ifMatch: IfMatch, within reach: Reach,
        in tx: Transaction
    ) async throws -> Stored<AccessSystem> {
        let now = try await tx.run(one(id, reach))
        guard let etag = now.text(0, "etag"), let version = now.int(0, "_version"),
            let school = now.uuid(0, "school_id")
        else { throw Problem(.notFound) }
        try ifMatch.check(etag)
        write(rules, of: id, version: version + 1, at: ID(school), reach, tx)
        return tx.stored(one(id, reach))
    }

    private static func write(
        _ rules: AccessRules, of id: ID<AccessSystem>, version: Int, at school: ID<School>,
        _ reach: Reach, _ tx: Transaction
    ) {
        tx.add(
            Audit.written(
                "access_rules_set", "access_system",
                """
                insert into access_system_rule (school_id, id, version, rules, set_by_name)
                values (
                    \(school), \(id), \(version), \(JSON.string(of: rules.completed))::jsonb,
                    \(reach.caller.name))
                """))
    }

    private static func one(_ id: ID<AccessSystem>, _ reach: Reach) -> SQL {
        """
        select system.* from access_system_shown as system
        where system.id = \(id) and \(reach.sql(.ownAccessSystems))
        """
    }
}

extension Relation {
    static let ownAccessSystems = Relation(
        "own school's access systems",
        "Systems to which access is given in the schools in which the post is held (ACC-02)."
    ) { _, schools in "system.school_id = any(\(schools))" }
}

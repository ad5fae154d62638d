import JSON
import Postgres

/// What a technician has to do so that accounts are those of who is there (ACC-08, ACC-09).
enum AccessTasks {
    static let routes: [Route] = [
        .get(
            "/v1/access-tasks", "List access tasks",
            """
            What is to be done with accounts, worked out of the roster and the rules of each \
            system: what has waited longest first, at most a thousand. Or with `is_done` what was \
            done, by whom and when, the latest first.
            """,
            for: Grants.readers.admitted(.accessOfSchool), by(list)),
        .post(
            "/v1/access-tasks/{task}/completion", "Complete an access task",
            """
            That it was done. To give an account on joining asks the gate like any access: 409 \
            names what is missing. Send no password.
            """,
            for: Grants.keepers.admitted(.accessOfSchool), by(complete)),
    ]

    static let toDo = ToDo(
        kind: "access_task", words: "An account to be made, closed or put into another class",
        roles: [.technician, .schoolAdministrator],
        link: "/v1/access-tasks?school_id={school}"
    ) { _, schools in
        """
        select task.school_id, task.since as due_on from access_tasks(\(schools)) as task
        order by task.since
        """
    }

    static func list(
        _ filter: AccessTaskFilter, within reach: Reach, in tx: Transaction
    ) -> Listed<AccessTask> {
        let schools = reach.schools(.accessOfSchool)
        return filter.isDone
            ? tx.listed(
                """
                select access.* from access_task_done as access
                where \(reach.sql(.accessOfSchool)) and \(filter.sql)
                order by access.done_at desc, access.id
                limit 1000
                """)
            : tx.listed(
                """
                select access.* from access_tasks(\(schools)) as access
                where \(reach.sql(.accessOfSchool)) and \(filter.sql)
                order by access.since, access.id
                limit 1000
                """)
    }

    static func complete(
        _ id: ID<AccessTask>, _ said: AccessTask.Completion, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<AccessTask> {
        let task = try await OpenedTask.open(id, reach, in: tx)
        let outcome = said.outcome ?? task.wanted
        guard task.kind.outcomes.contains(outcome) else {
            throw Problem([
                JSONFault(
                    pointer: "/outcome", code: "not_so", detail: "This task does not end like that")
            ])
        }
        let reason = said.note.map {
            AccessReason(reason: $0, incidentID: nil, agreementID: nil)
        }
        if outcome == .withdrawn, reason == nil {
            throw Problem([
                JSONFault(
                    pointer: "/note", code: "required", detail: "Say why none is needed")
            ])
        }
        if let grant = task.grant {
            let opened = try await OpenedAccess.open(grant, for: outcome.act, reach, in: tx)
            try await opened.record(
                as: ID(id.uuid), of: task.kind, because: reason, by: reach.caller, in: tx)
        } else {
            try await task.give(outcome, because: reason, reach, in: tx)
        }
        return Created(
            tx.stored(
                """
                select access.* from access_task_done as access
                where access.id = \(id) and \(reach.sql(.accessOfSchool))
                """))
    }
}

/// A task that is open; its school is held, so that nobody completes it meanwhile.
private struct OpenedTask {
    let id: ID<AccessTask>
    let kind: AccessTaskKind
    let wanted: AccessTaskOutcome
    let grant: ID<AccessGrant>?
    private let school: ID<School>
    private let system: ID<AccessSystem>
    private let person: ID<Person>

    static func open(
        _ id: ID<AccessTask>, _ reach: Reach, in tx: Transaction
    ) async throws -> OpenedTask {
        let schools = reach.schools(.accessOfSchool)
        tx.add(
            """
            select hold_school(own.id) from unnest(\(schools)::uuid[]) as own (id) order by own.id
            """)
        let found = try await tx.run(
            """
            select access.* from access_tasks(\(schools)) as access
            where access.id = \(id) and \(reach.sql(.accessOfSchool))
            """)
        guard let kind = found.text(0, "task").flatMap(AccessTaskKind.init),
            let wanted = found.text(0, "wanted").flatMap(AccessTaskOutcome.init),
            let school = found.uuid(0, "school_id"), let system = found.uuid(0, "system_id"),
            let person = found.uuid(0, "person_id")
        else { throw Problem(.notFound) }
        return OpenedTask(
            id: id, kind: kind, wanted: wanted, grant: found.uuid(0, "grant_id").map { ID($0) },
            school: ID(school), system: ID(system), person: ID(person))
    }

    /// Gives it at the word of whoever set the rules, or puts down that it is not needed.
    func give(
        _ outcome: AccessTaskOutcome, because reason: AccessReason?, _ reach: Reach,
        in tx: Transaction
    ) async throws {
        let found = try await tx.run(
            """
            select system._version as version, system.rules ->> 'opens' as opens,
                system._set_by = \(reach.caller.account) as is_callers
            from access_system_shown as system
            where system.school_id = \(school) and system.id = \(system)
            """)
        guard let version = found.int(0, "version"),
            let opens = found.text(0, "opens").flatMap(Access.init)
        else { throw Problem(.notFound) }
        if outcome == .activated {
            guard found.bool(0, "is_callers") != true else {
                throw Problem(conflicts: [MissingAccess.fault("own_rules")])
            }
            try await MissingAccess.checkToday(person, system, opening: opens, at: school, in: tx)
        }
        let grant = ID<AccessGrant>()
        tx.add(
            Audit.written(
                "access_requested", "access_grant", version: "null",
                """
                insert into access_grant (
                    school_id, id, system_id, person_id, from_on, is_temporary, rule_version,
                    requested_by_name)
                values (
                    \(school), \(grant), \(system), \(person), london_today(), false,
                    \(version), \(reach.caller.name))
                """))
        OpenedAccess.write(
            outcome.act, of: grant, for: person, at: school, as: ID(id.uuid), of: kind,
            by: reach.caller, in: tx)
        if let reason {
            OpenedAccess.write(
                reason, isConfidential: false, of: ID(id.uuid), for: grant, at: school, in: tx)
        }
    }
}

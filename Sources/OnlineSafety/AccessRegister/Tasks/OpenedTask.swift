import JSON
import Postgres

/// A task that is open; its school is held, so that nobody completes it meanwhile.
struct OpenedTask {
    let id: ID<AccessTask>
    let kind: AccessTaskKind
    let wanted: AccessTaskOutcome
    let grant: ID<AccessGrant>?
    private let school: ID<School>
    private let system: ID<AccessSystem>
    private let person: ID<Person>

    /// Found before its school is held, so that no other school waits; and looked at again then.
    static func open(
        _ id: ID<AccessTask>, _ reach: Reach, in tx: Transaction
    ) async throws -> OpenedTask {
        let found = try await tx.run(
            """
            select access.*
            from unnest(\(reach.schools(.accessOfSchool))::uuid[]) as own (id)
            cross join lateral access_tasks(own.id) as access
            where access.id = \(id) and \(reach.sql(.accessOfSchool))
            """)
        guard let task = OpenedTask(found, 0) else { throw Problem(.notFound) }
        tx.add("select hold_school(\(task.school))")
        let held = try await tx.run(
            """
            select task.* from access_tasks(\(task.school), \(task.system), \(task.person)) as task
            where task.id = \(id)
            """)
        guard let task = OpenedTask(held, 0) else { throw Problem(.notFound) }
        return task
    }

    /// Many of one school, worked out once.
    static func open(
        _ ids: [ID<AccessTask>], at school: ID<School>, in tx: Transaction
    ) async throws -> [ID<AccessTask>: OpenedTask] {
        tx.add("select hold_school(\(school))")
        let found = try await tx.run(
            "select task.* from access_tasks(\(school)) as task where task.id = any(\(ids))")
        return (0..<found.count).reduce(into: [:]) { tasks, row in
            if let task = OpenedTask(found, row) { tasks[task.id] = task }
        }
    }

    private init?(_ found: Answer, _ row: Int) {
        guard let id = found.uuid(row, "id"),
            let kind = found.text(row, "task").flatMap(AccessTaskKind.init),
            let wanted = found.text(row, "wanted").flatMap(AccessTaskOutcome.init),
            let school = found.uuid(row, "school_id"), let system = found.uuid(row, "system_id"),
            let person = found.uuid(row, "person_id")
        else { return nil }
        (self.id, self.kind, self.wanted) = (ID(id), kind, wanted)
        (self.school, self.system, self.person) = (ID(school), ID(system), ID(person))
        grant = found.uuid(row, "grant_id").map { ID($0) }
    }

    /// Puts down that it was done; throws what stands against that.
    func complete(
        _ said: AccessTask.Completion, _ reach: Reach, in tx: Transaction
    ) async throws {
        let outcome = said.outcome ?? wanted
        guard kind.outcomes.contains(outcome) else {
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
                JSONFault(pointer: "/note", code: "required", detail: "Say why none is needed")
            ])
        }
        if let grant {
            let opened = try await OpenedAccess.open(grant, for: outcome.act, reach, in: tx)
            try await opened.record(
                as: ID(id.uuid), of: kind, because: reason, by: reach.caller, in: tx)
        } else {
            try await give(outcome, because: reason, reach, in: tx)
        }
    }

    /// Gives it at the word of whoever set the rules, or puts down that it is not needed.
    private func give(
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

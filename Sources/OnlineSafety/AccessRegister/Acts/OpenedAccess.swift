import JSON
import Postgres

/// Somebody's access taken in hand, for something to be done with it; its school is held, so that
/// nobody does anything else with it meanwhile.
struct OpenedAccess {
    let id: ID<AccessGrant>
    let school: ID<School>
    let person: ID<Person>
    let system: ID<AccessSystem>
    private let state: AccessState
    private let opens: Access
    private let hasBegun: Bool
    private let act: AccessAct

    /// Throws where it is not there for the caller, where they may not do this with it, and where
    /// anything stands against it: all of it at once.
    static func open(
        _ id: ID<AccessGrant>, for act: AccessAct, _ reach: Reach, in tx: Transaction
    ) async throws -> OpenedAccess {
        tx.add(
            """
            select hold_school(access.school_id) from access_grant as access
            where access.id = \(id) and \(reach.access)
            """)
        let found = try await tx.run(
            """
            select access.school_id, access.person_id, access.system_id, access._stands as state,
                access._opens as opens, access.from_on <= london_today() as has_begun,
                caller_may_act_on_access(
                    access.school_id, access.person_id, access._requested_by,
                    access._rules -> 'approvers', \(act)) as may
            from (\(AccessGrants.given(id, reach))) as access
            """)
        guard let school = found.uuid(0, "school_id"), let person = found.uuid(0, "person_id"),
            let system = found.uuid(0, "system_id"),
            let state = found.text(0, "state").flatMap(AccessState.init),
            let opens = found.text(0, "opens").flatMap(Access.init)
        else { throw Problem(.notFound) }
        guard found.bool(0, "may") == true else {
            throw Problem(
                .forbidden, "Not in your post; and nobody decides about their own access.")
        }
        let opened = OpenedAccess(
            id: id, school: ID(school), person: ID(person), system: ID(system), state: state,
            opens: opens, hasBegun: found.bool(0, "has_begun") == true, act: act)
        try await opened.check(in: tx)
        return opened
    }

    private func check(in tx: Transaction) async throws {
        guard act.states.contains(state) else {
            throw Problem(conflicts: [.wrongState(state, needs: act.states)])
        }
        if act.closes, state == .active || state == .suspended { try await checkIsOver(in: tx) }
        guard act.opens else { return }
        guard hasBegun else { throw Problem(conflicts: [MissingAccess.fault("not_begun")]) }
        try await MissingAccess.checkToday(person, system, opening: opens, at: school, in: tx)
    }

    /// An account that is used is closed because its owner has left or may not have it any more,
    /// which is a task (24.7); whoever should lose it before has it suspended or revoked.
    private func checkIsOver(in tx: Transaction) async throws {
        let found = try await tx.run(
            """
            select exists (
                select from access_tasks(\(school), \(system), \(person)) as task
                where task.grant_id = \(id) and task.task = \(AccessTaskKind.close)
            ) as is_over
            """)
        guard found.bool(0, "is_over") == true else {
            throw Problem(conflicts: [MissingAccess.fault("not_over")])
        }
    }

    /// Puts it on record, with the reason where there is one.
    func record(
        as actID: ID<AccessAct> = ID(), until: Day? = nil, of task: AccessTaskKind? = nil,
        because reason: AccessReason? = nil, by caller: Caller, in tx: Transaction
    ) async throws {
        if let reason { try await check(reason, in: tx) }
        Self.write(
            act, of: id, for: person, at: school, as: actID, until: until, of: task, by: caller,
            in: tx)
        if let reason { write(reason, of: actID, in: tx) }
    }

    /// Writes an act, and in which class an account was put with it.
    static func write(
        _ act: AccessAct, of id: ID<AccessGrant>, for person: ID<Person>, at school: ID<School>,
        as actID: ID<AccessAct>, until: Day? = nil, of task: AccessTaskKind? = nil,
        by caller: Caller, in tx: Transaction
    ) {
        let isPlaced = act == .activated || act == .placed
        tx.add(
            Audit.written(
                act.deed, "access_act", version: "null",
                """
                insert into access_act (
                    school_id, id, grant_id, place, act, task, until_on, class_name,
                    done_by_name)
                select \(school), \(actID), \(id), (
                        select coalesce(max(before.place), 0) + 1 from access_act as before
                        where before.school_id = \(school) and before.grant_id = \(id)
                    ), \(act), \(task)::text, \(until)::date,
                    case when \(isPlaced) then person.class_name end, \(caller.name)
                from person where person.school_id = \(school) and person.id = \(person)
                """))
    }

    func write(_ reason: AccessReason, of actID: ID<AccessAct>, in tx: Transaction) {
        Self.write(
            reason, isConfidential: act.isConfidential, of: actID, for: id, at: school, in: tx)
    }

    static func write(
        _ reason: AccessReason, isConfidential: Bool, of actID: ID<AccessAct>,
        for id: ID<AccessGrant>, at school: ID<School>, in tx: Transaction
    ) {
        tx.add(
            Audit.written(
                "access_reason_given", "access_reason", version: "null",
                """
                insert into access_reason (
                    school_id, id, grant_id, reason, incident_id, agreement_id, is_confidential)
                values (
                    \(school), \(actID), \(id), \(reason.reason), \(reason.incidentID),
                    \(reason.agreementID), \(isConfidential))
                """))
    }

    /// What it goes back to must be there for the caller: an incident that is open to them, and an
    /// agreement of the same person.
    private func check(_ reason: AccessReason, in tx: Transaction) async throws {
        guard reason.incidentID != nil || reason.agreementID != nil else { return }
        let incidents: [ID<Incident>] = reason.incidentID.map { [$0] } ?? []
        let found = try await tx.run(
            """
            select \(incidents)::uuid[] <@ those_open_to_caller(\(school), \(incidents)::uuid[])
                    and those_about_caller(\(school), \(incidents)::uuid[]) = '{}' as is_open,
                \(reason.agreementID)::uuid is null or exists (
                    select from agreement_shown as agreement
                    where agreement.school_id = \(school) and agreement.person_id = \(person)
                        and agreement.id = \(reason.agreementID)
                ) as is_theirs
            """)
        var faults: [JSONFault] = []
        if found.bool(0, "is_open") != true {
            faults.append(
                JSONFault(
                    pointer: "/incident_id", code: "unknown_incident",
                    detail: "Name an incident of the school that is open to you"))
        }
        if found.bool(0, "is_theirs") != true {
            faults.append(
                JSONFault(
                    pointer: "/agreement_id", code: "unknown_agreement",
                    detail: "Name an agreement that was put before this person"))
        }
        guard faults.isEmpty else { throw Problem(faults) }
    }
}

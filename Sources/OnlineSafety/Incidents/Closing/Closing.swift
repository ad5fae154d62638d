import JSON
import Postgres

/// Closing an incident, and opening it again.
enum Closing {
    static let routes: [Route] = [
        .get(
            "/v1/incidents/{incident}/closure", "Read a closure",
            """
            How it ended; while it is open, every rule that stands against closing it. The reading \
            is on record.
            """,
            for: Record.readers, onRecord: true, by(read)),
        .post(
            "/v1/incidents/{incident}/closure", "Close an incident",
            """
            409 names every rule that is not met. As a mistake or a duplicate it can be closed \
            without them; the reports of a duplicate are then read with the one that was reported \
            already, and each of their receipts goes on.
            """,
            for: Record.readers, by(close)),
        .post(
            "/v1/incidents/{incident}/reopening", "Reopen an incident",
            "With a reason. What closed it stays on record.", for: Record.readers, by(reopen)),
    ]

    static func read(
        of id: ID<Incident>, within reach: Reach, in tx: Transaction
    ) async throws -> Stored<Closure> {
        let school = try await Record.school(of: id, openedWithin: reach, in: tx)
        return tx.stored(shown(id, in: school))
    }

    static func close(
        _ id: ID<Incident>, as made: Closure.Made, ifUnchanged: IfUnchanged, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<Closure> {
        let act = (made.kind ?? .completed).act
        let incident = try await OpenedIncident.open(
            id, and: made.duplicateOf, for: act, ifUnchanged, within: reach, in: tx)
        if let other = made.duplicateOf {
            try await incident.checkCanBeADuplicate(of: other, within: reach, tx)
        }
        tx.add(incident.closing(as: made))
        incident.move(by: act, made.outcome.string, in: tx)
        incident.receipts(moveOnTo: .actedOn, in: tx)
        if let other = made.duplicateOf {
            tx.add("select receipts_follow(\(incident.school), \(id), \(other))")
            tx.add(incident.sendingOn(other))
        }
        return Created(tx.stored(shown(id, in: incident.school)))
    }

    static func reopen(
        _ id: ID<Incident>, because why: Reopening, ifUnchanged: IfUnchanged, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<Closure> {
        let incident = try await OpenedIncident.open(
            id, for: .reopening, ifUnchanged, within: reach, in: tx)
        tx.add(
            Audit.written(
                "reopened", "incident", id: "written.incident_id", version: "written.number",
                """
                insert into reopening (school_id, incident_id, number, reason, words, role)
                select school_id, _incident_id, number, \(why.reason), \(why.words),
                    \(incident.role)
                from closure_standing
                where school_id = \(incident.school) and _incident_id = \(id)
                """))
        // What was only dismissed has yet to be triaged.
        let was = try await tx.run(
            """
            select act from incident_move
            where school_id = \(incident.school) and incident_id = \(id)
            order by number desc
            limit 1
            """)
        let isDismissed = [Act.dismissal, .duplication].map(\.rawValue).contains(was.text(0, "act"))
        incident.move(
            by: .reopening, why.words.string, to: isDismissed ? .reported : nil, in: tx)
        return Created(tx.stored(shown(id, in: incident.school)))
    }

    static func shown(_ id: ID<Incident>, in school: ID<School>) -> SQL {
        """
        select incident.id as incident_id, incident.school_id,
            closure.number is not null as is_closed, closure.kind, closure.outcome,
            closure.duplicate_of, closure.closed_at, closure.closed_by, closure.closed_by_role,
            case
                when closure.number is not null then '[]'
                when not exists (
                    select from \(Move.rows)
                    where move.act = 'closure' and move.status = incident.status)
                then jsonb_build_array(jsonb_build_object(
                    'code', 'not_while_' || incident.status, 'pointer', '/status',
                    'detail', 'Not while it stands so'))
                else '[]'
            end
            || case
                when closure.number is null then \(IncidentRules.unmet(against: "'closure'"))
                else '[]'
            end as unmet
        from incident_listed as incident
        left join closure_standing as closure
            on closure.school_id = incident.school_id and closure._incident_id = incident.id
        where incident.school_id = \(school) and incident.id = \(id)
        """
    }
}

extension OpenedIncident {
    /// Throws unless another incident is there to take its reports: open, and the caller's to
    /// decide about; and nothing else is kept by this one.
    fileprivate func checkCanBeADuplicate(
        of other: ID<Incident>, within reach: Reach, _ tx: Transaction
    ) async throws {
        try await checkIsOpenToo(other, at: "/duplicate_of", within: reach, tx)
        let found = try await tx.run(
            """
            select incident.status <> 'closed' as is_open, caller_decides(incident) as decides,
                exists (
                    select from closure_standing as closure
                    where closure.school_id = \(school) and closure.duplicate_of = \(id)
                ) as has_own,
                incident.status = 'reported' and (
                    own.urgency = 'urgent' and incident.urgency <> 'urgent'
                    or own.is_child_at_risk and incident.is_child_at_risk is not true
                ) as is_less_grave
            from incident
            join incident as own on own.school_id = incident.school_id and own.id = \(id)
            where incident.school_id = \(school) and incident.id = \(other)
            """)
        var faults: [Fault] = []
        if found.bool(0, "is_open") != true {
            faults.append(
                Fault(
                    pointer: "/duplicate_of", code: "closed",
                    detail: "The incident that is kept must be open"))
        }
        if found.bool(0, "is_less_grave") == true {
            faults.append(
                Fault(
                    pointer: "/duplicate_of", code: "less_grave",
                    detail: "Triage that one first: this one is urgent, or a child may be at risk"))
        }
        if found.bool(0, "decides") != true { faults.append(.notInCharge("/duplicate_of")) }
        if found.bool(0, "has_own") == true {
            faults.append(
                Fault(
                    pointer: "", code: "has_duplicates",
                    detail: "Others were closed as duplicates of this one: keep it"))
        }
        guard faults.isEmpty else { throw Problem(conflicts: faults) }
    }

    fileprivate func closing(as made: Closure.Made) -> SQL {
        Audit.written(
            "closed", "incident", id: "written.incident_id", version: "written.number",
            """
            insert into closure (
                school_id, incident_id, number, kind, outcome, duplicate_of, role)
            select \(school), \(id), 1 + (
                    select count(*) from closure as before
                    where before.school_id = \(school) and before.incident_id = \(id)),
                \(made.kind ?? .completed), \(made.outcome), \(made.duplicateOf), \(role)
            """)
    }
}

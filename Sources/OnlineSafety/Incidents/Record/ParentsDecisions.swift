import JSON
import Postgres

/// Whether parents are told, of each child involved: decided, superseded, never edited.
enum ParentsDecisions {
    static let routes: [Route] = [
        .get(
            "/v1/incidents/{incident}/parents-decisions", "List decisions about parents",
            "All that were made, the superseded ones too. The reading is on record.",
            for: Record.readers, onRecord: true, by(list)),
        .post(
            "/v1/incidents/{incident}/parents-decisions", "Decide about telling parents",
            """
            That they have been informed, by whom and how; or not yet, and why; or not to be, and \
            why, which only a DSL decides or whoever is in charge in their stead.
            """,
            for: Record.readers, by(decide)),
    ]

    static func list(
        of id: ID<Incident>, within reach: Reach, in tx: Transaction
    ) async throws -> Listed<ParentsDecision> {
        try await Record.list(
            "parents_decision_shown", of: id, by: "part.decided_at, part.id", reach, tx)
    }

    static func decide(
        in id: ID<Incident>, _ made: ParentsDecision.Made, ifUnchanged: IfUnchanged,
        within reach: Reach, in tx: Transaction
    ) async throws -> Created<ParentsDecision> {
        let incident = try await OpenedIncident.open(
            id, for: .recording, ifUnchanged, within: reach, in: tx)
        try await made.check(in: incident, tx)
        try await incident.checkIsPast(
            [("/informed_at", made.informedAt)],
            days: [("/acknowledged_on", made.acknowledgedOn)], in: tx)
        if made.decision == .informed {
            try await incident.checkIsNotHeld(at: made.informedAt, "/decision", tx)
        }
        try await incident.hasRoom(for: 500, "parents_decision", in: tx)
        let own = ID<ParentsDecision>()
        tx.add(incident.deciding(made, as: own))
        if made.decision == .informed { incident.receipts(moveOnTo: .actedOn, in: tx) }
        return Created(
            tx.stored(
                """
                select * from parents_decision_shown
                where school_id = \(incident.school) and _incident_id = \(id) and id = \(own)
                """))
    }
}

extension ParentsDecision.Made {
    /// That the child is one of those involved, that nothing stands unseen, and that a DSL decides
    /// that they are not to be told.
    fileprivate func check(in incident: OpenedIncident, _ tx: Transaction) async throws {
        let found = try await tx.run(
            """
            select
                exists (
                    select from involvement_shown as child
                    where child.school_id = \(incident.school)
                        and child._incident_id = \(incident.id) and child.id = \(childID)
                        and child."group" = 'child'
                ) as is_involved,
                (
                    select decision.id from parents_decision_shown as decision
                    where decision.school_id = \(incident.school)
                        and decision._incident_id = \(incident.id)
                        and decision.child_id = \(childID) and decision.is_current
                ) as standing
            """)
        guard found.bool(0, "is_involved") == true else {
            throw Problem([
                JSONFault(
                    pointer: "/child_id", code: "unknown_child",
                    detail: "Name a child among those involved")
            ])
        }
        var faults: [Fault] = []
        if found.uuid(0, "standing") != supersedes?.uuid {
            faults.append(
                Fault(
                    pointer: "/supersedes", code: "another_decision_stands",
                    detail: "Read the decision that stands, and name it here"))
        }
        if decision == .notToBe, !incident.decidesAboutParents {
            faults.append(.notInCharge("/decision"))
        }
        guard faults.isEmpty else { throw Problem(conflicts: faults) }
    }
}

extension OpenedIncident {
    /// That parents are not to be told is a DSL's to decide, or of whoever is in charge in their
    /// stead; not the coordinator's.
    fileprivate var decidesAboutParents: Bool { isInCharge && role != .onlineSafetyCoordinator }

    func checkDecidesAboutParents() throws(Problem) {
        guard decidesAboutParents else {
            throw Problem(conflicts: [.notInCharge("/parents/decision")])
        }
    }

    func deciding(_ made: ParentsDecision.Made, as own: ID<ParentsDecision>) -> SQL {
        Audit.written(
            "parents_decided", "parents_decision", version: "null",
            """
            insert into parents_decision (
                school_id, incident_id, id, child_id, decision, reason, informed_at, informed_by,
                who_was_told, channel, about, acknowledged_on, supersedes, role)
            values (
                \(school), \(id), \(own), \(made.childID), \(made.decision), \(made.reason),
                \(made.informedAt), \(made.informedBy), \(made.whoWasTold), \(made.channel),
                \(made.about), \(made.acknowledgedOn), \(made.supersedes), \(role))
            """)
    }
}

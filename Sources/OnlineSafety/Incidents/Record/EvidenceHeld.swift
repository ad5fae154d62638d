import Postgres

/// The evidence of a record: described, never held.
enum EvidenceHeld {
    static let routes: [Route] = [
        .get(
            "/v1/incidents/{incident}/evidence", "List evidence",
            "What there is and who holds it. The reading is on record.", for: Record.readers,
            onRecord: true, by(list)),
        .post(
            "/v1/incidents/{incident}/evidence", "Describe evidence",
            "What it is, who holds it, and that it was not forwarded. No file of any kind.",
            for: Record.readers, by(describe)),
        .put(
            "/v1/incidents/{incident}/evidence/{evidence}", "Correct evidence",
            """
            A new version beside the one before. Of an indecent image by a DSL, a deputy, the \
            headteacher or the chair alone (INC-34).
            """,
            for: Record.readers, by(correct)),
        .delete(
            "/v1/incidents/{incident}/evidence/{evidence}", "Withdraw evidence",
            """
            It was described by mistake; what was written stays in the history. Of an indecent \
            image by a DSL, a deputy, the headteacher or the chair alone (INC-34).
            """,
            for: Record.readers, by(withdraw)),
    ]

    /// Who settles what became of an indecent image: not whoever printed it, or passed it on.
    private static let leads: [Role] = [.dsl, .deputyDSL, .headteacher, .chairOfGovernors]

    static func list(
        of id: ID<Incident>, within reach: Reach, in tx: Transaction
    ) async throws -> Listed<Evidence> {
        try await Record.list("evidence_shown", of: id, by: "part.id", reach, tx)
    }

    static func describe(
        in id: ID<Incident>, _ described: Evidence.Described, ifUnchanged: IfUnchanged,
        within reach: Reach, in tx: Transaction
    ) async throws -> Created<Evidence> {
        let incident = try await OpenedIncident.open(
            id, for: .recording, ifUnchanged, within: reach, in: tx)
        try await incident.checkIsPast([("/secured_at", described.securedAt)], in: tx)
        try await incident.hasRoom(for: 500, "evidence", in: tx)
        let own = ID<Evidence>()
        tx.add(incident.describing(described, as: own, version: 1))
        return Created(tx.stored(shown(own, in: incident)))
    }

    static func correct(
        in id: ID<Incident>, _ own: ID<Evidence>, to described: Evidence.Described,
        ifMatch: IfMatch, within reach: Reach, in tx: Transaction
    ) async throws -> Stored<Evidence> {
        let incident = try await OpenedIncident.open(id, for: .recording, within: reach, in: tx)
        let version = try await incident.version(of: .evidence, own.uuid, ifMatch, in: tx)
        try await checkMayChange(own, in: incident, by: reach, tx)
        try await incident.checkIsPast([("/secured_at", described.securedAt)], in: tx)
        tx.add(incident.describing(described, as: own, version: version + 1))
        return tx.stored(shown(own, in: incident))
    }

    static func withdraw(
        from id: ID<Incident>, _ own: ID<Evidence>, ifMatch: IfMatch, within reach: Reach,
        in tx: Transaction
    ) async throws -> Done {
        let incident = try await OpenedIncident.open(id, for: .recording, within: reach, in: tx)
        let version = try await incident.version(of: .evidence, own.uuid, ifMatch, in: tx)
        try await checkMayChange(own, in: incident, by: reach, tx)
        tx.add(incident.withdrawing(.evidence, own.uuid, version))
        return Done()
    }

    private static func checkMayChange(
        _ own: ID<Evidence>, in incident: OpenedIncident, by reach: Reach, _ tx: Transaction
    ) async throws {
        let leads = leads.contains { reach.caller.holds($0, in: incident.school) }
        guard !leads else { return }
        let found = try await tx.run(
            """
            select from evidence_shown
            where school_id = \(incident.school) and _incident_id = \(incident.id)
                and id = \(own) and is_indecent_image
            """)
        guard found.isEmpty else { throw Problem(.forbidden) }
    }

    private static func shown(_ own: ID<Evidence>, in incident: OpenedIncident) -> SQL {
        """
        select * from evidence_shown
        where school_id = \(incident.school) and _incident_id = \(incident.id) and id = \(own)
        """
    }
}

extension VersionedPart {
    fileprivate static let evidence = VersionedPart(
        name: "evidence",
        columns: """
            kind, description, holder, place, secured_at, was_forwarded, is_indecent_image,
            was_printed, is_held_for_police
            """,
        written: "evidence_described", withdrawn: "evidence_withdrawn")
}

extension OpenedIncident {
    fileprivate func describing(
        _ described: Evidence.Described, as own: ID<Evidence>, version: Int
    ) -> SQL {
        writing(
            .evidence,
            """
            values (
                \(school), \(id), \(own), \(version), \(described.kind), \(described.description),
                \(described.holder), \(described.place), \(described.securedAt),
                \(described.wasForwarded), \(described.isIndecentImage ?? false),
                \(described.wasPrinted ?? false), \(described.isHeldForPolice ?? false), \(role))
            """)
    }
}

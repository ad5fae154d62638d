import Postgres

/// Holding back what parents and others are told, until an agency has advised.
enum Holding {
    static let routes: [Route] = [
        .get(
            "/v1/incidents/{incident}/agency-holds", "List agency holds",
            "Those that stand, and those that were released. The reading is on record.",
            for: Record.readers, onRecord: true, by(list)),
        .post(
            "/v1/incidents/{incident}/agency-holds", "Put an agency hold",
            """
            From now on it is not put down that parents have been informed, and the incident is \
            not closed, until the hold is released. Several can stand, one for each agency.
            """,
            for: Record.readers, by(put)),
        .post(
            "/v1/incidents/{incident}/agency-holds/{agency_hold}/release", "Release an agency hold",
            "With the agency's advice; by a DSL, or whoever is in charge in their stead.",
            for: Record.readers, by(release)),
    ]

    static func list(
        of id: ID<Incident>, within reach: Reach, in tx: Transaction
    ) async throws -> Listed<AgencyHold> {
        try await Record.list("agency_hold_shown", of: id, by: "part.held_at, part.id", reach, tx)
    }

    static func put(
        on id: ID<Incident>, _ put: AgencyHold.Put, ifUnchanged: IfUnchanged, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<AgencyHold> {
        let incident = try await OpenedIncident.open(
            id, for: .hold, ifUnchanged, within: reach, in: tx)
        try await incident.hasRoom(for: 50, "agency_hold", in: tx)
        let own = ID<AgencyHold>()
        tx.add(
            Audit.written(
                "held", "agency_hold", version: "null",
                """
                insert into agency_hold (
                    school_id, incident_id, id, agency, contact, reference, words, role)
                values (
                    \(incident.school), \(id), \(own), \(put.agency), \(put.contact),
                    \(put.reference), \(put.words), \(incident.role))
                """))
        return Created(tx.stored(shown(own, in: incident)))
    }

    static func release(
        on id: ID<Incident>, _ own: ID<AgencyHold>, with released: AgencyHold.Released,
        within reach: Reach, in tx: Transaction
    ) async throws -> Created<AgencyHold> {
        let incident = try await OpenedIncident.open(id, for: .release, within: reach, in: tx)
        guard try await !tx.run(shown(own, in: incident)).isEmpty else { throw Problem(.notFound) }
        tx.add(
            Audit.written(
                "released", "agency_hold_release", version: "null",
                """
                insert into agency_hold_release (school_id, incident_id, id, advice, role)
                values (
                    \(incident.school), \(id), \(own), \(released.advice), \(incident.role))
                """))
        return Created(tx.stored(shown(own, in: incident)))
    }

    private static func shown(_ own: ID<AgencyHold>, in incident: OpenedIncident) -> SQL {
        """
        select * from agency_hold_shown
        where school_id = \(incident.school) and _incident_id = \(incident.id) and id = \(own)
        """
    }
}

extension OpenedIncident {
    /// Throws `conflict` where an agency must be asked before parents are told at this moment.
    func checkIsNotHeld(at informed: Instant?, _ pointer: String, _ tx: Transaction) async throws {
        guard let informed else { return }
        let held = try await tx.run(
            "select is_held(\(school), \(id), \(informed)) as is_held")
        guard held.bool(0, "is_held") == true else { return }
        throw Problem(conflicts: [
            Fault(
                pointer: pointer, code: "under_agency_hold",
                detail: "An agency must advise first: nobody is told until the hold is released")
        ])
    }
}

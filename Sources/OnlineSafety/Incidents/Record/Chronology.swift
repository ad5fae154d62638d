import Postgres

/// The story of an incident: everything that was done, in the order in which it happened.
enum Chronology {
    static let routes: [Route] = [
        .get(
            "/v1/incidents/{incident}/chronology", "Read a chronology",
            """
            Every action, contact, decision and step, dated, from all parts of the record. The \
            reading is on record.
            """,
            for: Record.readers, onRecord: true, by(list)),
        .post(
            "/v1/incidents/{incident}/chronology", "Enter something in a chronology",
            "What was done or said, and when. An entry stays as it was made.",
            for: Record.readers, by(enter)
        ).takingBodies(upTo: 512 << 10),
    ]

    static func list(
        of id: ID<Incident>, _ page: PageRequest<ChronologyOrder>, within reach: Reach,
        in tx: Transaction
    ) async throws -> Page<ChronologyEntry> {
        let school = try await Record.school(of: id, openedWithin: reach, in: tx)
        return tx.page(page) { page in
            """
            select entry.*, \(page.order.key) as _key from chronology as entry
            where entry.school_id = \(school) and entry._incident_id = \(id) and \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }

    static func enter(
        in id: ID<Incident>, _ made: ChronologyEntry.Made, ifUnchanged: IfUnchanged,
        within reach: Reach, in tx: Transaction
    ) async throws -> Created<ChronologyEntry> {
        let incident = try await OpenedIncident.open(
            id, for: .recording, ifUnchanged, within: reach, in: tx)
        try await incident.checkIsPast([("/happened_at", made.happenedAt)], in: tx)
        try await incident.hasRoom(for: 5000, "incident_entry", in: tx)
        let own = ID<ChronologyEntry>()
        tx.add(
            Audit.written(
                "entered", "incident_entry", version: "null",
                """
                insert into incident_entry (
                    school_id, incident_id, id, kind, happened_at, words, role)
                values (
                    \(incident.school), \(id), \(own), \(made.kind), \(made.happenedAt),
                    \(made.words), \(incident.role))
                """))
        return Created(
            tx.stored(
                """
                select * from chronology
                where school_id = \(incident.school) and _incident_id = \(id) and id = \(own)
                """))
    }
}

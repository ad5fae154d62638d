import Postgres

/// Those who may know read who did what, and who looked (AUD-03).
enum ReadingTheAudit {
    static let area = Area(
        name: "Audit",
        words: "Who did what, who looked, and what was refused: append-only, and chained.",
        routes: [
            .get(
                "/v1/audit", "List entries of the audit",
                """
                Everybody sees their own deeds; the headteacher those of the school; the data \
                protection officer who looked; a DSL those about incidents; the chair those of \
                the headteacher. Of an incident nobody sees any to whom it is not open, nor its \
                subject. The listing is itself on record.
                """,
                for: [Role].ofASchool.admitted(.knownOfTheAudit), onRecord: true, by(list)),
            .get(
                "/v1/incidents/{incident}/readings", "List who looked at an incident",
                """
                Who listed, opened or exported it, when, and in which posts. The reading is on \
                record.
                """,
                for: [Role].toldOfReadings.admitted(.openToThePost), onRecord: true, by(readings)),
        ],
        vocabularies: [Vocabulary("audit_chains", AuditEntry.Chain.self)],
        deeds: ["refused", "misuse_suspected"])

    static func list(
        _ filter: AuditFilter, _ page: PageRequest<AuditOrder>, within reach: Reach,
        in tx: Transaction
    ) throws -> Page<AuditEntry> {
        tx.page(page, onRecord: ("listed", "audit")) { page in
            page.rows(
                of: "audit_shown", as: "entry", .knownOfTheAudit, within: reach, where: filter.sql)
        }
    }

    static func readings(
        of id: ID<Incident>, _ page: PageRequest<ReadingOrder>, within reach: Reach,
        in tx: Transaction
    ) async throws -> Page<IncidentReading> {
        let school = try await Record.school(of: id, openedWithin: reach, in: tx)
        return tx.page(page) { page in
            """
            select reading.id, \(school)::uuid as school_id, reading.at,
                doer(\(school), reading.account_id) as by, reading.roles, reading.deed,
                reading.request_id, \(page.order.key) as _key
            from readings_of(\(school), \(id)) as reading
            where \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }
}

extension [Role] {
    /// Those who may know who looked at an incident that is open to them (section 25).
    fileprivate static let toldOfReadings: [Role] = [
        .dsl, .deputyDSL, .headteacher, .chairOfGovernors,
    ]
}

extension Relation {
    /// Entries of which the caller may know, as `entry_is_shown` says in the database.
    static let knownOfTheAudit = Relation(
        "known of the audit",
        "One's own deeds; to the headteacher those of the school, to the data protection officer "
            + "who looked, to a DSL what is of incidents, to the chair what the headteacher did; "
            + "of an incident only where it is open to the caller, and never to its subject "
            + "(section 25, AUD-03)."
    ) { _, schools in "entry.school_id = any(\(schools)) and entry._is_shown" }
}

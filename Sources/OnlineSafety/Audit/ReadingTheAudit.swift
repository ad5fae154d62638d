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
                Everybody sees their own deeds, and how they signed in; the headteacher those of \
                the school; the data protection officer who looked; a DSL those about incidents; \
                the chair those of the headteacher. Of an incident nobody sees any to whom it is \
                not open, nor its subject. The listing is itself on record.
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
        deeds: ["refused", "misuse_suspected"],
        holds: [.audit])

    static func list(
        _ filter: AuditFilter, _ page: PageRequest<AuditOrder>, within reach: Reach,
        in tx: Transaction
    ) throws -> Page<AuditEntry> {
        let schools = reach.schools(.knownOfTheAudit).filter {
            filter.school == nil || filter.school == $0
        }
        // Also where there was nothing: from whether it is on record that somebody looked nobody
        // tells whether there was something for them to see.
        return tx.page(page, onRecord: ("listed", "audit"), atEach: schools) { page in
            // One chain after the other, each in the order of its index.
            """
            select entry.*, \(page.order.key) as _key
            from (
                select of_a_school.*
                from unnest(\(reach.schools(.knownOfTheAudit))::uuid[]) as own (school_id)
                cross join lateral (
                    select * from audit_shown as entry
                    where entry._organisation_id = own.school_id
                        and \(reach.sql(.knownOfTheAudit)) and \(filter.sql) and \(page.after)
                    order by \(page.order.sql)
                    limit \(page.limit + 1)
                ) as of_a_school
                union all
                select of_signing_in.*
                from (
                    select * from audit_shown as entry
                    where entry._organisation_id = service_organisation()
                        and entry._whose = any((select accounts_of_the_caller())::uuid[])
                        and entry._is_shown and \(filter.sql) and \(page.after)
                    order by \(page.order.sql)
                    limit \(page.limit + 1)
                ) as of_signing_in
            ) as entry
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
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
    /// Those who are told of the deeds of others.
    fileprivate static let toldOfTheAudit: [Role] = [
        .headteacher, .dsl, .deputyDSL, .chairOfGovernors, .dpo,
    ]

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
    ) { caller, schools in
        let told = schools.filter { school in
            [Role].toldOfTheAudit.contains { caller.holds($0, in: school) }
        }
        // Whoever is told of their own deeds alone is not made to wait for everybody's.
        return """
            entry._organisation_id = any(\(schools))
            and (entry._account_id = \(caller.account)
                or entry._organisation_id = any(\(told)))
            and entry._is_shown
            """
    }
}

import JSON
import Postgres

/// Anybody who works at a school reports an incident; those to whom it is open read it.
enum Incidents {
    static let area = Area(
        name: "Incidents",
        words:
            "What happened online: reported by staff, routed at once, read by those it is open to.",
        routes: [
            .post(
                "/v1/incidents", "Report an incident",
                """
                By anybody who works at a school, be it for a day. Only what happened and whom it \
                concerns are required. A report never bounces: what cannot be taken is set aside \
                and named under `warnings`. It goes at once to those whose post it is, never to \
                its subject.
                """,
                for: [Role].reporters.admitted(.ownSchool), by(report)
            ).takingBodies(upTo: 8 << 20).howeverOften(),
            .get(
                "/v1/incidents", "List incidents",
                """
                Those that are open to me; for other staff, the receipts of their own reports. `q` \
                looks in all that is written of them. The listing is on record. To look into \
                records, by `q`, `person_id`, `year_group`, `part`, `closed_as`, `is_to_chase` or \
                `is_step_overdue`, whoever may open a restricted one needs a fresh proof: 403 \
                `step_up_required`. Otherwise it would be left out unseen.
                """,
                for: readers, onRecord: true, by(list)),
            .get(
                "/v1/incidents/{incident}", "Read an incident",
                """
                With what was told, when it is open to me; the receipt, when I reported it. The \
                reading is on record before anything is shown.
                """,
                for: readers, onRecord: true, by(read)),
        ] + IncidentLog.routes + Triage.routes + Logging.routes + Record.routes + Closing.routes
            + Restricting.routes,
        conflicts: Record.conflicts,
        faults: IncidentStatus.standsAgainst,
        vocabularies: [
            Vocabulary("concerns", Concern.self), Vocabulary("matters", Matter.self),
            Vocabulary("incident_types", IncidentType.self),
            Vocabulary("channels", Channel.self), Vocabulary("locations", Location.self),
            Vocabulary("intents", Intent.self), Vocabulary("person_groups", PersonGroup.self),
            Vocabulary("parts", Part.self), Vocabulary("incident_statuses", IncidentStatus.self),
            Vocabulary("urgencies", Urgency.self),
        ] + Record.vocabularies,
        deeds: ["reported", "listed", "exported", "opened"] + Record.deeds,
        unlikeTheirEntries: [
            "select school_id, id from report_unlike_its_entry",
            "select school_id, id from record_unlike_its_entry",
            "select school_id, id from restriction_unlike_its_entry",
        ],
        settings: Setting.recipients + Setting.tellingParents,
        rulesOfIncidents: .ofARecord,
        toDo: [toTriage],
        duties: [
            DutyKind(
                kind: "parents_to_tell", words: "Parents are still to be told of an incident",
                link: "/v1/incidents/{record}")
        ],
        chronology: Strand.allOfIncidents, holds: [.incidents])

    /// What was reported, and nobody has triaged yet, though the caller is in charge of it.
    private static let toTriage = ToDo(
        kind: "incident_to_triage", words: "An incident that waits for triage",
        roles: .incidentReaders, link: "/v1/incidents?school_id={school}&status=reported"
    ) { caller, schools in
        """
        select incident.school_id, null::date as due_on
        from incident_listed as incident
        join incident as kept on kept.school_id = incident.school_id and kept.id = incident.id
        where kept.status = 'reported' and \(Relation.openToThePost.sql(caller, schools))
            and caller_decides(kept)
        """
    }

    private static let readers =
        [Role].incidentReaders.admitted(.openToThePost) + [Role].receiptReaders.admitted(.ownReport)

    static func list(
        _ filter: IncidentFilter, _ page: PageRequest<IncidentOrder>, within reach: Reach,
        in tx: Transaction
    ) throws -> Page<Incident> {
        let isReceipts = filter.isMine || reach.schools(.openToThePost).isEmpty
        if isReceipts {
            try filter.refuseWhatReceiptsLack()
        } else {
            filter.requireProof(within: reach, in: tx)
        }
        return tx.page(page, onRecord: page.inEveryForm("incident")) { page in
            isReceipts
                ? page.rows(
                    of: "receipt_shown", as: "incident", .ownReport, within: reach,
                    where: filter.ofReceipts)
                : page.rows(
                    of: filter.incidents, as: "incident", .openToThePost, within: reach,
                    where: filter.ofIncidents)
        }
    }

    /// The whole record for its readers; for its reporter, the receipt. Whoever may read records is
    /// looked for among their own reports only when there was none to open, in a transaction of its
    /// own: to ask for both at once costs each reading a quarter more.
    static func read(
        _ id: ID<Incident>, with parts: Inclusion, within reach: Reach, in tx: Transaction
    ) async throws -> Stored<Incident> {
        guard !reach.schools(.openToThePost).isEmpty else { return receipt(id, reach, tx) }
        let found: Stored<Incident> = tx.stored(
            Audit.reading("opened", "incident", limit: 1, record(id, within: reach, with: parts)))
        try await tx.commit()
        if found.isFound { return found }
        let next = tx.another()
        try await checkNeedsNoProof(id, within: reach, next)
        let receipt = receipt(id, reach, next)
        try await next.commit()
        return receipt
    }

    /// Throws where it was not opened because it is restricted and the proof is not fresh (SEC-06).
    private static func checkNeedsNoProof(
        _ id: ID<Incident>, within reach: Reach, _ tx: Transaction
    ) async throws {
        let found = try await tx.run(
            """
            select from incident_listed as incident
            where incident.id = \(id) and \(reach.sql(.openToThePost))
                and not can_be_opened_now(incident.restricted_as)
            """)
        guard found.isEmpty else { throw Problem(.stepUpRequired) }
    }

    private static func receipt(
        _ id: ID<Incident>, _ reach: Reach, _ tx: Transaction
    ) -> Stored<Incident> {
        tx.stored(
            Audit.reading(
                "opened", "receipt", limit: 1,
                """
                select incident.* from receipt_shown as incident
                where incident.id = \(id) and \(reach.sql(.ownReport)) and not exists (
                    select from incident_listed as incident
                    where incident.id = \(id) and \(reach.sql(.openToThePost)))
                """))
    }

    /// The record as its readers see it. `_parts` is a digest of what changes without a new version
    /// of the record itself: its parts, its reports, and what may be done with it. Materialized,
    /// because what is named twice would be looked up twice.
    static func record(
        _ id: ID<Incident>, within reach: Reach, with parts: Inclusion
    ) -> SQL {
        """
        with shown as materialized (
            select incident.*, \(AllowedAction.all) as allowed_actions, \(parts.columns)
            from incident_opened as incident
            join incident as kept on kept.school_id = incident.school_id and kept.id = incident.id
            where incident.id = \(id) and \(reach.sql(.openToThePost))
                and can_be_opened_now(incident.restricted_as)
        )
        select shown.*, left(md5(concat_ws(
            '|', shown.allowed_actions, shown.people, shown.action_lines, shown.parents_decisions,
            shown.evidence, shown.breaches, shown.links, shown.agency_holds,
            shown.procedures,
            jsonb_path_query_array(shown.reports, '$[*].id')
        )), 16) as _parts
        from shown
        """
    }
}

extension Relation {
    /// Every school in which the caller's post is admitted.
    static let ownSchool = Relation(
        "own school", "Records of the schools in which the post is held (ORG-02)."
    ) { _, schools in "school_id = any(\(schools))" }

    /// Incidents whose readers include a post of the caller's there, and of which the caller is not
    /// the subject (section 25, INC-18).
    static let openToThePost = Relation(
        "open to the post",
        "Incidents that are open to the post by whom they concern, or were sent to it, or that "
            + "the caller leads; never one of which the caller is the subject (section 25, INC-18, "
            + "ORG-06)."
    ) { caller, schools in
        """
        incident.school_id = any(\(schools))
        and (
            coalesce(
                (\(caller.seatsText)::jsonb -> incident.school_id::text) ?| incident._readers,
                false)
            or exists (
                select from incident_access as access
                where access.school_id = incident.school_id and access.incident_id = incident.id
                    and access.account_id = \(caller.account)
                    and (access.until_at is null or access.until_at > rowan_now()))
        )
        and not exists (
            select from incident_subject as subject
            where subject.school_id = incident.school_id and subject.incident_id = incident.id
                and subject.account_id = \(caller.account))
        """
    }

    /// What the caller reported, of which only the receipt is shown (INC-14).
    static let ownReport = Relation(
        "own reports", "The receipt of what the caller reported: status only (INC-14)."
    ) { caller, schools in
        "incident.school_id = any(\(schools)) and incident._account_id = \(caller.account)"
    }
}

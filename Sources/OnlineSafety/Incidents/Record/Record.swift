import JSON
import Postgres

/// What the parts of a record have in common: read with their incident, the reading on record;
/// written while it is open; each with versions of its own.
enum Record {
    static let readers = [Role].incidentReaders.admitted(.openToThePost)

    static let routes =
        Amending.routes + RecordVersions.routes + Involved.routes + ActionLines.routes
        + ParentsDecisions.routes + EvidenceHeld.routes + Breaches.routes + Links.routes
        + IncidentNotices.routes + Chronology.routes + Holding.routes

    static let vocabularies = [
        Vocabulary("acts", Act.self), Vocabulary("risk_categories", RiskCategory.self),
        Vocabulary("safety_heads", SafetyHead.self), Vocabulary("severities", Severity.self),
        Vocabulary("legalities", Legality.self), Vocabulary("recorded_parts", RecordedPart.self),
        Vocabulary("action_lines", ActionLine.Line.self),
        Vocabulary("action_answers", ActionLine.Answer.self),
        Vocabulary("parents_decisions", ParentsDecision.Decision.self),
        Vocabulary("contact_channels", ParentsDecision.ContactChannel.self),
        Vocabulary("evidence_kinds", Evidence.Kind.self),
        Vocabulary("link_relations", Link.Relation.self),
        Vocabulary("agencies", AgencyHold.Agency.self),
        Vocabulary("chronology_kinds", ChronologyEntry.Kind.self),
        Vocabulary("closure_kinds", Closure.Kind.self),
        Vocabulary("reopening_reasons", Reopening.Reason.self),
        Vocabulary("restrictions", Restriction.Kind.self),
        Vocabulary("bases_of_reading", Restriction.Reader.Basis.self),
    ]

    static let deeds = [
        "triaged", "logged", "amended", "person_named", "person_withdrawn", "line_answered",
        "parents_decided", "evidence_described", "evidence_withdrawn", "breach_named",
        "breach_withdrawn", "linked", "entered", "held", "released",
        "closed", "reopened", "restricted", "unrestricted", "broke_glass", "opened_to_posts",
    ]

    /// What to say when two people do the same at the same moment.
    static let conflicts = [
        "incident_is_changed_once_at_a_time": "Somebody else changed it at the same moment.",
        "involvement_is_changed_once_at_a_time": "Somebody else changed it at the same moment.",
        "evidence_is_changed_once_at_a_time": "Somebody else changed it at the same moment.",
        "agreement_breach_is_changed_once_at_a_time":
            "Somebody else changed it at the same moment.",
        "action_line_is_answered_once_at_a_time": "Somebody else answered it at the same moment.",
        "parents_decision_is_superseded_once": "Another decision stands in its stead already.",
        "parents_are_decided_on_once": "A decision stands already: name it as superseded.",
        "incident_is_linked_once": "These two are linked so already.",
        "agency_hold_is_released_once": "It is released already.",
        "incident_is_closed_once_at_a_time": "It is closed already.",
        "incident_is_reopened_once": "It is open again already.",
        "incident_is_restricted_once_at_a_time": "Somebody else decided at the same moment.",
        "incident_moves_once_at_a_time": "Somebody else moved it on at the same moment.",
    ]

    /// The parts of one kind, in an order; 404 where the incident is not open to the caller.
    static func list<Part: Resource>(
        _ view: SQL, of id: ID<Incident>, by order: SQL, _ reach: Reach, _ tx: Transaction
    ) async throws -> Listed<Part> {
        let school = try await school(of: id, openedWithin: reach, in: tx)
        return tx.listed(
            """
            select part.* from \(view) as part
            where part.school_id = \(school) and part._incident_id = \(id)
            order by \(order)
            """)
    }

    /// The school of an incident, with its being opened on record.
    static func school(
        of id: ID<Incident>, openedWithin reach: Reach, in tx: Transaction
    ) async throws -> ID<School> {
        let opened = try await tx.run(
            Audit.reading(
                "opened", "incident", limit: 1,
                """
                select incident.school_id, incident.id,
                    can_be_opened_now(incident.restricted_as) as can_be_opened
                from incident_listed as incident
                where incident.id = \(id) and \(reach.sql(.openToThePost))
                """))
        guard let school = opened.uuid(0, "school_id") else { throw Problem(.notFound) }
        guard opened.bool(0, "can_be_opened") == true else { throw Problem(.stepUpRequired) }
        return ID(school)
    }
}

extension OpenedIncident {
    /// Throws, by its place, whatever is said to have happened and lies ahead. Five minutes are
    /// allowed for clocks that differ.
    func checkIsPast(
        _ instants: [(pointer: String, at: Instant?)],
        days: [(pointer: String, on: Day?)] = [], in tx: Transaction
    ) async throws {
        let given = instants.compactMap { place in place.at.map { (place.pointer, $0) } }
        let dated = days.compactMap { place in place.on.map { (place.pointer, $0) } }
        guard !given.isEmpty || !dated.isEmpty else { return }
        let ahead = try await tx.run(
            """
            select given.pointer
            from unnest(\(given.map(\.0))::text[], \(given.map(\.1))::timestamptz[])
                as given (pointer, at)
            where given.at > rowan_now() + interval '5 minutes'
            union all
            select dated.pointer
            from unnest(\(dated.map(\.0))::text[], \(dated.map(\.1))::date[])
                as dated (pointer, day)
            where dated.day > london_today()
            """)
        guard !ahead.isEmpty else { return }
        throw Problem(
            (0..<ahead.count).map { row in
                JSONFault(
                    pointer: ahead.text(row, "pointer") ?? "", code: "in_the_future",
                    detail: "It cannot have happened yet")
            })
    }

    /// Throws `conflict` when a record has as many parts of a kind as one record may have.
    func hasRoom(for limit: Int, _ table: SQL, in tx: Transaction) async throws {
        let found = try await tx.run(
            """
            select count(distinct part.id) as number from \(table) as part
            where part.school_id = \(school) and part.incident_id = \(id)
            """)
        guard let number = found.int(0, "number"), number < limit else {
            throw Problem(.conflict, "A record has at most \(limit) of these.")
        }
    }
}

import JSON
import Postgres

/// Which incidents belong together.
enum Links {
    static let routes: [Route] = [
        .get(
            "/v1/incidents/{incident}/links", "List linked incidents",
            "From both sides; only those that are open to me. The reading is on record.",
            for: Record.readers, onRecord: true, by(list)),
        .post(
            "/v1/incidents/{incident}/links", "Link an incident",
            """
            To another of the same school that is open to me too, or to the same case in another \
            setting, by its name. An incident has at most 200 links, from both sides.
            """,
            for: Record.readers, by(link)),
    ]

    private static let most = 200

    static func list(
        of id: ID<Incident>, within reach: Reach, in tx: Transaction
    ) async throws -> Listed<Link> {
        try await Record.list(
            "incident_link_shown", of: id, by: "part.linked_at, part.id", reach, tx)
    }

    static func link(
        _ id: ID<Incident>, _ made: Link.Made, ifUnchanged: IfUnchanged, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<Link> {
        let incident = try await OpenedIncident.open(
            id, and: made.otherIncidentID, for: .recording, ifUnchanged, within: reach, in: tx)
        if let other = made.otherIncidentID {
            try await incident.checkIsOpenToo(other, at: "/other_incident_id", within: reach, tx)
        }
        try await incident.hasRoomForALink(to: made.otherIncidentID, of: most, in: tx)
        let own = ID<Link>()
        tx.add(
            Audit.written(
                "linked", "incident_link", version: "null",
                """
                insert into incident_link (
                    school_id, incident_id, id, other_id, other_setting, other_reference, relation,
                    words, role)
                values (
                    \(incident.school), \(id), \(own), \(made.otherIncidentID),
                    \(made.otherSetting), \(made.otherReference), \(made.relation),
                    \(made.words), \(incident.role))
                """))
        return Created(
            tx.stored(
                """
                select * from incident_link_shown
                where school_id = \(incident.school) and _incident_id = \(id) and id = \(own)
                """))
    }
}

extension OpenedIncident {
    /// Throws `conflict` when it, or the other, has as many links as one incident may have; both
    /// are held, so that nobody adds one meanwhile.
    fileprivate func hasRoomForALink(
        to other: ID<Incident>?, of limit: Int, in tx: Transaction
    ) async throws {
        let found = try await tx.run(
            """
            select links_of(\(school), \(id)) as own, links_of(\(school), \(other)) as others
            """)
        let links = [("", found.int(0, "own")), ("/other_incident_id", found.int(0, "others"))]
        let full = links.filter { $0.1 ?? limit >= limit }
        guard !full.isEmpty else { return }
        throw Problem(
            conflicts: full.map { pointer, _ in
                Fault(
                    pointer: pointer, code: "too_many_links",
                    detail: "An incident has at most \(limit) links, from both sides")
            })
    }

    /// Throws unless another incident of the school is open to the caller as well.
    func checkIsOpenToo(
        _ other: ID<Incident>, at pointer: String, within reach: Reach, _ tx: Transaction
    ) async throws {
        let found = try await tx.run(
            """
            select from incident_listed as incident
            where incident.school_id = \(school) and incident.id = \(other)
                and incident.id <> \(id) and \(reach.sql(.openToThePost))
            """)
        if found.isEmpty {
            throw Problem([
                JSONFault(
                    pointer: pointer, code: "unknown_incident",
                    detail: "Name another incident of this school that is open to you")
            ])
        }
    }
}

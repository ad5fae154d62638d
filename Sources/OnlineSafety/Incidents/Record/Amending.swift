import JSON
import Postgres

/// Changing what the record says: a new version, beside the one before.
enum Amending {
    static let routes: [Route] = [
        .patch(
            "/v1/incidents/{incident}", "Amend an incident",
            """
            A new version of the record; those before it and the reports stay as they were. The \
            summary must name nobody who is involved or on the roster.
            """,
            for: Record.readers, by(amend)
        ).takingBodies(upTo: 4 << 20)
    ]

    static func amend(
        _ id: ID<Incident>, by amendment: Amendment, ifMatch: IfMatch, within reach: Reach,
        in tx: Transaction
    ) async throws -> Stored<Incident> {
        let incident = try await OpenedIncident.open(id, for: .recording, within: reach, in: tx)
        try ifMatch.check(incident.etag)
        try await amendment.checkDays(of: incident, in: tx)
        if case .value(let summary) = amendment.summary {
            try await incident.checkNamesNobody(summary.string, at: "/summary", in: tx)
        }
        tx.add(incident.amended(by: try JSON.value(of: amendment), as: "amended"))
        return tx.stored(Incidents.record(id, within: reach, with: Inclusion()))
    }
}

extension Amendment {
    /// That it has happened, and ended no earlier than it began: as the record will say it.
    fileprivate func checkDays(of incident: OpenedIncident, in tx: Transaction) async throws {
        try await incident.checkIsPast(
            [("/known_at", knownAt.value)],
            days: [("/occurred_on", occurredOn.value), ("/occurred_until", occurredUntil.value)],
            in: tx)
        guard !occurredOn.isAbsent || !occurredUntil.isAbsent else { return }
        let kept = try await tx.run(
            """
            select case when \(occurredOn.isAbsent) then occurred_on
                    else \(occurredOn.value)::date end
                > case when \(occurredUntil.isAbsent) then occurred_until
                    else \(occurredUntil.value)::date end as is_reversed
            from incident_listed where school_id = \(incident.school) and id = \(incident.id)
            """)
        guard kept.bool(0, "is_reversed") == true else { return }
        throw Problem([
            JSONFault(
                pointer: occurredUntil.isAbsent ? "/occurred_on" : "/occurred_until",
                code: "ends_before_it_begins", detail: "It ends before it begins")
        ])
    }
}

extension OpenedIncident {
    /// Throws when words that must name nobody name somebody of the roster or of this incident.
    func checkNamesNobody(
        _ words: String, at pointer: String, in tx: Transaction
    ) async throws {
        let found = try await tx.run(
            "select names_somebody(\(school), \(id), \(words)) as does")
        if found.bool(0, "does") == true {
            throw Problem([
                JSONFault(
                    pointer: pointer, code: "names_a_person",
                    detail: "Leave out every name: this is read where no child may be known")
            ])
        }
    }
}

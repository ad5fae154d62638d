import JSON
import Postgres

/// Which agreements were broken, and how they stood (AGR-25).
enum Breaches {
    static let routes: [Route] = [
        .get(
            "/v1/incidents/{incident}/breaches", "List broken agreements",
            """
            Which rules were broken by whom, with the version by which they were bound on that \
            day. The reading is on record.
            """,
            for: Record.readers, onRecord: true, by(list)),
        .post(
            "/v1/incidents/{incident}/breaches", "Name a broken agreement",
            """
            By somebody whom the record names. Which version bound them on the day of the \
            incident, and whether they had signed it, is worked out and kept: what is signed or \
            published later does not alter it. For those in charge.
            """,
            for: Record.readers, by(name)),
        .put(
            "/v1/incidents/{incident}/breaches/{breach}", "Correct a broken agreement",
            """
            A new version beside the one before, worked out anew: for another day, where the \
            incident's was corrected. For those in charge.
            """,
            for: Record.readers, by(correct)),
        .delete(
            "/v1/incidents/{incident}/breaches/{breach}", "Withdraw a broken agreement",
            """
            It was named by mistake; what was written stays in the history. For those in charge.
            """,
            for: Record.readers, by(withdraw)),
    ]

    static func list(
        of id: ID<Incident>, within reach: Reach, in tx: Transaction
    ) async throws -> Listed<Breach> {
        try await Record.list("agreement_breach_shown", of: id, by: "part.id", reach, tx)
    }

    static func name(
        in id: ID<Incident>, _ named: Breach.Named, ifUnchanged: IfUnchanged, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<Breach> {
        let incident = try await OpenedIncident.open(
            id, for: .recording, ifUnchanged, within: reach, in: tx)
        try incident.checkIsInCharge()
        try await incident.hasRoom(for: 100, "agreement_breach", in: tx)
        try await incident.checkBound(named, in: tx)
        let own = ID<Breach>()
        tx.add(incident.breaking(named, as: own, version: 1))
        return Created(tx.stored(shown(own, in: incident)))
    }

    static func correct(
        in id: ID<Incident>, _ own: ID<Breach>, to named: Breach.Named, ifMatch: IfMatch,
        within reach: Reach, in tx: Transaction
    ) async throws -> Stored<Breach> {
        let incident = try await OpenedIncident.open(id, for: .recording, within: reach, in: tx)
        try incident.checkIsInCharge()
        let version = try await incident.version(of: .breach, own.uuid, ifMatch, in: tx)
        try await incident.checkBound(named, but: own, in: tx)
        tx.add(incident.breaking(named, as: own, version: version + 1))
        return tx.stored(shown(own, in: incident))
    }

    static func withdraw(
        from id: ID<Incident>, _ own: ID<Breach>, ifMatch: IfMatch, within reach: Reach,
        in tx: Transaction
    ) async throws -> Done {
        let incident = try await OpenedIncident.open(id, for: .recording, within: reach, in: tx)
        try incident.checkIsInCharge()
        let version = try await incident.version(of: .breach, own.uuid, ifMatch, in: tx)
        tx.add(incident.withdrawing(.breach, own.uuid, version))
        return Done()
    }

    private static func shown(_ own: ID<Breach>, in incident: OpenedIncident) -> SQL {
        """
        select * from agreement_breach_shown
        where school_id = \(incident.school) and _incident_id = \(incident.id) and id = \(own)
        """
    }
}

extension VersionedPart {
    fileprivate static let breach = VersionedPart(
        name: "agreement_breach",
        columns: """
            person_id, template_id, template, version_id, number, agreement_id, sha256, clauses,
            breached_on, state, was_current, signed_on, words
            """,
        written: "breach_named", withdrawn: "breach_withdrawn")
}

extension OpenedIncident {
    fileprivate func checkIsInCharge() throws(Problem) {
        if !isInCharge { throw Problem(conflicts: [.notInCharge()]) }
    }

    /// Throws unless the record names the person, these rules bound them on its day and have these
    /// clauses, and no other line says so already.
    fileprivate func checkBound(
        _ named: Breach.Named, but own: ID<Breach>? = nil, in tx: Transaction
    ) async throws {
        let found = try await tx.run(
            """
            select
                exists (
                    select from person_involved as involved
                    where involved.school_id = \(school) and involved._incident_id = \(id)
                        and involved.person_id = \(named.personID)) as is_named,
                exists (
                    select from agreement_breach_shown as other
                    where other.school_id = \(school) and other._incident_id = \(id)
                        and other.person_id = \(named.personID)
                        and other.template_id = \(named.templateID)
                        and other.id is distinct from \(own)::uuid) as is_named_already,
                bound.version_id is not null as is_bound,
                array(
                    select clause ->> 'code' from jsonb_array_elements(bound.clauses) as clause
                ) as codes
            from (values (1)) as once
            left join bound_in_incident(
                \(school), \(id), \(named.personID), \(named.templateID)) as bound on true
            """)
        guard found.bool(0, "is_named") == true else {
            throw Problem([
                JSONFault(
                    pointer: "/person_id", code: "not_involved",
                    detail: "Name them among those involved first")
            ])
        }
        guard found.bool(0, "is_named_already") == false else {
            throw Problem([.namedTwice(at: "/template_id")])
        }
        guard found.bool(0, "is_bound") == true else {
            throw Problem(conflicts: [
                Fault(
                    pointer: "/template_id", code: "nothing_in_force",
                    detail: "No version of these rules bound them on the day of the incident")
            ])
        }
        let codes = found.texts(0, "codes") ?? []
        let unknown = (named.clauses?.elements ?? []).enumerated()
            .filter { !codes.contains($0.element.string) }
        guard unknown.isEmpty else {
            throw Problem(
                unknown.map { place, _ in
                    JSONFault(
                        pointer: "/clauses/\(place)", code: "unknown_clause",
                        detail: "The version that bound them on that day has no such clause")
                })
        }
    }

    /// What bound them on that day, with the clauses that were broken in the order in which the
    /// version has them.
    fileprivate func breaking(
        _ named: Breach.Named, as own: ID<Breach>, version: Int
    ) -> SQL {
        let codes = named.clauses?.elements.map(\.string) ?? []
        return writing(
            .breach,
            """
            select \(school), \(id), \(own), \(version), \(named.personID), \(named.templateID),
                bound.template, bound.version_id, bound.number, bound.agreement_id, bound.sha256,
                jsonb_path_query_array(
                    bound.clauses, '$[*] ? (@.code == $codes[*])',
                    jsonb_build_object('codes', to_jsonb(\(codes)::text[]))),
                bound.breached_on, bound.state, bound.was_current, bound.signed_on,
                \(named.words)::text, \(role)
            from bound_in_incident(
                \(school), \(id), \(named.personID), \(named.templateID)) as bound
            """)
    }
}

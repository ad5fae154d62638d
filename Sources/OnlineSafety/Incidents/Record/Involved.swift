import JSON
import Postgres

/// Who was involved in an incident.
enum Involved {
    static let routes: [Route] = [
        .get(
            "/v1/incidents/{incident}/people", "List those involved",
            "Everybody who is named in the record, with their parts. The reading is on record.",
            for: Record.readers, onRecord: true, by(list)),
        .post(
            "/v1/incidents/{incident}/people", "Name somebody involved",
            """
            Adds somebody with their parts. A person of the roster who is `alleged` does not see \
            the record any more, and it goes to the posts whose business that is; so only those \
            in charge may say it, or take it back.
            """,
            for: Record.readers, by(name)),
        .put(
            "/v1/incidents/{incident}/people/{involvement}", "Correct somebody involved",
            "A new version beside the one before.", for: Record.readers, by(correct)),
        .delete(
            "/v1/incidents/{incident}/people/{involvement}", "Withdraw somebody involved",
            "They were named by mistake; what was written stays in the history.",
            for: Record.readers, by(withdraw)),
    ]

    static func list(
        of id: ID<Incident>, within reach: Reach, in tx: Transaction
    ) async throws -> Listed<Involvement> {
        try await Record.list("involvement_shown", of: id, by: "part.id", reach, tx)
    }

    static func name(
        in id: ID<Incident>, _ person: Involvement.Named, ifUnchanged: IfUnchanged,
        within reach: Reach, in tx: Transaction
    ) async throws -> Created<Involvement> {
        let incident = try await OpenedIncident.open(
            id, for: .recording, ifUnchanged, within: reach, in: tx)
        try await person.checkIsKnown(in: incident, tx)
        try await incident.hasRoom(for: 100, "involvement", in: tx)
        let isOfSubject = try await incident.isInDoubt(person, tx) || person.isAllegedAndKnown
        try incident.checkMayChangeWhoIsAlleged(isOfSubject)
        let own = ID<Involvement>()
        tx.add(incident.naming(person, as: own))
        if isOfSubject { tx.add(incident.sendingOn()) }
        return Created(tx.stored(incident.shown(person, as: own)))
    }

    static func correct(
        in id: ID<Incident>, _ own: ID<Involvement>, to person: Involvement.Named,
        ifMatch: IfMatch, within reach: Reach, in tx: Transaction
    ) async throws -> Stored<Involvement> {
        let incident = try await OpenedIncident.open(id, for: .recording, within: reach, in: tx)
        let version = try await incident.version(of: .involvement, own.uuid, ifMatch, in: tx)
        try await person.checkIsKnown(in: incident, but: own, tx)
        let isOfSubject = try await incident.isAlleged(own, tx) || person.isAllegedAndKnown
        try incident.checkMayChangeWhoIsAlleged(isOfSubject)
        tx.add(incident.naming(person, as: own, version: version + 1))
        if isOfSubject { tx.add(incident.sendingOn()) }
        return tx.stored(incident.shown(person, as: own, version: version + 1))
    }

    static func withdraw(
        from id: ID<Incident>, _ own: ID<Involvement>, ifMatch: IfMatch, within reach: Reach,
        in tx: Transaction
    ) async throws -> Done {
        let incident = try await OpenedIncident.open(id, for: .recording, within: reach, in: tx)
        let version = try await incident.version(of: .involvement, own.uuid, ifMatch, in: tx)
        let isOfSubject = try await incident.isAlleged(own, tx)
        try incident.checkMayChangeWhoIsAlleged(isOfSubject)
        tx.add(incident.withdrawing(.involvement, own.uuid, version))
        if isOfSubject { tx.add(incident.sendingOn()) }
        return Done()
    }
}

extension Involvement.Named {
    /// That the roster knows them, and that they have no other place in the record.
    fileprivate func checkIsKnown(
        in incident: OpenedIncident, but own: ID<Involvement>? = nil, _ tx: Transaction
    ) async throws {
        guard let personID else { return }
        let known = try await tx.run(
            """
            select exists (
                select from involvement_shown as other
                where other.school_id = \(incident.school) and other._incident_id = \(incident.id)
                    and other.person_id = \(personID) and other.id is distinct from \(own)::uuid
            ) as has_a_place
            from person_listed where school_id = \(incident.school) and id = \(personID)
            """)
        if known.isEmpty { throw Problem([.unknownPerson(at: "/person_id")]) }
        if known.bool(0, "has_a_place") == true {
            throw Problem([.namedTwice(at: "/person_id")])
        }
    }

    fileprivate var isAllegedAndKnown: Bool {
        personID != nil && parts.elements.contains(.alleged)
    }
}

extension VersionedPart {
    fileprivate static let involvement = VersionedPart(
        name: "involvement",
        columns: "person_id, name, \"group\", detail, year_group, parts",
        written: "person_named", withdrawn: "person_withdrawn")
}

extension OpenedIncident {
    /// Somebody whom triage names: a new place in the record, or a new version of the one that they
    /// have; nothing where that says the same.
    func namingOnce(_ person: Involvement.Named) -> SQL {
        writing(
            .involvement,
            """
            select \(school), \(id), coalesce(known.id, \(ID<Involvement>())::uuid),
                coalesce(trim('"' from known.etag)::integer, 0) + 1, \(person.personID)::uuid,
                \(person.name)::text, \(person.group)::text, \(person.detail)::text, (
                    select year_group from person_listed
                    where school_id = \(school) and id = \(person.personID)),
                \(person.parts.elements)::text[], \(role)
            from (values (1)) as once
            left join lateral (
                select * from involvement_shown as known
                where known.school_id = \(school) and known._incident_id = \(id)
                    and case
                        when \(person.personID)::uuid is not null
                        then known.person_id = \(person.personID)
                        else known.person_id is null and known.name = \(person.name)
                    end
                order by known.id
                limit 1
            ) as known on true
            where (known.parts, known."group", known.detail) is distinct from (
                \(person.parts.elements)::text[], \(person.group)::text, \(person.detail)::text)
            """)
    }

    /// Somebody's place in the record, as its first version or a later one.
    func naming(
        _ person: Involvement.Named, as own: ID<Involvement> = ID(), version: Int = 1
    ) -> SQL {
        writing(
            .involvement,
            """
            select \(school), \(id), \(own), \(version), \(person.personID), \(person.name),
                \(person.group), \(person.detail), (
                    select year_group from person_listed
                    where school_id = \(school) and id = \(person.personID)),
                \(person.parts.elements)::text[], \(role)
            """)
    }

    /// Those whom the report named, and the record does not yet: nobody is forgotten.
    func namingThoseOfTheReport() -> SQL {
        writing(
            .involvement,
            """
            select \(school), \(id), gen_random_uuid(), 1, known.id, told.name, 
                coalesce(told."group", group_of_a_person(known.kind)), told.detail,
                known.year_group, array[coalesce(told.part, 'other')], \(role)
            from report
            cross join jsonb_to_recordset(report.people) as told (
                person_id uuid, name text, "group" text, detail text, part text)
            left join person_listed as known
                on known.school_id = report.school_id and known.id = told.person_id
            where report.school_id = \(school) and report.incident_id = \(id)
                and num_nonnulls(known.id, told.name) > 0
                and not exists (
                    select from involvement
                    where involvement.school_id = report.school_id
                        and involvement.incident_id = report.incident_id
                        and (
                            involvement.person_id = known.id
                            or lower(involvement.name) = lower(told.name)))
            """)
    }

    /// What was written, for whoever wrote it: it may have gone to other posts than theirs.
    fileprivate func shown(
        _ person: Involvement.Named, as own: ID<Involvement>, version: Int = 1
    ) -> SQL {
        """
        select \(own)::uuid as id, \(school)::uuid as school_id, known.id as person_id,
            coalesce(\(person.name)::text, known.given_name || ' ' || known.family_name) as name,
            \(person.group)::text as "group", \(person.detail)::text as detail, known.year_group,
            \(person.parts.elements)::text[] as parts, '"' || \(version)::integer || '"' as etag
        from (values (1)) as once
        left join person_listed as known
            on known.school_id = \(school) and known.id = \(person.personID)
        """
    }

    /// Who is alleged decides whose business it is, and from whom it is hidden.
    fileprivate func checkMayChangeWhoIsAlleged(_ isChanged: Bool) throws(Problem) {
        if isChanged, !isInCharge { throw Problem(conflicts: [.notInCharge("/parts")]) }
    }

    /// Whether a place in the record is of a person of the roster who is alleged.
    fileprivate func isAlleged(
        _ own: ID<Involvement>, _ tx: Transaction
    ) async throws -> Bool {
        let found = try await tx.run(
            """
            select from involvement_shown
            where school_id = \(school) and _incident_id = \(id) and id = \(own)
                and person_id is not null and (
                    'alleged' = any (parts)
                    or person_id in (select * from people_in_doubt(\(school), \(id))))
            """)
        return !found.isEmpty
    }

    /// Whether it is open so far whether the reports are about a person.
    fileprivate func isInDoubt(
        _ person: Involvement.Named, _ tx: Transaction
    ) async throws -> Bool {
        guard person.personID != nil else { return false }
        let found = try await tx.run(
            """
            select from people_in_doubt(\(school), \(id)) where person_id = \(person.personID)
            """)
        return !found.isEmpty
    }

    /// Sends it, or the one that it is a duplicate of, where it belongs after a change of who is
    /// alleged: whoever is must not see it, whoever is not any longer may.
    func sendingOn(_ other: ID<Incident>? = nil) -> SQL {
        """
        select count(*) from incident
        cross join lateral send_incident_on(incident.school_id, incident.id, incident.concerns)
        where incident.school_id = \(school) and incident.id = \(other ?? id)
        """
    }
}

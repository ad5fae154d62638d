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
            the record any more, and it goes to the posts whose business that is.
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
        in id: ID<Incident>, _ person: Involvement.Named, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Involvement> {
        let incident = try await OpenedIncident.open(id, for: .recording, within: reach, in: tx)
        try await person.checkIsKnown(in: incident.school, tx)
        try await incident.hasRoom(for: 100, "involvement", in: tx)
        let own = ID<Involvement>()
        tx.add(incident.naming(person, as: own))
        try await incident.isSentOnAgain(because: person, in: tx)
        return Created(tx.stored(incident.shown(person, as: own)))
    }

    static func correct(
        in id: ID<Incident>, _ own: ID<Involvement>, to person: Involvement.Named,
        ifMatch: IfMatch, within reach: Reach, in tx: Transaction
    ) async throws -> Stored<Involvement> {
        let incident = try await OpenedIncident.open(id, for: .recording, within: reach, in: tx)
        let version = try await incident.version(of: "involvement_shown", own.uuid, ifMatch, in: tx)
        try await person.checkIsKnown(in: incident.school, tx)
        tx.add(incident.naming(person, as: own, version: version + 1))
        try await incident.isSentOnAgain(because: person, in: tx)
        return tx.stored(incident.shown(person, as: own, version: version + 1))
    }

    static func withdraw(
        from id: ID<Incident>, _ own: ID<Involvement>, ifMatch: IfMatch, within reach: Reach,
        in tx: Transaction
    ) async throws -> Done {
        let incident = try await OpenedIncident.open(id, for: .recording, within: reach, in: tx)
        let version = try await incident.version(of: "involvement_shown", own.uuid, ifMatch, in: tx)
        tx.add(
            Audit.written(
                "person_withdrawn", "involvement",
                """
                insert into involvement (
                    school_id, incident_id, id, version, person_id, name, "group", detail,
                    year_group, parts, is_withdrawn, role)
                select school_id, incident_id, id, version + 1, person_id, name, "group", detail,
                    year_group, parts, true, \(incident.role)
                from involvement
                where school_id = \(incident.school) and incident_id = \(id) and id = \(own)
                    and version = \(version)
                """))
        return Done()
    }
}

extension Involvement.Named {
    fileprivate func checkIsKnown(in school: ID<School>, _ tx: Transaction) async throws {
        guard let personID else { return }
        let known = try await tx.run(
            "select from person_listed where school_id = \(school) and id = \(personID)")
        if known.isEmpty { throw Problem([.unknownPerson(at: "/person_id")]) }
    }

    fileprivate var isAllegedAndKnown: Bool {
        personID != nil && parts.elements.contains(.alleged)
    }
}

extension OpenedIncident {
    /// Somebody's place in the record, as its first version or a later one.
    func naming(
        _ person: Involvement.Named, as own: ID<Involvement> = ID(), version: Int = 1
    ) -> SQL {
        Audit.written(
            "person_named", "involvement",
            """
            insert into involvement (
                school_id, incident_id, id, version, person_id, name, "group", detail, year_group,
                parts, role)
            select \(school), \(id), \(own), \(version), \(person.personID), \(person.name),
                \(person.group), \(person.detail), (
                    select year_group from person_listed
                    where school_id = \(school) and id = \(person.personID)),
                \(person.parts.elements)::text[], \(role)
            """)
    }

    /// Those whom the report named, where the record names nobody yet.
    func namingThoseOfTheReport() -> SQL {
        Audit.written(
            "person_named", "involvement",
            """
            insert into involvement (
                school_id, incident_id, id, version, person_id, name, "group", detail, year_group,
                parts, role)
            select \(school), \(id), gen_random_uuid(), 1, known.id, told.name, told."group",
                told.detail, known.year_group, array[coalesce(told.part, 'other')], \(role)
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
                        and involvement.incident_id = report.incident_id)
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

    /// Whoever is newly alleged must not see it any more, and it may be other posts' business now.
    fileprivate func isSentOnAgain(
        because person: Involvement.Named, in tx: Transaction
    ) async throws {
        guard person.isAllegedAndKnown else { return }
        try await tx.run(
            """
            select count(*) from incident_listed as incident
            cross join lateral send_incident_on(
                incident.school_id, incident.id, incident.concerns) as told
            where incident.school_id = \(school) and incident.id = \(id)
            """)
    }
}

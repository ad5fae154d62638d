import JSON
import Postgres

/// The procedures of an incident: attached, shown, detached.
enum Attaching {
    static let routes: [Route] = [
        .get(
            "/v1/incidents/{incident}/procedures", "List the procedures of an incident",
            """
            What is attached, with where each step stands, until when it is to be taken and what \
            the record does not hold yet for it. The reading is on record.
            """,
            for: Record.readers, onRecord: true, by(list)),
        .post(
            "/v1/incidents/{incident}/procedures", "Attach a procedure",
            """
            Besides those that triage has attached, as it is today, with what belongs with it; by \
            those in charge. Its time counts from now.
            """,
            for: Record.readers, by(attach)),
        .get(
            "/v1/incidents/{incident}/procedures/{attachment}", "Read a procedure of an incident",
            "Step by step. The reading is on record.", for: Record.readers, onRecord: true,
            by(read)),
        .post(
            "/v1/incidents/{incident}/procedures/{attachment}/detachment", "Detach a procedure",
            """
            By those in charge, with the reason, and of what somebody outside the school must \
            learn by those who may waive a step; not when a step of it was answered. What was \
            attached stays in the history.
            """,
            for: Record.readers, by(detach)),
    ]

    static func list(
        of id: ID<Incident>, within reach: Reach, in tx: Transaction
    ) async throws -> Listed<AttachedProcedure> {
        try await Record.list(
            "incident_procedure_shown", of: id, by: "part.attached_at, part.id", reach, tx)
    }

    static func read(
        in id: ID<Incident>, _ own: ID<AttachedProcedure>, within reach: Reach, in tx: Transaction
    ) async throws -> Stored<AttachedProcedure> {
        let school = try await Record.school(of: id, openedWithin: reach, in: tx)
        return tx.stored(shown(own, in: id, at: school))
    }

    static func attach(
        to id: ID<Incident>, _ made: AttachedProcedure.Made, ifUnchanged: IfUnchanged,
        within reach: Reach, in tx: Transaction
    ) async throws -> Created<AttachedProcedure> {
        let incident = try await OpenedIncident.open(
            id, for: .recording, ifUnchanged, within: reach, in: tx)
        let faults = try await incident.unknown([("/code", made.code)], tx)
        guard faults.isEmpty else { throw Problem(faults) }
        let codes = try await incident.procedures(ofTypes: [], chosen: [made.code], tx)
        var against: [Fault] = []
        if !codes.contains(made.code.string) {
            against.append(
                Fault(
                    pointer: "/code", code: "attached_already",
                    detail: "Its steps are ticked off there"))
        }
        if !incident.isInCharge { against.append(.notInCharge()) }
        guard against.isEmpty else { throw Problem(conflicts: against) }
        let attached = codes.map { (code: $0, id: ID<AttachedProcedure>()) }
        incident.attach(attached, in: tx)
        try await incident.becomesAsGraveAsItsProcedures(tx)
        incident.receipts(moveOnTo: .recorded, in: tx)
        let own = attached.first { $0.code == made.code.string }?.id ?? ID()
        return Created(tx.stored(shown(own, in: id, at: incident.school)))
    }

    static func detach(
        from id: ID<Incident>, _ own: ID<AttachedProcedure>,
        because why: AttachedProcedure.Detached, ifUnchanged: IfUnchanged, within reach: Reach,
        in tx: Transaction
    ) async throws -> Done {
        let incident = try await OpenedIncident.open(id, for: .recording, within: reach, in: tx)
        let found = try await tx.run(
            """
            select attached.etag, array(
                    select step.code from incident_step as step
                    where step.school_id = attached.school_id
                        and step._incident_id = attached._incident_id
                        and step._procedure_id = attached.id and step.answer is not null
                    order by step.number
                ) as taken,
                exists (
                    select from incident_step as step
                    where step.school_id = attached.school_id
                        and step._incident_id = attached._incident_id
                        and step._procedure_id = attached.id and step.is_kept
                ) and not caller_may_waive(incident) as is_kept
            from incident_procedure as attached
            join incident
                on incident.school_id = attached.school_id
                and incident.id = attached._incident_id
            where attached.school_id = \(incident.school) and attached._incident_id = \(id)
                and attached.id = \(own)
            """)
        guard let etag = found.text(0, "etag") else { throw Problem(.notFound) }
        try ifUnchanged.check(etag)
        let against =
            (found.texts(0, "taken") ?? []).map { code in
                Fault(
                    pointer: "/steps/\(code)", code: "step_was_taken",
                    detail: "A step of it was answered: it stays attached")
            } + (incident.isInCharge && found.bool(0, "is_kept") != true ? [] : [.notInCharge()])
        guard against.isEmpty else { throw Problem(conflicts: against) }
        tx.add(incident.detaching(own, why.reason.string))
        return Done()
    }

    static func shown(
        _ own: ID<AttachedProcedure>, in id: ID<Incident>, at school: ID<School>
    ) -> SQL {
        """
        select part.* from incident_procedure_shown as part
        where part.school_id = \(school) and part._incident_id = \(id) and part.id = \(own)
        """
    }
}

extension OpenedIncident {
    /// Those that the school has not, or does not use.
    func unknown(
        _ named: [(pointer: String, code: ProcedureCode)], _ tx: Transaction
    ) async throws -> [JSONFault] {
        guard !named.isEmpty else { return [] }
        let found = try await tx.run(
            """
            select named.place::integer as place, known.code is not null as is_known
            from unnest(\(named.map(\.code))::text[]) with ordinality as named (code, place)
            left join procedures_on(\(school), london_today()) as known on known.code = named.code
            where known.is_used is not true
            order by named.place
            """)
        return (0..<found.count).map { row in
            let isKnown = found.bool(row, "is_known") == true
            return JSONFault(
                pointer: named[(found.int(row, "place") ?? 1) - 1].pointer,
                code: isKnown ? "procedure_not_used" : "unknown_procedure",
                detail: isKnown
                    ? "The school does not use this procedure" : "The school has no such procedure")
        }
    }

    /// What is to be attached: what some types bring with them, what was chosen, and what belongs
    /// with those.
    func procedures(
        ofTypes types: [IncidentType], chosen: [ProcedureCode], _ tx: Transaction
    ) async throws -> [String] {
        let found = try await tx.run(
            """
            select array(
                select code from procedures_to_attach(
                    \(school), \(id), \(types)::text[], \(chosen)::text[]) as wanted (code)
            ) as codes
            """)
        return found.texts(0, "codes") ?? []
    }

    /// Attaches procedures as they are today.
    func attach(_ procedures: [(code: String, id: ID<AttachedProcedure>)], in tx: Transaction) {
        guard !procedures.isEmpty else { return }
        tx.add(
            Audit.written(
                "procedure_attached", "incident_part",
                """
                insert into incident_part (
                    school_id, incident_id, id, version, kind, content, people, role)
                select \(school), \(id), given.id, 1, 'procedure',
                    jsonb_strip_nulls(jsonb_build_object(
                        'code', known.code, 'title', known.title, 'source', known.source,
                        'jurisdiction', known.jurisdiction, 'version', known.version,
                        'is_own', known.is_own, 'steps', known.content -> 'steps',
                        'references', known.content -> 'references',
                        'is_of_imagery', known.content -> 'is_of_imagery')),
                    '{}', \(role)
                from unnest(
                    \(procedures.map(\.code))::text[], \(procedures.map(\.id))::uuid[]
                ) as given (code, id)
                join procedures_on(\(school), london_today()) as known on known.code = given.code
                """))
    }

    /// Where the school has it so, an incident of images is of the gravest kind from now on.
    func becomesAsGraveAsItsProcedures(_ tx: Transaction) async throws {
        let found = try await tx.run(
            """
            select as_procedures_want_it(\(school), \(id), said.content) <> said.content
                as is_graver
            from (select content_of_an_incident(\(school), \(id)) as content) as said
            """)
        guard found.bool(0, "is_graver") == true else { return }
        tx.add(amended(by: .object(JSONObject([])), as: "amended"))
    }

    fileprivate func detaching(_ own: ID<AttachedProcedure>, _ reason: String) -> SQL {
        Audit.written(
            "procedure_detached", "incident_part",
            """
            insert into incident_part (
                school_id, incident_id, id, version, kind, content, people, role, is_withdrawn)
            select part.school_id, part._incident_id, part.id, part._version + 1, part._kind,
                part._content || jsonb_build_object('words', \(reason)::text), '{}', \(role), true
            from incident_part_shown as part
            where part.school_id = \(school) and part._incident_id = \(id) and part.id = \(own)
            """)
    }
}

import JSON
import OpenAPI
import Postgres

/// What is done about a complaint, from its acknowledgement until it is closed (24.8).
enum ActingOnComplaints {
    static let route: Route = .post(
        "/v1/complaints/{complaint}/acts", "Act on a complaint",
        """
        By those who handle it. What proves to be of a child protection nature is diverted: it \
        goes on as a restricted incident, reported by whoever diverts it, and is closed here \
        (CMP-04). Closing is refused with everything that is missing (409).
        """,
        for: ListingComplaints.admitted, by(act)
    ).takingBodies(upTo: 128 << 10)

    static func act(
        on id: ID<Complaint>, _ said: ComplaintActSaid, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Complaint> {
        let complaint = try await OpenedComplaint.open(id, reach, in: tx)
        try await complaint.check(said, in: tx)
        try await complaint.checkState(for: said.act, in: tx)
        try await complaint.write(said, by: reach.caller, in: tx)
        return Created(tx.stored(ListingComplaints.one(id, reach)))
    }
}

/// A complaint taken in hand by somebody who handles it; its school is held, so that nobody does
/// anything else with it meanwhile.
private struct OpenedComplaint {
    let id: ID<Complaint>
    let school: ID<School>
    private let state: ComplaintState
    private let isAcknowledged: Bool

    /// Throws where it is not there for the caller, or is not theirs to act on.
    static func open(
        _ id: ID<Complaint>, _ reach: Reach, in tx: Transaction
    ) async throws -> OpenedComplaint {
        tx.add(
            """
            select hold_school(complaint.school_id) from complaint_shown as complaint
            where complaint.id = \(id) and \(reach.sql(.complaints))
            """)
        let found = try await tx.run(
            """
            select complaint.school_id, complaint.state, complaint._standing as standing,
                complaint.acknowledged_on is not null as is_acknowledged
            from complaint_shown as complaint
            where complaint.id = \(id) and \(reach.sql(.complaints))
            """)
        guard let school = found.uuid(0, "school_id"),
            let state = found.text(0, "state").flatMap(ComplaintState.init)
        else { throw Problem(.notFound) }
        guard found.text(0, "standing") == "handles" else {
            throw Problem(.forbidden, "It is with others: you have put it down, or had it before.")
        }
        return OpenedComplaint(
            id: id, school: ID(school), state: state,
            isAcknowledged: found.bool(0, "is_acknowledged") == true)
    }

    /// Throws every fault of what is said.
    func check(_ said: ComplaintActSaid, in tx: Transaction) async throws {
        let people = said.personIDs?.elements ?? []
        let found = try await tx.run(
            """
            select \(said.on)::date > london_today() as is_ahead,
                \(said.on)::date < complaint.received_on as is_before,
                \(said.to)::text is null
                    or complaint_can_go_to(complaint.school_id, complaint.id, \(said.to))
                    as is_somebody_there,
                incident_may_be_named(complaint.school_id, \(said.incidentID)) as is_open,
                array(
                    select named.place::integer
                    from unnest(\(people)::uuid[]) with ordinality as named (id, place)
                    where not exists (
                        select from person_listed as person
                        where person.school_id = complaint.school_id and person.id = named.id)
                    order by named.place
                ) as unknown,
                exists (
                    select from person_listed as person
                    where person.school_id = complaint.school_id
                        and person.id = any(\(people)::uuid[])
                        and person._account_id = caller_account()
                ) as is_own
            from complaint
            where complaint.school_id = \(school) and complaint.id = \(id)
            """)
        var faults: [JSONFault] = []
        if found.bool(0, "is_ahead") == true {
            faults.append(
                JSONFault(pointer: "/on", code: "in_the_future", detail: "It has not happened yet"))
        }
        if found.bool(0, "is_before") == true {
            faults.append(ComplaintFault.fault("/on", "before_it_was_received"))
        }
        if let to = said.to, !Complaints.handlers.contains(to) {
            faults.append(ComplaintFault.fault("/to", "no_handler"))
        } else if found.bool(0, "is_somebody_there") != true {
            faults.append(ComplaintFault.fault("/to", "nobody_there"))
        }
        if found.bool(0, "is_open") != true { faults.append(.unknownIncident) }
        faults += (found.ints(0, "unknown") ?? []).map { place in
            JSONFault(
                pointer: "/person_ids/\(place - 1)", code: "unknown_person",
                detail: "Name somebody of the school's roster")
        }
        if found.bool(0, "is_own") == true {
            faults.append(ComplaintFault.fault("/person_ids", "own_complaint"))
        }
        try said.judge(besides: faults)
    }

    /// Throws all that stands against it; of closing, everything that is missing.
    func checkState(for act: ComplaintAct, in tx: Transaction) async throws {
        guard ComplaintState.open.contains(state) else {
            throw Problem(conflicts: [.wrongState(state, needs: ComplaintState.open)])
        }
        if act == .acknowledged, isAcknowledged {
            throw Problem(.conflict, "That it was received was said already.")
        }
        guard act == .closed else { return }
        let missing = try await tx.run(
            """
            select missing.code, missing.pointer
            from missing_of_a_complaint(\(school), \(id)) as missing
            """)
        let against = (0..<missing.count).map { row in
            ComplaintFault.stands(
                missing.text(row, "code") ?? "", at: missing.text(row, "pointer") ?? "")
        }
        guard against.isEmpty else { throw Problem(conflicts: against) }
    }

    /// Puts it on record, with the incident that it becomes; and tells whoever has it from now on.
    func write(_ said: ComplaintActSaid, by caller: Caller, in tx: Transaction) async throws {
        let incident =
            said.act == .diverted
            ? try await divert(said, by: caller, in: tx) : said.incidentID
        let content = JSON.string(of: said)
        tx.add(
            Audit.written(
                said.act.deed, "complaint_act", version: "null",
                """
                insert into complaint_act (
                    school_id, id, complaint_id, place, act, on_day, content, incident_id, done_as,
                    done_by_name)
                select \(school), \(ID<ComplaintAct>()), \(id), (
                        select coalesce(max(before.place), 0) + 1 from complaint_act as before
                        where before.school_id = \(school) and before.complaint_id = \(id)
                    ), \(said.act), coalesce(\(said.on)::date, london_today()),
                    \(content)::jsonb - 'act' - 'on' - 'incident_id', \(incident),
                    callers_post_at(\(school), \(id)), \(caller.name)
                """))
        if said.act == .rerouted || said.act == .named {
            let found = said.personIDs?.elements ?? []
            tx.add("select settle_complaint(\(school), \(id), \(found)::uuid[])")
        }
    }

    /// Reports it as an incident: a child is at risk, and those whom it is about are alleged.
    private func divert(
        _ said: ComplaintActSaid, by caller: Caller, in tx: Transaction
    ) async throws -> ID<Incident> {
        let found = try await tx.run(
            """
            with alleged as (
                select one ->> 'person_id' as id, coalesce(one ->> 'name', one ->> 'post') as name
                from complaint cross join jsonb_array_elements(complaint.about) as one
                where complaint.school_id = \(school) and complaint.id = \(id)
                union
                select known.id::text, null
                from people_complained_of(\(school), \(id)) as known (id)
                where not exists (
                    select from complaint
                    cross join jsonb_array_elements(complaint.about) as one
                    where complaint.school_id = \(school) and complaint.id = \(id)
                        and one ->> 'person_id' = known.id::text)
            )
            select jsonb_strip_nulls(jsonb_build_object(
                'concerns', concern_of_a_complaint(complaint.matter), 'is_child_at_risk', true,
                'description', concat_ws(
                    repeat(chr(10), 2),
                    'Complaint ' || complaint.reference || ': ' || complaint.subject,
                    complaint.words, \(said.words)::text),
                'spoken_for', complaint.complainant ->> 'name',
                'people', (
                    select jsonb_agg(jsonb_build_object(
                        'person_id', alleged.id, 'name', alleged.name, 'part', 'alleged',
                        'group', case when alleged.id is null then
                            case concern_of_a_complaint(complaint.matter)
                                when 'child' then 'other' else 'staff' end end))
                    from alleged)))::text as report
            from complaint
            where complaint.school_id = \(school) and complaint.id = \(id)
            """)
        guard var text = found.text(0, "report") else { throw Problem(.notFound) }
        let told = try text.withUTF8 { try JSON.parse(UnsafeRawBufferPointer($0)) }
        let report = try JSON.decode(Report.self, from: told)
        return Incidents.file(report, by: caller, at: school, in: tx)
    }
}

import JSON
import Postgres

/// Triage is an act with a record: what was found, who leads, whose business it is from here.
enum Triage {
    static let routes: [Route] = [
        .post(
            "/v1/incidents/{incident}/triage", "Triage an incident",
            """
            Settles what it was, how grave, whom it concerns and who leads. It is then open to the \
            posts of that kind and to its lead, hidden from its subjects, and whoever ought to \
            have known is told. It can be done again when more is known.
            """,
            for: [Role].incidentReaders.admitted(.openToThePost), by(triage)
        ).takingBodies(upTo: 256 << 10)
    ]

    static func triage(
        _ id: ID<Incident>, _ finding: Finding, ifUnchanged: IfUnchanged, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<Triaged> {
        let incident = try await OpenedIncident.open(
            id, for: .triage, ifUnchanged, within: reach, in: tx)
        try await finding.check(against: incident, tx)
        let procedures = try await incident.procedures(
            ofTypes: finding.types.elements, chosen: finding.procedures?.elements ?? [], tx)
        incident.attach(procedures.map { ($0, ID()) }, in: tx)
        tx.add(incident.amended(by: try finding.changes, as: "triaged"))
        for person in finding.people?.elements ?? [] { tx.add(incident.namingOnce(person)) }
        tx.add(incident.namingThoseOfTheReport())
        if incident.status == .loggedOnly { tx.add(incident.openingLinesAgain) }
        incident.move(by: .triage, finding.words?.string, in: tx)
        incident.receipts(moveOnTo: .recorded, in: tx)
        return Created(try await incident.sentOn(as: finding.concerns, in: tx))
    }
}

extension Finding {
    /// The fields of the record that it settles.
    fileprivate var changes: JSONValue {
        get throws {
            // What this triage does not say, the record does not say any more.
            let optional: [CodingKeys] = [
                .otherType, .otherBreach, .heads, .isRepeated, .isIntentional, .hasImbalanceOfPower,
                .isFilteringBreach,
            ]
            let said = try JSON.value(of: self).without(["people", "procedures", "words"])
            return optional.reduce(said) { said, key in
                said[key.rawValue] == nil ? said.with(key.rawValue, .null) : said
            }
        }
    }

    /// What only the roster knows: who can lead, and who the persons are.
    fileprivate func check(against incident: OpenedIncident, _ tx: Transaction) async throws {
        let named = people?.elements ?? []
        let found = try await tx.run(
            """
            select
                exists (
                    select from post
                    join person_listed as lead
                        on lead.school_id = post.school_id and lead._account_id = post._account_id
                    where post.school_id = \(incident.school) and lead.id = \(leadID)
                        and post.role = any(leading_posts(
                            treatment_of_a_report(
                                post.school_id, \(concerns), \(named.alleged)),
                            \(isChildAtRisk)))
                        and not is_subject(
                            post.school_id, \(incident.id), post._account_id, false)
                        and not exists (
                            select from subjects_of_a_report(
                                post.school_id, \(concerns), \(named.alleged)) as subject
                            where subject.account_id = post._account_id)
                ) as can_lead,
                array(
                    select person.id from person_listed as person
                    where person.school_id = \(incident.school)
                        and person.id = any(\(named.compactMap(\.personID)))
                ) as known
            """)
        var faults: [JSONFault] = []
        if found.bool(0, "can_lead") != true {
            faults.append(
                JSONFault(
                    pointer: "/lead_id", code: "cannot_lead",
                    detail: "Name somebody who holds a post that can lead, and whom it does not "
                        + "concern"))
        }
        let known = (found.uuids(0, "known") ?? []).map(ID<Person>.init)
        for (index, person) in named.enumerated() {
            guard let id = person.personID, !known.contains(id) else { continue }
            faults.append(.unknownPerson(at: "/people/\(index)/person_id"))
        }
        faults += try await procedureFaults(in: incident, tx)
        guard faults.isEmpty else { throw Problem(faults) }
    }
}

extension JSONFault {
    static func namedTwice(at pointer: String) -> JSONFault {
        JSONFault(
            pointer: pointer, code: "named_twice",
            detail: "They are named already: give all their parts in one place")
    }

    static func unknownPerson(at pointer: String) -> JSONFault {
        JSONFault(
            pointer: pointer, code: "unknown_person",
            detail: "Nobody of this id is on the school's roster")
    }
}

extension [Involvement.Named] {
    fileprivate var alleged: [ID<Person>] {
        filter { $0.parts.elements.contains(.alleged) }.compactMap(\.personID)
    }
}

extension OpenedIncident {
    /// A new version of the record with these changes, and its entry in the audit.
    func amended(by changes: JSONValue, as deed: StaticString) -> SQL {
        """
        with written as materialized (
            select * from amend_incident(
                \(school), \(id), \(JSON.string(of: changes))::jsonb, \(role))
        )
        \(Audit.entry(
            deed, "incident", of: "written.school_id", id: "written.incident_id",
            version: "written.version", digest: "digest_of(written.salt, written.content)",
            from: "written"))
        """
    }

    /// Lines that were answered together when it was only logged have to be answered after all.
    fileprivate var openingLinesAgain: SQL {
        Audit.written(
            "line_answered", "incident", id: "written.incident_id",
            """
            insert into action_answer (school_id, incident_id, line, version, answer, role)
            select school_id, _incident_id, line, trim('"' from etag)::integer + 1, 'pending',
                \(role)
            from action_line_shown
            where school_id = \(school) and _incident_id = \(id) and answer = 'not_needed'
            """)
    }

    /// Sends it where it now belongs, and tells what came of it: to whoever did it, also when it is
    /// not open to them any more.
    fileprivate func sentOn(
        as concerns: Concern, in tx: Transaction
    ) async throws -> Stored<Triaged> {
        let sent = try await tx.run(
            """
            select coalesce(
                jsonb_agg(
                    jsonb_strip_nulls(jsonb_build_object(
                        'who', who, 'post', role, 'telephone', telephone))
                    order by place_on_the_ladder(role), who),
                '[]')::text as told
            from send_incident_on(\(school), \(id), \(concerns))
            """)
        return tx.stored(
            """
            select \(id)::uuid as id, \(school)::uuid as school_id,
                \(Move.of(.triage, from: status)?.to ?? status)::text as status,
                \(sent.text(0, "told"))::jsonb as told,
                incident.id is not null as is_open_to_me,
                incident.etag
            from (values (1)) as once
            left join incident_listed as incident
                on incident.school_id = \(school) and incident.id = \(id)
            """)
    }
}

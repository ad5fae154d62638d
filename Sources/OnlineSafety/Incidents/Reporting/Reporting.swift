import JSON
import Postgres

// Reporting: the record, its subjects, what was told, the notices and the receipt, in one go.

extension Incidents {
    static func report(
        _ told: Report, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Reported> {
        let school = try school(of: told, reach)
        let report = try await told.naming(knownPersons(in: told, of: school, tx))
        return Created(tx.stored(Filing(report, by: reach.caller, in: school).sql))
    }

    /// Files a report that another area makes for somebody who works at the school; the incident.
    static func file(
        _ report: Report, by caller: Caller, at school: ID<School>, in tx: Transaction
    ) -> ID<Incident> {
        let filing = Filing(report, by: caller, in: school)
        tx.add(filing.sql)
        return filing.incident
    }

    /// The school that the report names, or the only one in which the reporter works.
    private static func school(
        of report: Report, _ reach: Reach
    ) throws(Problem) -> ID<School> {
        let schools = reach.schools(.ownSchool)
        if let school = report.schoolID, schools.contains(school) { return school }
        if report.schoolID == nil, schools.count == 1 { return schools[0] }
        throw Problem([
            JSONFault(
                pointer: "/school_id", code: report.schoolID == nil ? "required" : "unknown_school",
                detail: "Name one of the schools in which you work")
        ])
    }

    /// Those of the persons named by id who are on the school's roster.
    private static func knownPersons(
        in report: Report, of school: ID<School>, _ tx: Transaction
    ) async throws -> [ID<Person>] {
        let named = report.people?.elements.compactMap(\.personID) ?? []
        guard !named.isEmpty else { return [] }
        let known = try await tx.run(
            """
            select person.id from person_listed as person
            where person.school_id = \(school) and person.id = any(\(named))
            """)
        return (0..<known.count).compactMap { known.uuid($0, "id").map(ID.init) }
    }
}

/// A report on its way into the register.
private struct Filing {
    let report: Report
    let caller: Caller
    let school: ID<School>
    let incident = ID<Incident>()
    let id = ID<Report>()
    let reference = Reference()

    init(_ report: Report, by caller: Caller, in school: ID<School>) {
        self.report = report
        self.caller = caller
        self.school = school
    }

    private var row: SQL {
        report.row(
            adding: """
                jsonb_build_object(
                    'id', \(id)::uuid, 'incident_id', \(incident)::uuid,
                    'school_id', \(school)::uuid, 'reporter_name', \(caller.name)::text,
                    'completed_on', coalesce(\(report.completedOn)::date, london_today()))
                """)
    }

    /// Files it, and answers with the receipt: who was told, and whom to ring.
    var sql: SQL {
        """
        with told as materialized (
            select \(row) as report
        ), recipient as materialized (
            select reached.* from told
            cross join lateral file_report(told.report, \(reference), \(report.urgency)) as reached
        )
        select
            \(incident)::uuid as id, \(school)::uuid as school_id, \(reference)::text as reference,
            'received' as status, rowan_now() as reported_at,
            case
                when not exists (select from recipient) then \(Reported.Next.nobody)
                when \(caller.seesReceipts(in: school)) then \(Reported.Next.receipt)
                else \(Reported.Next.usual)
            end as next,
            (
                select coalesce(
                    jsonb_agg(
                        jsonb_strip_nulls(jsonb_build_object(
                            'who', who, 'post', role, 'telephone', telephone))
                        order by place_on_the_ladder(role), who),
                    '[]')
                from recipient
            ) as told,
            jsonb_build_array(jsonb_build_object(
                'who', 'Police, ambulance', 'telephone', '999',
                'when', 'A child is in immediate danger')) || (
                select coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'who', who, 'post', role, 'telephone', telephone,
                            'when', 'It cannot wait')
                        order by place_on_the_ladder(role), who),
                    '[]')
                from recipient where telephone is not null
            ) as ring_now,
            (
                select coalesce(jsonb_agg(aside - 'value'), '[]') from told
                cross join lateral report_taken(told.report) as taken
                cross join lateral jsonb_array_elements(taken.set_aside) as aside
            ) as warnings,
            '"r1"' as etag
        """
    }
}

extension Caller {
    /// Whether a post of theirs shows them what became of their own reports.
    fileprivate func seesReceipts(in school: ID<School>) -> Bool {
        [Role].receiptReaders.contains { holds($0, in: school) }
    }
}

import Crypto
import JSON
import Postgres

// Reporting: the record, its subjects, what was told, the notices and the receipt, in one go.

extension Incidents {
    static func report(
        _ report: Report, within reach: Reach, in tx: Transaction
    ) throws -> Created<Reported> {
        let filing = Filing(report, by: reach.caller, in: try school(of: report, reach))
        filing.openRecord(in: tx)
        filing.nameSubjects(in: tx)
        filing.keepWhatWasTold(in: tx)
        filing.notify(in: tx)
        filing.giveReceipt(in: tx)
        return Created(filing.answer(in: tx))
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

    private var isChildAtRisk: Bool { report.isChildAtRisk ?? false }

    /// Who is told: one statement's source, wherever it is asked.
    private var recipients: SQL {
        """
        recipients_of_a_report(
            \(school), \(report.concerns), \(isChildAtRisk), \(report.alleged)::uuid[])
        """
    }

    func openRecord(in tx: Transaction) {
        tx.add(
            """
            insert into incident (
                school_id, id, reference, concerns, is_child_at_risk, urgency, types, occurred_on,
                occurred_time, occurred_until, is_approximate, known_at, readers)
            select
                \(school), \(incident), \(reference), \(report.concerns), \(isChildAtRisk),
                \(report.urgency), \(report.types ?? []), \(report.occurredOn),
                \(report.occurredTime), \(report.occurredUntil), \(report.isApproximate ?? false),
                \(report.knownAt),
                posts_that_may_read(
                    \(report.concerns), \(isChildAtRisk),
                    array(select role from \(recipients) as recipient))
            """)
    }

    func nameSubjects(in tx: Transaction) {
        tx.add(
            """
            insert into incident_subject (school_id, incident_id, account_id, basis)
            select \(school), \(incident), account_id, basis
            from subjects_of_a_report(\(school), \(report.concerns), \(report.alleged)::uuid[])
            """)
    }

    /// The report as it was told, and the entry that covers it: one statement, so that the digest
    /// is of the very row.
    func keepWhatWasTold(in tx: Transaction) {
        tx.add(
            """
            with told as (
                select jsonb_populate_record(
                    null::report,
                    \(JSON.string(of: report))::jsonb || jsonb_build_object(
                        'school_id', \(school)::uuid, 'incident_id', \(incident)::uuid,
                        'id', \(id)::uuid, 'reported_by', \(caller.account)::uuid,
                        'reporter_name', \(caller.name)::text,
                        'reported_at', rowan_now(),
                        'completed_on', coalesce(\(report.completedOn)::date, london_today()),
                        'channel', \(report.channel ?? .form)::text,
                        'intent', \(report.intent ?? .unknown)::text,
                        'is_approximate', \(report.isApproximate ?? false)::boolean,
                        'types', \(report.types ?? [])::text[],
                        'locations', \(report.locations ?? [])::text[],
                        'social_media', \(report.socialMedia ?? [])::text[],
                        'people', \(JSON.string(of: report.people ?? []))::jsonb,
                        'set_aside', \(JSON.string(of: report.aside))::jsonb,
                        'salt', \(Random.bytes(16))::bytea)
                ) as report
            ), kept as (
                insert into report select (told.report).* from told
            )
            \(Audit.entry(
                "reported", "incident", of: "\(school)", id: "\(incident)", version: "1",
                digest: "digest_of((told.report).salt, report_content(told.report))",
                from: "told"))
            """)
    }

    /// A reference, a kind, an urgency: no name, no detail (NOT-01, NOT-02).
    func notify(in tx: Transaction) {
        tx.add(
            """
            select send_notice(
                \(school), account_id, role, 'incident_reported', \(report.urgency), \(reference),
                \(incident))
            from \(recipients) as recipient
            """)
    }

    func giveReceipt(in tx: Transaction) {
        tx.add(
            """
            insert into receipt (school_id, incident_id, report_id, account_id, reference)
            values (\(school), \(incident), \(id), \(caller.account), \(reference))
            """)
    }

    func answer(in tx: Transaction) -> Stored<Reported> {
        tx.stored(
            """
            with recipient as (select * from \(recipients) as recipient)
            select
                receipt.id, receipt.school_id, receipt.reference, receipt.status,
                receipt.reported_at,
                case when exists (select from recipient)
                    then \(Reported.Next.usual) else \(Reported.Next.nobody) end as next,
                (
                    select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                        'who', who, 'post', role, 'telephone', telephone))
                        order by place_on_the_ladder(role), who), '[]')
                    from recipient
                ) as told,
                jsonb_build_array(jsonb_build_object(
                    'who', 'Police, ambulance', 'telephone', '999',
                    'when', 'A child is in immediate danger')) || (
                    select coalesce(jsonb_agg(jsonb_build_object(
                        'who', who, 'post', role, 'telephone', telephone,
                        'when', 'It cannot wait')
                        order by place_on_the_ladder(role), who), '[]')
                    from recipient where telephone is not null
                ) as ring_now,
                \(JSON.string(of: report.warnings))::jsonb as warnings,
                receipt.etag
            from receipt_shown as receipt
            where receipt.school_id = \(school) and receipt.id = \(incident)
            """)
    }
}

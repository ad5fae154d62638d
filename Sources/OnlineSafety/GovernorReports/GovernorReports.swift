import JSON
import OpenAPI
import Postgres

/// What governors are told of incidents each term, and the leadership team by the coordinator:
/// figures without names, frozen (RPT-01, RPT-02, RPT-07, RPT-08).
enum GovernorReports {
    static let area = Area(
        name: "Governor reports",
        words: """
            Summaries of incidents for governors and for the leadership team, without names and \
            small numbers.
            """,
        routes: routes,
        conflicts: [
            "governor_report_is_issued_once_at_a_time": "Somebody else issued one just now."
        ],
        faults: faults,
        vocabularies: [
            Vocabulary("report_audiences", GovernorReport.Audience.self),
            Vocabulary("report_consequences", GovernorReport.Consequence.self),
            Vocabulary("report_measures", GovernorReport.Measure.self),
            Vocabulary("report_outcomes", GovernorReport.Outcome.self),
            Vocabulary("report_states", GovernorReport.State.self),
        ],
        deeds: ["governor_report_issued"],
        unlikeTheirEntries: ["select school_id, id from governor_report_unlike_its_entry"],
        settings: [termly],
        toDo: [toIssue],
        duties: [
            DutyKind(
                kind: "governor_report_due", words: "The governors are to be told of a term",
                link: "/v1/governor-reports?school_id={school}")
        ],
        holds: [.governorReports])

    static let issuers: [Role] = [.onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher]
    static let readers =
        issuers + [.seniorLeader, .governor, .linkGovernor, .chairOfGovernors]

    static let routes: [Route] = [
        .get(
            "/v1/governor-reports", "List governor reports",
            """
            The reports that were issued, the latest first; governors see those that are for them. \
            Taking it as a table is on record.
            """,
            for: readers.admitted(.governorReports), by(list)
        ).recordingTables(),
        .post(
            "/v1/governor-reports", "Issue a governor report",
            """
            Counts the incidents that were reported since the report before, freezes the figures \
            with what is said to them, and tells who was to receive it. Each incident is counted \
            in one report; a figure of 1 to 4 is suppressed, and whatever would tell it, for \
            ever: all figures where there were 1 to 4 incidents; all outcomes where one is; of \
            another measure the first figure that is more than 4, and all where that were not \
            enough; and twelve months of which a part is. Zero is told as 0. Those for the \
            leadership team are counted apart, and read by it alone (RPT-02).
            """,
            for: issuers.admitted(.governorReports), by(issue)),
        .get(
            "/v1/governor-reports/{report}", "Read a governor report",
            "As it was issued, with its figures. The reading is on record.",
            for: readers.admitted(.governorReports), onRecord: true, by(read)),
        preview,
    ]

    private static let toIssue = ToDo.duties(
        "governor_report_to_issue", "The governors are to be told of a term",
        of: ["governor_report_due"], for: [.onlineSafetyCoordinator, .dsl, .deputyDSL]
    ) { schools in
        """
        select own.school_id, told.*
        from unnest(\(schools)::uuid[]) as own (school_id)
        cross join lateral duties_of_governor_reports(own.school_id, null) as told
        """
    }

    private static let termly = Setting(
        "governor_reports_termly", "Termly report to governors",
        "Whether the governors are told of incidents each term (001; T-04).", .flag, usual: true,
        stronger: .true)

    private static let faults = [
        "not_over": "Give a day that is over, so that nothing more is reported on it",
        "reported_already": "The report before counted that day; give a later one",
        "near_the_other":
            "Let it end with a report for the other audience, or four weeks from its last day",
        "may_name_a_person":
            "A family name stands in it, or a given name that few on roll have; where no such word "
            + "names anybody, say so with `names_nobody`",
    ]

    static func list(
        _ filter: GovernorReportFilter, _ page: PageRequest<GovernorReportOrder>,
        within reach: Reach, in tx: Transaction
    ) -> Page<GovernorReport> {
        tx.page(page, onRecord: page.asTable("governor_report")) { page in
            """
            select report.id, report.school_id, report.audience, report.number, report.from_on,
                report.until_on,
                report.commentary, report.received_by, report.issued_by, report.issued_at,
                report.id as _id, \(page.order.key) as _key
            from governor_report_shown as report
            where \(reach.sql(.governorReports)) and \(filter.sql) and \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }

    static func read(
        _ id: ID<GovernorReport>, within reach: Reach, in tx: Transaction
    ) -> Stored<GovernorReport> {
        tx.stored(Audit.reading("opened", "governor_report", limit: 1, one(id, reach)))
    }

    static func issue(
        _ said: GovernorReport.Said, within reach: Reach, in tx: Transaction
    ) async throws -> Created<GovernorReport> {
        let school = try reach.school(said.schoolID, .governorReports)
        // First held, then looked where it begins: no two reports count the same day.
        tx.add("select hold_school(\(school))")
        let id = ID<GovernorReport>()
        let audience = said.audience ?? .governors
        let days = try await ReportDays.next(
            of: school, for: audience, until: said.untilOn, in: tx)
        var found = days.faults.map { code in
            JSONFault(pointer: "/until_on", code: code, detail: words(of: code))
        }
        found += try await PlacedText.faults(
            of: [PlacedText("/commentary", said.commentary.string)], at: school, in: tx)
        found += try await doubts(of: said, at: school, found, in: tx)
        guard found.isEmpty else { throw Problem(found) }
        tx.add(
            Audit.written(
                "governor_report_issued", "governor_report", version: "null",
                """
                insert into governor_report (
                    school_id, id, audience, number, from_on, until_on, commentary, figures,
                    received_by, issued_by_name)
                select \(school), \(id), \(audience), coalesce(max(before.number), 0) + 1,
                    \(days.from)::text::date, \(days.until)::text::date, \(said.commentary),
                    governor_figures(
                        \(school), \(days.from)::text::date, \(days.until)::text::date,
                        \(GovernorReportCells.measures), \(GovernorReportCells.words)),
                    recipients_of_reports(\(school), \(audience)), \(reach.caller.name)
                from governor_report as before
                where before.school_id = \(school) and before.audience = \(audience)
                """))
        return Created(tx.stored(one(id, reach)))
    }

    /// That a commentary which names nobody in full may name somebody all the same, unless whoever
    /// issues the report says that it does not.
    private static func doubts(
        of said: GovernorReport.Said, at school: ID<School>, _ found: [JSONFault],
        in tx: Transaction
    ) async throws -> [JSONFault] {
        let isNamed = found.contains { $0.pointer == "/commentary" }
        guard !isNamed, said.namesNobody != true else { return [] }
        let asked = try await tx.run(
            "select may_name_one_of_the_roster(\(school), \(said.commentary)) as may_be")
        guard asked.bool(0, "may_be") == true else { return [] }
        let code = "may_name_a_person"
        return [JSONFault(pointer: "/commentary", code: code, detail: words(of: code))]
    }

    static func words(of code: String) -> String { faults[code] ?? "Not as things stand" }

    private static func one(_ id: ID<GovernorReport>, _ reach: Reach) -> SQL {
        """
        select report.* from governor_report_shown as report
        where report.id = \(id) and \(reach.sql(.governorReports))
        """
    }
}

/// What a report counts: the words, each beside its measure.
package enum GovernorReportCells {
    package static let measures = all.map(\.measure)
    package static let words = all.map(\.word)

    private static let all = GovernorReport.Measure.allCases.flatMap { measure in
        measure.counted.map { (measure: measure.rawValue, word: $0) }
    }
}

extension Relation {
    static let governorReports = Relation(
        "own school's governor reports",
        "The reports for the post that were issued in the schools in which it is held (section 25)."
    ) { _, schools in
        """
        (
            report.school_id = any(\(schools))
            and caller_reads_reports_for(report.school_id, report.audience))
        """
    }
}

/// Which reports to list.
struct GovernorReportFilter: Filter {
    let school: ID<School>?
    let audiences: [GovernorReport.Audience]?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        audiences = query.words("audience", GovernorReport.Audience.self)
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .words("audience", "Only for these.", GovernorReport.Audience.self),
    ]

    var sql: SQL {
        """
        (\(school)::uuid is null or report.school_id = \(school))
        and (\(audiences)::text[] is null or report.audience = any(\(audiences)))
        """
    }
}

/// The order in which they are listed.
enum GovernorReportOrder: String, SortOrder {
    case latest = "-until_on"

    var sql: SQL { "report.until_on desc, report.id desc" }
    var key: SQL { "report.until_on::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        "(report.until_on, report.id) < (\(key)::text::date, \(id)::uuid)"
    }
}

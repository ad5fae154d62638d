import JSON
import OpenAPI
import Postgres

/// What a report would tell if it were issued now, kept nowhere: so that those who write to the
/// governors see the figures first.
struct GovernorReportPreview: Resource {
    let schoolID: ID<School>
    let fromOn: Day
    let untilOn: Day
    let cells: [Cell]
    let receivedBy: [GovernorReport.Recipient]

    static let isTagged = false
    static let words = "What a governors' report would tell if it were issued now."
    static var example: GovernorReportPreview {
        GovernorReportPreview(
            schoolID: .example, fromOn: .example, untilOn: .example, cells: [.example],
            receivedBy: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case cells
        case schoolID = "school_id"
        case fromOn = "from_on"
        case untilOn = "until_on"
        case receivedBy = "received_by"

        var words: String {
            switch self {
            case .schoolID: "The school."
            case .fromOn: GovernorReport.CodingKeys.fromOn.words
            case .untilOn: GovernorReport.CodingKeys.untilOn.words
            case .cells: "The figures, suppressed as those of a report are."
            case .receivedBy: "Who would receive it today."
            }
        }
    }

    /// How many incidents of a kind there were.
    struct Cell: Codable, Exemplary {
        let measure: GovernorReport.Measure
        let word: String?
        let state: GovernorReport.State
        let count: Int?

        static var example: Cell {
            Cell(measure: .type, word: "cyberbullying", state: .counted, count: 7)
        }

        enum CodingKeys: String, FieldWords {
            case measure, word, state, count

            var words: String {
                GovernorReport.Cell.CodingKeys(rawValue: rawValue)?.words ?? ""
            }
        }
    }
}

extension GovernorReports {
    static let preview: Route = .get(
        "/v1/schools/{school}/governor-report-preview", "Preview a governor report",
        """
        The figures and those who would receive it, as `POST /v1/governor-reports` would freeze \
        them, with the same suppression; nothing is kept but that it was read. By those alone who \
        know of every incident that is counted: the figures up to two days, one less the other, \
        tell what was reported between them.
        """,
        for: previewers.admitted(.governorReports), onRecord: true, by(preview))

    /// Those who issue reports and know of restricted incidents too.
    private static let previewers = issuers.filter { $0 != .onlineSafetyCoordinator }

    static func preview(
        of school: ID<School>, _ asked: GovernorReportUntil, within reach: Reach,
        in tx: Transaction
    ) async throws -> Stored<GovernorReportPreview> {
        let days = try await ReportDays.next(
            of: school, for: asked.audience, until: asked.until, in: tx)
        if reach.schools(.governorReports).contains(school), !days.faults.isEmpty {
            throw Problem(
                parameters: days.faults.map { code in
                    Fault(parameter: "until_on", code: code, detail: words(of: code))
                })
        }
        let seen: SQL = """
            select report.school_id, \(days.from)::text::date as from_on,
                \(days.until)::text::date as until_on,
                recipients_of_reports(report.school_id, \(asked.audience)) as received_by, (
                    select jsonb_agg(
                        jsonb_strip_nulls(jsonb_build_object(
                            'measure', measure.key, 'word', nullif(cell.key, ''),
                            'state', case when cell.value = 'null' then 'suppressed'
                                else 'counted' end,
                            'count', cell.value))
                        order by measure.key, cell.key)
                    from jsonb_each(governor_figures(
                        report.school_id, \(days.from)::text::date, \(days.until)::text::date,
                        \(GovernorReportCells.measures), \(GovernorReportCells.words)))
                        as measure
                    cross join lateral jsonb_each(measure.value) as cell
                ) as cells
            from (
                select school.id as school_id, \(asked.audience)::text as audience from school
                where school.id = \(school)
            ) as report
            where \(reach.sql(.governorReports))
            """
        return tx.stored(
            Audit.reading(
                "opened", "governor_report_preview", limit: 1, naming: "school_id", seen))
    }
}

/// The days of which the next report of a school counts, and what is wrong with them, by codes.
struct ReportDays {
    let from: String
    let until: String
    let faults: [String]

    /// Up to this day; up to yesterday, where none is named. Some read the reports for both
    /// audiences: two that end on days that are near each other would tell by their difference what
    /// came between (RPT-07). So they end on the same day, or four weeks apart.
    static func next(
        of school: ID<School>, for audience: GovernorReport.Audience, until day: Day?,
        in tx: Transaction
    ) async throws -> ReportDays {
        let days = try await tx.run(
            """
            select governor_report_begins(\(school), \(audience))::text as from_on,
                ends.on_day::text as until_on, london_today()::text as today,
                exists (
                    select from governor_report as other
                    where other.school_id = \(school) and other.audience <> \(audience)
                        and other.until_on <> ends.on_day
                        and abs(other.until_on - ends.on_day) < 28) as is_near
            from (select coalesce(\(day)::date, london_today() - 1)) as ends (on_day)
            """)
        guard let from = days.text(0, "from_on"), let until = days.text(0, "until_on"),
            let today = days.text(0, "today")
        else { throw Problem(.notFound) }
        return ReportDays(
            from: from, until: until,
            faults: (until >= today ? ["not_over"] : [])
                + (until < from ? ["reported_already"] : [])
                + (days.bool(0, "is_near") == true ? ["near_the_other"] : []))
    }
}

/// Up to which day a report would count.
struct GovernorReportUntil: Filter {
    let until: Day?
    let audience: GovernorReport.Audience

    init(_ query: inout QueryReader) {
        until = query.day("until_on")
        audience = query.word("audience", GovernorReport.Audience.self) ?? .governors
    }

    static let parameters: [Parameter] = [
        .query(
            "until_on", "Up to this day, which is over; yesterday when not given.",
            .text(format: "date"), "2026-11-20"),
        .words("audience", "For whom; `governors` when not given.", GovernorReport.Audience.self),
    ]
}

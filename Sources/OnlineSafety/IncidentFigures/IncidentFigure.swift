import JSON
import OpenAPI
import Postgres

/// How many incidents of a kind a school had in a period. What is small is not told (RPT-07).
struct IncidentFigure: Resource {
    static let isTagged = false

    let id: ID<IncidentFigure>
    let schoolID: ID<School>
    let school: String?
    let academicYear: String
    let period: Period
    let startsOn: Day
    let endsOn: Day
    let measure: Measure
    let word: String?
    let count: Int?
    let isSuppressed: Bool
    let changedOn: Day

    static let words = "How many incidents of a kind a school had in a period."
    static var example: IncidentFigure {
        IncidentFigure(
            id: .example, schoolID: .example, school: "Hawthorn Infant School",
            academicYear: "2026/27", period: .term, startsOn: .example, endsOn: .example,
            measure: .type, word: "cyberbullying", count: 12, isSuppressed: false,
            changedOn: .example)
    }

    /// They lie within one another: a term has four months, a year three terms.
    enum Period: String, Words {
        case academicYear = "academic_year"
        case term
        case month

        var label: String {
            switch self {
            case .academicYear: "Academic year, from September"
            case .term: "Term: September to December, January to April, May to August"
            case .month: "Month"
            }
        }
    }

    /// By what incidents are counted.
    enum Measure: String, Words {
        case incidents
        case status
        case type
        case riskCategory = "risk_category"
        case allegations

        var label: String {
            switch self {
            case .incidents: "All incidents that concern a child, duplicates left out"
            case .status: "By where they stand"
            case .type: "By type; an incident may have several, or none"
            case .riskCategory: "By risk category; an incident may have several, or none"
            case .allegations: "What concerns an adult of the school; for its trust alone"
            }
        }

        /// The words that are counted; of all incidents, and of allegations, one that is empty.
        var counted: [String] {
            switch self {
            case .incidents, .allegations: [""]
            case .status:
                IncidentStatus.ofARecord.map(\.rawValue)
            case .type: IncidentType.allCases.map(\.rawValue)
            case .riskCategory: RiskCategory.allCases.map(\.rawValue)
            }
        }
    }

    enum CodingKeys: String, FieldWords {
        case id, school, period, measure, word, count
        case schoolID = "school_id"
        case academicYear = "academic_year"
        case startsOn = "starts_on"
        case endsOn = "ends_on"
        case isSuppressed = "is_suppressed"
        case changedOn = "changed_on"

        var words: String {
            switch self {
            case .id: "The figure: the same whenever it is pulled."
            case .schoolID: "The school."
            case .school: "Its name; absent where a client has not `schools.read`."
            case .academicYear: "The academic year in which the period lies."
            case .period: "How long the period is."
            case .startsOn: "Its first day."
            case .endsOn: "Its last day."
            case .measure: "By what incidents are counted."
            case .word: "The status, type or risk category; absent for all incidents."
            case .count: "How many; 0 or more than 4. Absent where it is suppressed."
            case .isSuppressed:
                "It is not told: 1 to 4, or from it such a number could be worked out."
            case .changedOn: "The day on which it was found to be another than before."
            }
        }
    }
}

/// Which figures to list.
struct FigureFilter: Filter {
    let school: ID<School>?
    let year: String?
    let period: [IncidentFigure.Period]?
    let measure: [IncidentFigure.Measure]?
    let changedSince: Day?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        year = query.take("academic_year")
        period = query.words("period", IncidentFigure.Period.self)
        measure = query.words("measure", IncidentFigure.Measure.self)
        changedSince = query.day("changed_since")
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .query("academic_year", "Only of this academic year.", .text(), "2026/27"),
        .words("period", "Only of periods so long.", IncidentFigure.Period.self),
        .words("measure", "Only counted so.", IncidentFigure.Measure.self),
        .query(
            "changed_since", "Only what was found to be another on that day or since.",
            .text(format: "date"), "2026-11-20"),
    ]

    var sql: SQL {
        """
        (\(school)::uuid is null or figure.school_id = \(school))
        and (\(year)::text is null or figure.academic_year = \(year))
        and (\(period)::text[] is null or figure.period = any(\(period)))
        and (\(measure)::text[] is null or figure.measure = any(\(measure)))
        and (\(changedSince)::date is null or figure.changed_on >= \(changedSince)::date)
        """
    }
}

/// The order in which figures are listed: a school after the other, a year after the other.
enum FigureOrder: String, SortOrder {
    case place

    var sql: SQL { "figure.school_id, figure._place, figure.id" }
    var key: SQL { "figure.school_id::text || figure._place" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        "(figure.school_id, figure._place) > (left(\(key), 36)::uuid, substr(\(key), 37))"
    }
}

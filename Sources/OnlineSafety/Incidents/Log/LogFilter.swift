import OpenAPI
import Postgres

/// Which lines of the log to show. Only by what every form of it shows: to be found by what is not
/// shown would tell it.
struct LogFilter: Filter {
    let school: ID<School>?
    let since: Day?
    let before: Day?
    let status: [IncidentStatus]?
    let closedAs: [Closure.Kind]?
    let types: [IncidentType]?
    let riskCategories: [RiskCategory]?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        since = query.day("since")
        before = query.day("before")
        status = query.words("status", IncidentStatus.self)
        closedAs = query.words("closed_as", Closure.Kind.self)
        types = query.words("type", IncidentType.self)
        riskCategories = query.words("risk_category", RiskCategory.self)
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .query("since", "On this day or later; the day is that of the line.", Day.schema, nil),
        .query("before", "Before this day.", Day.schema, nil),
        .words("status", "Only in these states.", IncidentStatus.self),
        .words("closed_as", "Only those that were closed as one of these.", Closure.Kind.self),
        .words("type", "Only those of one of these types.", IncidentType.self),
        .words("risk_category", "Only those in one of these categories.", RiskCategory.self),
    ]

    /// Those of these schools that are asked for.
    func schools(_ all: [ID<School>]) -> [ID<School>] {
        all.filter { school == nil || $0 == school }
    }

    /// What is asked, as the database's `log_question`; `place` is where the page before ended.
    func question(after place: Cursor.Position?) -> SQL {
        """
        row(
            \(since)::date, \(before)::date, \(status)::text[], \(closedAs)::text[],
            \(types)::text[], \(riskCategories)::text[], \(place?.key)::date, \(place?.id)::uuid
        )::log_question
        """
    }
}

/// The orders in which the log can be had.
enum LogOrder: String, SortOrder {
    case newest = "-date"
    case oldest = "date"

    var sql: SQL {
        switch self {
        case .newest: "incident._logged_on desc, incident.id desc"
        case .oldest: "incident._logged_on, incident.id"
        }
    }

    var key: SQL { "incident._logged_on::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        switch self {
        case .newest: "(incident._logged_on, incident.id) < (\(key)::date, \(id)::uuid)"
        case .oldest: "(incident._logged_on, incident.id) > (\(key)::date, \(id)::uuid)"
        }
    }
}

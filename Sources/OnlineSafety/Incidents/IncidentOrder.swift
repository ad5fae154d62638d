import Postgres

/// The orders in which incidents can be listed.
enum IncidentOrder: String, SortOrder {
    case newestReport = "-reported_at"
    case oldestReport = "reported_at"

    var sql: SQL {
        switch self {
        case .newestReport: "incident.reported_at desc, incident.id desc"
        case .oldestReport: "incident.reported_at, incident.id"
        }
    }

    var key: SQL { "incident.reported_at::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        switch self {
        case .newestReport:
            "(incident.reported_at, incident.id) < (\(key)::timestamptz, \(id)::uuid)"
        case .oldestReport:
            "(incident.reported_at, incident.id) > (\(key)::timestamptz, \(id)::uuid)"
        }
    }
}

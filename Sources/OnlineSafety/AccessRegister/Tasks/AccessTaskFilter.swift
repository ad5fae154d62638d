import OpenAPI
import Postgres

/// Which tasks to list.
struct AccessTaskFilter: Filter {
    let school: ID<School>?
    let system: ID<AccessSystem>?
    let tasks: [AccessTaskKind]?
    let isDone: Bool

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        system = query.id("system_id", of: AccessSystem.self)
        tasks = query.words("task", AccessTaskKind.self)
        isDone = query.flag("is_done") ?? false
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .query("system_id", "Only in this system.", .id, nil),
        .words("task", "Only of these kinds.", AccessTaskKind.self),
        .query(
            "is_done", "Those that were done, instead of those that are open.", .boolean, true),
    ]

    var sql: SQL {
        """
        (\(school)::uuid is null or access.school_id = \(school))
        and (\(system)::uuid is null or access.system_id = \(system))
        and (\(tasks)::text[] is null or access.task = any(\(tasks)))
        """
    }
}

/// The orders in which they can be listed: by since when they are to be done, or when they were.
enum AccessTaskOrder: String, SortOrder {
    case oldest = "since"
    case newest = "-since"

    var sql: SQL {
        switch self {
        case .oldest: "access._at, access.id"
        case .newest: "access._at desc, access.id desc"
        }
    }

    var key: SQL { "access._at::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        switch self {
        case .oldest: "(access._at, access.id) > (\(key)::text::timestamptz, \(id)::uuid)"
        case .newest: "(access._at, access.id) < (\(key)::text::timestamptz, \(id)::uuid)"
        }
    }
}

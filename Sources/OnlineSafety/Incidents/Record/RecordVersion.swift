import JSON
import OpenAPI
import Postgres

/// What a record said at one of its versions (INC-43).
struct RecordVersion: Resource {
    let id: ID<RecordVersion>
    let schoolID: ID<School>
    let version: Int
    let writtenAt: Instant
    let writtenBy: String?
    let writtenByRole: Role
    let content: JSONValue

    static let isTagged = false
    static let words = "What a record said at one of its versions; before the first is the report."
    static var example: RecordVersion {
        RecordVersion(
            id: .example, schoolID: .example, version: 2, writtenAt: .example,
            writtenBy: "Grace Okafor",
            writtenByRole: .dsl, content: ["summary": "A pupil was asked for photographs."])
    }

    enum CodingKeys: String, FieldWords {
        case id, version, content
        case schoolID = "school_id"
        case writtenAt = "written_at"
        case writtenBy = "written_by"
        case writtenByRole = "written_by_role"

        var words: String {
            switch self {
            case .id: "The version of this record."
            case .version: "Its number: the one that the ETag named then."
            case .content: "All fields of the record that people write, by their names."
            case .schoolID: "The school."
            case .writtenAt: "When it was written."
            case .writtenBy: "Who wrote it."
            case .writtenByRole: "In which post."
            }
        }
    }
}

/// What a record said before.
enum RecordVersions {
    static let routes: [Route] = [
        .get(
            "/v1/incidents/{incident}/versions", "List versions of a record",
            "What it said after each change, by whom and when. The reading is on record.",
            for: Record.readers, onRecord: true, by(list))
    ]

    static func list(
        of id: ID<Incident>, _ page: PageRequest<VersionOrder>, within reach: Reach,
        in tx: Transaction
    ) async throws -> Page<RecordVersion> {
        let school = try await Record.school(of: id, openedWithin: reach, in: tx)
        return tx.page(page) { page in
            """
            select written.*, \(page.order.key) as _key from record_version_shown as written
            where written.school_id = \(school) and written._incident_id = \(id)
                and \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }
}

/// The orders of the versions of a record.
enum VersionOrder: String, SortOrder {
    case first = "version"
    case newest = "-version"

    var sql: SQL {
        switch self {
        case .first: "written.version"
        case .newest: "written.version desc"
        }
    }

    var key: SQL { "written.version::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        switch self {
        case .first: "written.version > \(key)::integer"
        case .newest: "written.version < \(key)::integer"
        }
    }
}

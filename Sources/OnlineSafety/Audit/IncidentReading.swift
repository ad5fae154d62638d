import JSON
import OpenAPI
import Postgres

/// That somebody looked at an incident.
struct IncidentReading: Resource {
    let id: ID<IncidentReading>
    let schoolID: ID<School>
    let at: Instant
    let by: String?
    let roles: [Role]
    let deed: String
    let requestID: String?

    static let isTagged = false
    static let words = "That somebody looked at an incident."
    static var example: IncidentReading {
        IncidentReading(
            id: .example, schoolID: .example, at: .example, by: "Amina Yusuf", roles: [.dsl],
            deed: "opened", requestID: "0199b5f61c3e7c459a3b3d7f0c1e2a44")
    }

    enum CodingKeys: String, FieldWords {
        case id, at, by, roles, deed
        case schoolID = "school_id"
        case requestID = "request_id"

        var words: String {
            switch self {
            case .id: "The entry of the audit."
            case .schoolID: "The school."
            case .at: "When."
            case .by: "Who; absent where they are not on the school's roster any more."
            case .roles: "The posts that they held then."
            case .deed: "What they did: `listed` it, `opened` it, `exported` it."
            case .requestID: "The request, as in its X-Request-Id."
            }
        }
    }
}

/// The orders in which readings can be listed.
enum ReadingOrder: String, SortOrder {
    case newest = "-at"
    case oldest = "at"

    var sql: SQL {
        switch self {
        case .newest: "reading.at desc, reading.id desc"
        case .oldest: "reading.at, reading.id"
        }
    }

    var key: SQL { "reading.at::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        switch self {
        case .newest: "(reading.at, reading.id) < (\(key)::timestamptz, \(id)::uuid)"
        case .oldest: "(reading.at, reading.id) > (\(key)::timestamptz, \(id)::uuid)"
        }
    }
}

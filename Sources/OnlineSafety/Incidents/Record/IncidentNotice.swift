import JSON
import OpenAPI
import Postgres

/// That somebody was told of an incident, for those to whom it is open: who, when they answered,
/// and what became of the mail. Never an address (NOT-02).
struct IncidentNotice: Resource {
    let id: ID<Notice>
    let schoolID: ID<School>
    let kind: NoticeKind
    let role: Role
    let name: String?
    let sentAt: Instant
    let acknowledgedAt: Instant?
    let mail: MailState?
    let mailedAt: Instant?

    static let isTagged = false
    static let words = "That somebody was told of an incident, and what came of it."
    static var example: IncidentNotice {
        IncidentNotice(
            id: .example, schoolID: .example, kind: .incidentReported, role: .dsl,
            name: "Amina Yusuf", sentAt: .example, acknowledgedAt: .example, mail: .sent,
            mailedAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case id, kind, role, name, mail
        case schoolID = "school_id"
        case sentAt = "sent_at"
        case acknowledgedAt = "acknowledged_at"
        case mailedAt = "mailed_at"

        var words: String {
            switch self {
            case .id: "The notice."
            case .schoolID: "The school."
            case .kind: "What they were told."
            case .role: "The post for which they were told."
            case .name: "Who was told; absent where they are not on the roster any more."
            case .sentAt: "When they were told."
            case .acknowledgedAt: "When they acknowledged it; absent until then."
            case .mail: "Whether it went by mail too; absent where they have no mail address."
            case .mailedAt: "When the school's mail program took it; absent until then."
            }
        }
    }
}

/// The orders in which those who were told can be listed.
enum IncidentNoticeOrder: String, SortOrder {
    case oldest = "sent_at"
    case newest = "-sent_at"

    var sql: SQL {
        switch self {
        case .oldest: "notice.sent_at, notice.id"
        case .newest: "notice.sent_at desc, notice.id desc"
        }
    }

    var key: SQL { "notice.sent_at::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        switch self {
        case .oldest: "(notice.sent_at, notice.id) > (\(key)::timestamptz, \(id)::uuid)"
        case .newest: "(notice.sent_at, notice.id) < (\(key)::timestamptz, \(id)::uuid)"
        }
    }
}

import JSON
import OpenAPI

/// That those were told who had not signed what a campaign put before them (AGR-22).
struct CampaignReminder: Resource {
    let id: ID<CampaignReminder>
    let schoolID: ID<School>
    let campaignID: ID<Campaign>
    let mails: Int
    let notices: Int
    let toldToday: Int
    let unreachable: Int
    let waiting: Int
    let remindedBy: String?
    let remindedAt: Instant

    static let isTagged = false
    static let words = "That those were told who had not signed."
    static var example: CampaignReminder {
        CampaignReminder(
            id: .example, schoolID: .example, campaignID: .example, mails: 5, notices: 0,
            toldToday: 0, unreachable: 2, waiting: 0, remindedBy: "Sam Reed", remindedAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case id, mails, notices, unreachable, waiting
        case schoolID = "school_id"
        case campaignID = "campaign_id"
        case toldToday = "told_today"
        case remindedBy = "reminded_by"
        case remindedAt = "reminded_at"

        var words: String {
            switch self {
            case .id: "The reminder."
            case .schoolID: "The school."
            case .campaignID: "The campaign."
            case .mails: "To how many a link went by mail: parents, pupils, visitors."
            case .notices: "To how many a notice went, who sign in."
            case .toldToday: "How many had been told today already, and were not told again."
            case .unreachable: "For how many agreements nobody can be told by mail or notice."
            case .waiting: "How many were too many for one time: ask again."
            case .remindedBy: "Who reminded them; absent where it went of itself."
            case .remindedAt: "When."
            }
        }
    }
}

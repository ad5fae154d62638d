import Postgres

/// The order in which campaigns are listed.
enum CampaignOrder: String, SortOrder {
    case newest = "-made_at"

    var sql: SQL { "campaign.made_at desc, campaign.id desc" }

    var key: SQL { "campaign.made_at::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        "(campaign.made_at, campaign.id) < (\(key)::text::timestamptz, \(id)::uuid)"
    }
}

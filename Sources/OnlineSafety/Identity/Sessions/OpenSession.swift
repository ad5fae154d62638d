import JSON
import OpenAPI
import Postgres

/// A session of mine that lives: where and when (SEC-07).
struct OpenSession: Resource {
    static let isTagged = false

    let id: ID<Session>
    let openedAt: Instant
    let usedAt: Instant
    let endsAt: Instant
    let network: String?
    let isCurrent: Bool

    static let words = "A session of mine that lives: where and when."
    static var example: OpenSession {
        OpenSession(
            id: .example, openedAt: .example, usedAt: .example, endsAt: .example,
            network: "192.0.2.7", isCurrent: true)
    }

    enum CodingKeys: String, FieldWords {
        case id, network
        case openedAt = "opened_at"
        case usedAt = "used_at"
        case endsAt = "ends_at"
        case isCurrent = "is_current"

        var words: String {
            switch self {
            case .id: "The session."
            case .openedAt: "When I logged in."
            case .usedAt: "When it was used last."
            case .endsAt: "When it ends by itself, if it is not used any more."
            case .network: "From where I logged in: an address, or a network of IPv6."
            case .isCurrent: "Whether it is the one with which this was asked."
            }
        }
    }
}

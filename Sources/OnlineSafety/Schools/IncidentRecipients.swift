import JSON
import OpenAPI
import Postgres

/// Which posts are told first of what concerns a child, in one school (S-04).
struct IncidentRecipients: Resource {
    let schoolID: ID<School>
    let posts: [Role]
    let effectiveOn: Day?
    let setAt: Instant?
    let etag: String

    static let words = "Which posts are told first of what concerns a child, in one school."
    static var example: IncidentRecipients {
        IncidentRecipients(
            schoolID: .example, posts: [.dsl, .deputyDSL], effectiveOn: .example, setAt: .example,
            etag: "\"1\"")
    }

    enum CodingKeys: String, FieldWords {
        case posts, etag
        case schoolID = "school_id"
        case effectiveOn = "effective_on"
        case setAt = "set_at"

        var words: String {
            switch self {
            case .posts: "The posts. A child at risk reaches all DSLs besides."
            case .etag: "Its version, to be sent as If-Match."
            case .schoolID: "The school."
            case .effectiveOn: "From which day it holds; absent while the usual value does."
            case .setAt: "When it was set."
            }
        }
    }

    /// The choice of a school.
    struct Choice: Body {
        let posts: [Recipient]

        static let words = "The posts to tell first, from today."
        static var example: Choice { Choice(posts: [.dsl, .deputyDSL, .onlineSafetyCoordinator]) }

        enum CodingKeys: String, FieldWords {
            case posts

            var words: String {
                switch self {
                case .posts: "The posts; at least one of them must be held by somebody today."
                }
            }
        }
    }

    /// The posts that a school may choose: those to whom an incident can be open.
    enum Recipient: String, Words {
        case dsl
        case deputyDSL = "deputy_dsl"
        case headteacher
        case onlineSafetyCoordinator = "online_safety_coordinator"
        case seniorLeader = "senior_leader"

        var label: String { Role(rawValue: rawValue)?.label ?? rawValue }
    }
}

extension Schools {
    private static let recipientsSetting = Setting("incident_recipients", shownAs: "posts") {
        "setting.value"
    }

    static func recipients(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Stored<IncidentRecipients> {
        tx.stored(recipientsSetting.inForce(at: school, reach))
    }

    static func setRecipients(
        of school: ID<School>, to choice: IncidentRecipients.Choice, ifMatch: IfMatch,
        within reach: Reach, in tx: Transaction
    ) async throws -> Stored<IncidentRecipients> {
        let posts = choice.posts.reduce(into: [IncidentRecipients.Recipient]()) { posts, post in
            if !posts.contains(post) { posts.append(post) }
        }
        let held = tx.add(
            """
            select exists (
                select from post
                where post.school_id = \(school) and post.role = any(\(posts))) as is_held
            """)
        let next = try await recipientsSetting.next(at: school, ifMatch, reach, in: tx)
        guard held.bool(0, "is_held") == true else {
            throw Problem(
                .conflict, "Nobody holds any of these posts: a report would reach nobody.")
        }
        return recipientsSetting.set(next, "to_jsonb(\(posts)::text[])", at: school, reach, in: tx)
    }
}

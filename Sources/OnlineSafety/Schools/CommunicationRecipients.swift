import JSON
import OpenAPI
import Postgres

/// Which posts are told besides of an offensive or suspect communication, in one school (INC-09):
/// by source 004 the headteacher and the office, by source 001 the online safety coordinator.
struct CommunicationRecipients: Resource {
    let schoolID: ID<School>
    let posts: [Role]
    let effectiveOn: Day?
    let setAt: Instant?
    let etag: String

    static let words =
        "Which posts are told besides of an offensive or suspect communication, in one school."
    static var example: CommunicationRecipients {
        CommunicationRecipients(
            schoolID: .example, posts: [.headteacher, .office], effectiveOn: .example,
            setAt: .example, etag: "\"1\"")
    }

    enum CodingKeys: String, FieldWords {
        case posts, etag
        case schoolID = "school_id"
        case effectiveOn = "effective_on"
        case setAt = "set_at"

        var words: String {
            switch self {
            case .posts: "The posts, beside those that are told of whatever concerns a child."
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

        static let words = "The posts to tell besides, from today."
        static var example: Choice { Choice(posts: [.headteacher, .office]) }

        enum CodingKeys: String, FieldWords {
            case posts

            var words: String {
                switch self {
                case .posts:
                    "The posts; at least one of them beside the office must be held by somebody "
                        + "today. The office is told that there is such a thing, and opens no "
                        + "record."
                }
            }
        }
    }

    /// The posts that a school may choose: those to whom an incident can be open, and the office.
    enum Recipient: String, Words {
        case dsl
        case deputyDSL = "deputy_dsl"
        case headteacher
        case onlineSafetyCoordinator = "online_safety_coordinator"
        case seniorLeader = "senior_leader"
        case office

        var label: String { Role(rawValue: rawValue)?.label ?? rawValue }
    }
}

extension Schools {
    private static let communicationSetting = Setting(
        "communication_recipients", shownAs: "posts"
    ) { "setting.value" }

    static func communicationRecipients(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Stored<CommunicationRecipients> {
        tx.stored(communicationSetting.inForce(at: school, reach))
    }

    static func setCommunicationRecipients(
        of school: ID<School>, to choice: CommunicationRecipients.Choice, ifMatch: IfMatch,
        within reach: Reach, in tx: Transaction
    ) async throws -> Stored<CommunicationRecipients> {
        let posts = CommunicationRecipients.Recipient.allCases.filter(choice.posts.contains)
        let held = tx.add(
            """
            select exists (
                select from post
                where post.school_id = \(school) and post.role = any(\(posts))
                    and place_on_the_ladder(post.role) is not null) as is_held
            """)
        let next = try await communicationSetting.next(at: school, ifMatch, reach, in: tx)
        guard held.bool(0, "is_held") == true else {
            throw Problem(
                .conflict, "Nobody who could open it holds any of these posts: name one besides.")
        }
        return communicationSetting.set(
            next, "to_jsonb(\(posts)::text[])", at: school, reach, in: tx)
    }
}

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
    static func recipients(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Stored<IncidentRecipients> {
        tx.stored(current(school, reach))
    }

    static func setRecipients(
        of school: ID<School>, to choice: IncidentRecipients.Choice, ifMatch: IfMatch,
        within reach: Reach, in tx: Transaction
    ) async throws -> Stored<IncidentRecipients> {
        let posts = choice.posts.reduce(into: [IncidentRecipients.Recipient]()) { posts, post in
            if !posts.contains(post) { posts.append(post) }
        }
        let now = try await tx.run(
            """
            select current.*, exists (
                select from post
                where post.school_id = \(school) and post.role = any(\(posts))) as is_held
            from (\(current(school, reach))) as current
            """)
        guard let etag = now.text(0, "etag"), let version = now.int(0, "_version") else {
            throw Problem(.notFound)
        }
        try ifMatch.check(etag)
        guard now.bool(0, "is_held") == true else {
            throw Problem(
                .conflict, "Nobody holds any of these posts: a report would reach nobody.")
        }
        tx.add(
            """
            insert into setting (school_id, name, version, value, effective_on, set_by)
            values (
                \(school), 'incident_recipients', \(version + 1), to_jsonb(\(posts)::text[]),
                london_today(), \(reach.caller.account))
            """)
        tx.add(
            Audit.entry(
                "setting_changed", "school", of: "\(school)", id: "\(school)",
                version: "\(version + 1)", from: "(values (1)) as once"))
        return tx.stored(current(school, reach))
    }

    private static func current(_ school: ID<School>, _ reach: Reach) -> SQL {
        """
        select setting.school_id, setting.value as posts, setting.effective_on, setting.set_at,
            setting.version as _version, '"' || setting.version || '"' as etag
        from setting_in_force as setting
        where setting.name = 'incident_recipients' and setting.school_id = \(school)
            and \(reach.sql(.ownSettings))
        """
    }
}

/// Which posts to list.
struct PostFilter: Filter {
    let school: ID<School>?
    let role: [Role]?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        role = query.words("role", Role.self)
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .words("role", "Only these roles.", Role.self),
    ]

    var sql: SQL {
        """
        (\(school)::uuid is null or post.school_id = \(school))
        and (\(role)::text[] is null or post.role = any(\(role)))
        """
    }
}

import JSON
import OpenAPI
import Postgres

/// A post, and who holds it today (ORG-04).
struct Post: Resource {
    static let isTagged = false

    let id: ID<Post>
    let schoolID: ID<School>
    let role: Role
    let who: String
    let telephone: String?
    let fromOn: Day
    let untilOn: Day?
    let endsAt: Instant?

    static let words = "A post, and who holds it today."
    static var example: Post {
        Post(
            id: .example, schoolID: .example, role: .dsl, who: "Grace Okafor",
            telephone: "01632 960101", fromOn: .example, untilOn: nil, endsAt: nil)
    }

    enum CodingKeys: String, FieldWords {
        case id, role, who, telephone
        case schoolID = "school_id"
        case fromOn = "from_on"
        case untilOn = "until_on"
        case endsAt = "ends_at"

        var words: String {
            switch self {
            case .id: "The post."
            case .role: "The role."
            case .who: "Who holds it."
            case .telephone: "The number at school, when one was given."
            case .schoolID: "The school."
            case .fromOn: "Since when."
            case .untilOn: "Until when, if an end is set."
            case .endsAt: "The moment of that day at which it is over; of temporary staff alone."
            }
        }
    }
}

/// A post that was held, is held or will be held, and who said so.
struct PostHeld: Resource {
    static let isTagged = false

    let id: ID<Post>
    let schoolID: ID<School>
    let role: Role
    let who: String
    let personID: ID<Person>
    let telephone: String?
    let fromOn: Day
    let untilOn: Day?
    let endsAt: Instant?
    let appointedBy: String?
    let appointedAt: Instant?
    let endedBy: String?
    let endedAt: Instant?

    static let words = "A post that was held, is held or will be held, and who said so."
    static var example: PostHeld {
        PostHeld(
            id: .example, schoolID: .example, role: .deputyDSL, who: "Grace Okafor",
            personID: .example, telephone: "01632 960101", fromOn: .example, untilOn: .example,
            endsAt: nil, appointedBy: "Maya Lewis", appointedAt: .example, endedBy: "Maya Lewis",
            endedAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case id, role, who, telephone
        case schoolID = "school_id"
        case personID = "person_id"
        case fromOn = "from_on"
        case untilOn = "until_on"
        case endsAt = "ends_at"
        case appointedBy = "appointed_by"
        case appointedAt = "appointed_at"
        case endedBy = "ended_by"
        case endedAt = "ended_at"

        var words: String {
            switch self {
            case .id: "The post."
            case .role: "The role."
            case .who: "Who holds it."
            case .telephone: "The number at school, when one was given."
            case .schoolID: "The school."
            case .personID: "The person."
            case .fromOn: "Since when."
            case .untilOn: "Until when, that day included; the day before it begins: never held."
            case .endsAt: "The moment of that day at which it is over; of temporary staff alone."
            case .appointedBy: "Who appointed them."
            case .appointedAt: "When that was said."
            case .endedBy: "Who ended it."
            case .endedAt: "When that was said."
            }
        }
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

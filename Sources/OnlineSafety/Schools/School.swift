import JSON
import OpenAPI
import Postgres

/// A school, on its own or within a trust, a federation or a local authority (ORG-01).
struct School: Resource {
    static let isTagged = false

    let id: ID<School>
    let name: String
    let urn: String?
    let organisations: [Organisation]?

    static let words = "A school, on its own or within a trust, a federation or a local authority."
    static var example: School {
        School(
            id: .example, name: "Hawthorn Infant School", urn: "900001",
            organisations: [
                Organisation(
                    id: .example, name: "Hedgerow Learning Trust", kind: .trust,
                    fromOn: .example)
            ])
    }

    /// What a school belongs to, since when.
    struct Organisation: Codable {
        let id: ID<Trust>
        let name: String
        let kind: OrganisationKind
        let fromOn: Day
    }

    enum CodingKeys: String, FieldWords {
        case id, name, urn, organisations

        var words: String {
            switch self {
            case .id: "The school."
            case .name: "Its name."
            case .urn: "Its unique reference number, of six digits."
            case .organisations: "What it belongs to today."
            }
        }
    }
}

extension School.Organisation {
    enum CodingKeys: String, FieldWords {
        case id, name, kind
        case fromOn = "from_on"

        var words: String {
            switch self {
            case .id: "The organisation."
            case .name: "Its name."
            case .kind: "What it is."
            case .fromOn: "Since when the school belongs to it."
            }
        }
    }
}

/// What stands over schools (ORG-01).
enum OrganisationKind: String, Words {
    case trust
    case federation
    case localAuthority = "local_authority"

    var label: String {
        switch self {
        case .trust: "Academy trust"
        case .federation: "Federation"
        case .localAuthority: "Local authority"
        }
    }
}

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

    static let words = "A post, and who holds it today."
    static var example: Post {
        Post(
            id: .example, schoolID: .example, role: .dsl, who: "Grace Okafor",
            telephone: "01632 960101", fromOn: .example, untilOn: nil)
    }

    enum CodingKeys: String, FieldWords {
        case id, role, who, telephone
        case schoolID = "school_id"
        case fromOn = "from_on"
        case untilOn = "until_on"

        var words: String {
            switch self {
            case .id: "The post."
            case .role: "The role."
            case .who: "Who holds it."
            case .telephone: "The number at school, when one was given."
            case .schoolID: "The school."
            case .fromOn: "Since when."
            case .untilOn: "Until when, if an end is set."
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

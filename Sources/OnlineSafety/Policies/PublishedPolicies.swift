import JSON
import OpenAPI
import Postgres

/// The policies of a school as anybody reads them, without log-in and without anything that is
/// about a person (REV-08, REV-20, X-07).
struct PublishedPolicies: Resource {
    let schoolID: ID<School>
    let name: String
    let policies: [Published]
    let heldIn: [LinkedPolicy]?
    let reporting: String?
    let etag: String

    static let words = "The policies of a school that are in force, for everybody."
    static var example: PublishedPolicies {
        PublishedPolicies(
            schoolID: .example, name: "Hawthorn Primary School",
            policies: [
                Published(
                    id: .example, name: "Online safety policy", version: 2,
                    inForceFrom: .example, reviewOn: .example,
                    link: "https://www.hawthorn.example/policies")
            ], heldIn: nil, reporting: nil, etag: "\"5f0c\"")
    }

    enum CodingKeys: String, FieldWords {
        case name, policies, reporting, etag
        case schoolID = "school_id"
        case heldIn = "held_in"

        var words: String {
            switch self {
            case .schoolID: "The school."
            case .name: "What it is called."
            case .policies: "Those in force; each is read whole by itself."
            case .heldIn:
                "Where it has no separate online safety policy: those that hold it (REV-20)."
            case .reporting: "Where it is said how to report, in that case."
            case .etag: "Its version, as in the ETag header."
            }
        }
    }

    struct Published: Codable {
        let id: ID<Policy>
        let name: String
        let version: Int
        let inForceFrom: Day
        let reviewOn: Day
        let link: String?

        enum CodingKeys: String, FieldWords {
            case id, name, version, link
            case inForceFrom = "in_force_from"
            case reviewOn = "review_on"

            var words: String {
                PublishedPolicy.CodingKeys(rawValue: rawValue).map(\.words) ?? ""
            }
        }
    }

    static let routes: [Route] = [
        .get(
            "/v1/schools/{school}/published-policies", "Read the published policies of a school",
            """
            For everybody, without log-in: which are in force today, at most five hundred by their \
            names; or which others hold online safety. It may be kept for five minutes, and asked \
            for again by its ETag. Each address may ask so often (429).
            """,
            for: nil, by(read)
        ).keptByAnybody(forSeconds: 300),
        .get(
            "/v1/schools/{school}/published-policies/{policy}", "Read a published policy",
            """
            For everybody, without log-in: one that is in force today, whole, with what is \
            appended. It may be kept for five minutes, and asked for again by its ETag. Each \
            address may ask so often (429).
            """,
            for: nil, by(readOne)
        ).keptByAnybody(forSeconds: 300),
    ]

    static func read(
        of school: ID<School>, _: PublicAsking, in tx: Transaction
    ) -> Stored<PublishedPolicies> {
        tx.stored("select * from published_policies(\(school))")
    }

    static func readOne(
        of school: ID<School>, _ id: ID<Policy>, _: PublicAsking, in tx: Transaction
    ) -> Stored<PublishedPolicy> {
        tx.stored("select * from published_policy(\(school), \(id))")
    }
}

/// One of them, whole, as anybody reads it.
struct PublishedPolicy: Resource {
    let id: ID<Policy>
    let schoolID: ID<School>
    let name: String
    let version: Int
    let inForceFrom: Day
    let reviewOn: Day
    let link: String?
    let textLink: String?
    let sections: [PolicySection]?
    let appendices: [PolicyAppendix]?
    let etag: String

    static let words = "A policy that is in force, whole, for everybody."
    static var example: PublishedPolicy {
        PublishedPolicy(
            id: .example, schoolID: .example, name: "Online safety policy", version: 2,
            inForceFrom: .example, reviewOn: .example,
            link: "https://www.hawthorn.example/policies", textLink: nil, sections: [.example],
            appendices: [.example], etag: "\"5f0c\"")
    }

    enum CodingKeys: String, FieldWords {
        case id, name, version, link, sections, appendices, etag
        case schoolID = "school_id"
        case inForceFrom = "in_force_from"
        case reviewOn = "review_on"
        case textLink = "text_link"

        var words: String {
            switch self {
            case .id: "The policy."
            case .schoolID: "The school."
            case .name: "What it is called."
            case .version: "The number of the version."
            case .inForceFrom: "Since when it is in force."
            case .reviewOn: "By when it is to be reviewed."
            case .link: "Where else it is published."
            case .textLink: "Where its text is, where it is not here."
            case .sections: "Its text."
            case .appendices: "What is appended to it."
            case .etag: "Its version, as in the ETag header."
            }
        }
    }
}

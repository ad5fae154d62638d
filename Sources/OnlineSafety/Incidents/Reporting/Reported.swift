import JSON
import OpenAPI

/// What a reporter is answered: the reference, what happens next, and whom to ring now.
struct Reported: Resource {
    let id: ID<Incident>
    let schoolID: ID<School>
    let reference: String
    let status: IncidentStatus
    let reportedAt: Instant
    let next: String
    let told: [Contact]
    let ringNow: [Contact]
    let warnings: [SetAside]
    let etag: String

    static let address: StaticString? = "/v1/incidents/"
    static let words = "The receipt of a report: what happens next, and whom to ring now."
    static var example: Reported {
        Reported(
            id: .example, schoolID: .example, reference: "7K3Q-F2MX", status: .received,
            reportedAt: .example, next: Next.receipt,
            told: [Contact(who: "Grace Okafor", post: .dsl, telephone: "01632 960101", when: nil)],
            ringNow: [
                Contact(
                    who: "Police, ambulance", post: nil, telephone: "999",
                    when: "A child is in immediate danger")
            ],
            warnings: [], etag: "\"r1\"")
    }

    /// Somebody who has been told, or can be rung.
    struct Contact: Codable {
        let who: String
        let post: Role?
        let telephone: String?
        let when: String?
    }

    /// What is said of what happens next.
    enum Next {
        static let usual = """
            Those who are named here have a notice of it now. Do not look into it yourself, do not \
            copy or pass on any picture, and tell nobody else.
            """
        static let receipt = usual + " You will see at this address when one of them has seen it."
        static let nobody = """
            It is kept, but nobody at the school could be told who is not concerned by it. Ring \
            the local authority's children's services, or the NSPCC's advice line, now.
            """
    }

    enum CodingKeys: String, FieldWords {
        case id, reference, status, next, told, warnings, etag
        case schoolID = "school_id"
        case reportedAt = "reported_at"
        case ringNow = "ring_now"

        var words: String {
            switch self {
            case .id: "The incident; its status can be read under this id."
            case .reference: "What to call it when you talk to those who were told."
            case .status: "Where it stands."
            case .next: "What happens next, in words for the reporter."
            case .told: "Who has been told, by post."
            case .warnings: "What could not be taken, and why."
            case .etag: "Its version, as in the ETag header."
            case .schoolID: "The school in which it was reported."
            case .reportedAt: "When it was reported."
            case .ringNow: "Whom to ring now, and in which case."
            }
        }
    }
}

extension Reported.Contact {
    enum CodingKeys: String, FieldWords {
        case who, post, telephone, when

        var words: String {
            switch self {
            case .who: "The person or the service."
            case .post: "The post that they hold."
            case .telephone: "The number at school, when the school has given one."
            case .when: "In which case to ring."
            }
        }
    }
}

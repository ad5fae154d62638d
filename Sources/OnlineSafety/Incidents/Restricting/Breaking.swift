import JSON
import OpenAPI

extension Restriction {
    /// That somebody opened a restricted incident which was not open to them.
    struct Breaking: Codable, Exemplary {
        let by: String?
        let role: Role
        let words: String
        let at: Instant
        let untilAt: Instant

        static var example: Breaking {
            Breaking(
                by: "Tom Reed", role: .seniorLeader,
                words: "The police are here and no DSL can be reached.", at: .example,
                untilAt: .example)
        }

        enum CodingKeys: String, FieldWords {
            case by, role, words, at
            case untilAt = "until_at"

            var words: String {
                switch self {
                case .by: "Who; absent where they are not on the roster any more."
                case .role: "In which post."
                case .words: "Why."
                case .at: "When."
                case .untilAt: "Until when it is open to them."
                }
            }
        }
    }
}

/// A restricted incident that has been opened by breaking the glass.
struct BrokenGlass: Resource {
    let id: ID<BrokenGlass>
    let schoolID: ID<School>
    let incidentID: ID<Incident>
    let untilAt: Instant

    static let isTagged = false
    static let words = "A restricted incident that is open to me until a time."
    static var example: BrokenGlass {
        BrokenGlass(id: .example, schoolID: .example, incidentID: .example, untilAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case id
        case schoolID = "school_id"
        case incidentID = "incident_id"
        case untilAt = "until_at"

        var words: String {
            switch self {
            case .id: "That the glass was broken."
            case .schoolID: "The school."
            case .incidentID: "The incident, to be read as any other."
            case .untilAt: "Until when it is open to me: four hours from now."
            }
        }
    }

    /// Breaking the glass.
    struct Made: RecordBody {
        let reference: Text<9>
        let words: Text<2000>

        static let words = "Which incident must be opened, and why."
        static var example: Made {
            Made(
                reference: "7K3Q-F2MX",
                words: "The police are here and no DSL can be reached.")
        }

        enum CodingKeys: String, FieldWords {
            case reference, words

            var words: String {
                switch self {
                case .reference: "The reference of the incident, as the notice gives it."
                case .words: "Why it cannot wait for those to whom it is open."
                }
            }
        }
    }
}

/// That a school has restricted incidents, and how many: all that is shown of them to others.
struct RestrictedCount: Resource {
    let schoolID: ID<School>
    let number: Int

    static let isTagged = false
    static let words = "How many restricted incidents of a school are not open to me."
    static var example: RestrictedCount { RestrictedCount(schoolID: .example, number: 2) }

    enum CodingKeys: String, FieldWords {
        case number
        case schoolID = "school_id"

        var words: String {
            switch self {
            case .schoolID: "The school."
            case .number: "How many are not closed yet."
            }
        }
    }
}

import JSON
import OpenAPI

/// How an outside organisation stands with the school's agreements, and who of the roster belongs
/// to it (AGR-15, ORG-11).
struct OrganisationStanding: Resource {
    let id: ID<RegisterEntry>
    let schoolID: ID<School>
    let name: String
    let agreementsAreMandatory: Bool
    let isSigned: Bool
    let since: Day?
    let currentUntil: Day?
    let people: [Member]

    static let isTagged = false
    static let words = "How an outside organisation stands with the school's agreements."
    static var example: OrganisationStanding {
        OrganisationStanding(
            id: .example, schoolID: .example, name: "After-school club",
            agreementsAreMandatory: true, isSigned: false, since: .example, currentUntil: nil,
            people: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case id, name, since, people
        case schoolID = "school_id"
        case agreementsAreMandatory = "agreements_are_mandatory"
        case isSigned = "is_signed"
        case currentUntil = "current_until"

        var words: String {
            switch self {
            case .id: "The organisation, as its register has it."
            case .schoolID: "The school."
            case .name: "What it is called."
            case .agreementsAreMandatory: "Whether it must sign: either of the two facts makes it."
            case .isSigned: "Whether what was signed for it holds today."
            case .since: "Since when it must and nothing holds."
            case .currentUntil: "The last day on which it will hold, as far as is known."
            case .people: "Who belongs to it, at most five hundred; each signs for themselves too."
            }
        }
    }

    /// Somebody of the roster who belongs to it.
    struct Member: Codable, Exemplary {
        let personID: ID<Person>
        let who: String
        let kind: PersonKind

        static var example: Member {
            Member(personID: .example, who: "Jo Larch", kind: .communityUser)
        }

        enum CodingKeys: String, FieldWords {
            case who, kind
            case personID = "person_id"

            var words: String {
                switch self {
                case .personID: "The person."
                case .who: "Their name."
                case .kind: "What they are to the school."
                }
            }
        }
    }
}

/// To which organisation somebody belongs (AGR-15).
struct OrganisationMembership: Resource {
    let id: ID<OrganisationMembership>
    let schoolID: ID<School>
    let personID: ID<Person>
    let organisationID: ID<RegisterEntry>?
    let fromOn: Day
    let setBy: String
    let setAt: Instant

    static let isTagged = false
    static let words = "To which outside organisation somebody of the roster belongs."
    static var example: OrganisationMembership {
        OrganisationMembership(
            id: .example, schoolID: .example, personID: .example, organisationID: .example,
            fromOn: .example, setBy: "Sam Reed", setAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case id
        case schoolID = "school_id"
        case personID = "person_id"
        case organisationID = "organisation_id"
        case fromOn = "from_on"
        case setBy = "set_by"
        case setAt = "set_at"

        var words: String {
            switch self {
            case .id: "What was said."
            case .schoolID: "The school."
            case .personID: "Of whom."
            case .organisationID: "The organisation; absent where they belong to none any more."
            case .fromOn: "From which day on."
            case .setBy: "Who said so."
            case .setAt: "When."
            }
        }
    }

    /// As somebody says it.
    struct Said: Body {
        let organisationID: ID<RegisterEntry>?

        static let schemaName = "OrganisationMembershipSaid"
        static let words = "To which organisation somebody belongs from today on."
        static var example: Said { Said(organisationID: nil) }

        enum CodingKeys: String, FieldWords {
            case organisationID = "organisation_id"

            var words: String { "The organisation; when not given they belong to none." }
        }
    }
}

/// What the link of an organisation shows, and what is signed by it.
struct OrganisationOpened: Resource {
    let id: ID<OrganisationAgreement>
    let school: String
    let organisation: String
    let title: String
    let number: Int
    let words: String
    let sha256: String
    let attestations: [OpenedLink.Asked]
    let state: AgreementState
    let dueOn: Day
    let representative: String?
    let jobTitle: String?
    let signedOn: Day?

    static let isTagged = false
    static let words = "What a school asks an organisation to sign, and whether it has."
    static var example: OrganisationOpened {
        OrganisationOpened(
            id: .example, school: "Hawthorn Infant School", organisation: "After-school club",
            title: "Acceptable use by organisations", number: 1,
            words: "Acceptable use by organisations\n\nPasswords\n1. Each of us uses their own.",
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            attestations: [], state: .issued, dueOn: .example, representative: nil, jobTitle: nil,
            signedOn: nil)
    }

    enum CodingKeys: String, FieldWords {
        case id, school, organisation, title, number, words, sha256, attestations, state
        case representative
        case dueOn = "due_on"
        case jobTitle = "job_title"
        case signedOn = "signed_on"

        var words: String {
            switch self {
            case .id: "The agreement."
            case .school: "The school that asks."
            case .organisation: "The organisation."
            case .title: "Its title."
            case .number: "The number of the version."
            case .words: "What is signed."
            case .sha256: "The SHA-256 of `words` in UTF-8, in hexadecimal."
            case .attestations: "What is confirmed beside it."
            case .state: "Where it stands."
            case .dueOn: "By when it is to be signed."
            case .representative: "Who signed it; absent until then."
            case .jobTitle: "As what."
            case .signedOn: "On which day."
            }
        }
    }
}

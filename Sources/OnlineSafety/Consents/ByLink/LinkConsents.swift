import JSON
import OpenAPI

/// What whoever has a signing link is asked about a child of theirs or about themselves, and what
/// they have said: of others neither a word nor that there is one (CON-04, section 25).
struct LinkConsents: Resource {
    let personID: ID<Person>
    let who: String
    let purposes: [Purpose]

    static let isTagged = false
    static let words = "What the owner of a link is asked about somebody, and what they have said."
    static var example: LinkConsents {
        LinkConsents(personID: .example, who: "Robin Ash", purposes: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case who, purposes
        case personID = "person_id"

        var words: String {
            switch self {
            case .personID: "About whom: a child of the owner of the link, or the owner."
            case .who: "Their name."
            case .purposes: "What the school asks for, or they answered once."
            }
        }
    }

    /// A purpose, and what the owner of the link themselves has said of it last.
    struct Purpose: Codable, Exemplary {
        let purpose: ConsentPurpose
        let isAsked: Bool
        let isAwaited: Bool
        let answer: ConsentWord?
        let scope: String?
        let givenOn: Day?
        let lapsedOn: Day?

        static var example: Purpose {
            Purpose(
                purpose: .schoolWebsite, isAsked: true, isAwaited: false, answer: .consent,
                scope: "In groups only", givenOn: .example, lapsedOn: nil)
        }

        enum CodingKeys: String, FieldWords {
            case purpose, answer, scope
            case isAsked = "is_asked"
            case isAwaited = "is_awaited"
            case givenOn = "given_on"
            case lapsedOn = "lapsed_on"

            var words: String {
                switch self {
                case .purpose: "For what."
                case .isAsked: "Whether the school asks for it."
                case .isAwaited: "Whether an answer of theirs is wanting, or has lapsed."
                case .answer: "What they said last; absent where they have said nothing."
                case .scope: "How far it goes, in their words."
                case .givenOn: "When they said so."
                case .lapsedOn: "Since when their yes holds no more."
                }
            }
        }
    }

    /// What they say.
    struct Said: Body {
        let answers: Few<Consent.Answer, 13>

        static let schemaName = "LinkConsentsSaid"
        static let words = "What the owner of a link says of each purpose, each once."
        static var example: Said { Said(answers: [.example]) }

        enum CodingKeys: String, FieldWords {
            case answers

            var words: String { "What is said; of what is not named nothing changes." }
        }

        var faults: [JSONFault] { answers.faults(mayBeNone: false) }
    }
}

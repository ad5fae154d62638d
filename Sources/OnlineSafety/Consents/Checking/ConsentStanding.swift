import JSON
import OpenAPI

/// How a purpose stands with somebody today, and why: for those who may know that.
struct ConsentStanding: Resource {
    let personID: ID<Person>
    let schoolID: ID<School>
    let purpose: ConsentPurpose
    let isAsked: Bool
    let isAllowed: Bool
    let codes: [ConsentCode]
    let since: Day?
    let until: Day?
    let scope: String?
    let given: [Given]

    static let isTagged = false
    static let words = "How a purpose stands with somebody today, and why."
    static var example: ConsentStanding {
        ConsentStanding(
            personID: .example, schoolID: .example, purpose: .press, isAsked: true,
            isAllowed: false, codes: [.refused], since: .example, until: nil, scope: nil,
            given: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case purpose, codes, since, until, scope, given
        case personID = "person_id"
        case schoolID = "school_id"
        case isAsked = "is_asked"
        case isAllowed = "is_allowed"

        var words: String {
            switch self {
            case .personID: "Who."
            case .schoolID: "At which school."
            case .purpose: "For what."
            case .isAsked: "Whether the school asks it of them."
            case .isAllowed: "Whether they may."
            case .codes: "What stands against it, all of it; nothing where they may."
            case .since: "Since when it was allowed, refused, withdrawn or lapsed."
            case .until: "The last day on which it will be allowed, as far as is known."
            case .scope: "How far it goes, in the words of those who allowed it."
            case .given: "The latest word of each whose answer counts today."
            }
        }
    }

    /// The latest word of one of those whose answer counts.
    struct Given: Codable, Exemplary {
        let givenByID: ID<Person>
        let givenBy: String
        let answer: ConsentWord
        let givenOn: Day
        let scope: String?
        let lapsedOn: Day?

        static var example: Given {
            Given(
                givenByID: .example, givenBy: "Amira Ash", answer: .refuse, givenOn: .example,
                scope: nil, lapsedOn: nil)
        }

        enum CodingKeys: String, FieldWords {
            case answer, scope
            case givenByID = "given_by_id"
            case givenBy = "given_by"
            case givenOn = "given_on"
            case lapsedOn = "lapsed_on"

            var words: String {
                switch self {
                case .givenByID: "Who said it."
                case .givenBy: "Their name."
                case .answer: "What."
                case .givenOn: "When."
                case .scope: "How far it goes."
                case .lapsedOn: "Since when it holds no more."
                }
            }
        }
    }
}

/// What may stand against something, by codes that never change their meaning.
enum ConsentCode: String, Words {
    case notAsked = "not_asked"
    case refused
    case withdrawn
    case lapsed
    case noAnswer = "no_answer"
    case needsAnother = "needs_another"
    case atRisk = "at_risk"
    case vulnerable
    case withheld

    var label: String {
        switch self {
        case .notAsked: "The school does not ask for it"
        case .refused: "Somebody whose answer counts refuses it"
        case .withdrawn: "Somebody whose answer counts has withdrawn it"
        case .lapsed: "What was allowed has lapsed, and must be asked for anew"
        case .noAnswer: "Nobody has answered"
        case .needsAnother: "It needs a consent for something else, which is not there"
        case .atRisk: "At risk: their image must not be put online"
        case .vulnerable: "Vulnerable: their photographs stay off the learning platform"
        case .withheld: "The school withholds it; ask those who lead safeguarding"
        }
    }
}

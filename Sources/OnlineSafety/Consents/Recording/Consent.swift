import JSON
import OpenAPI
import Postgres

/// What somebody said about one person at one time, of one purpose or several; never altered
/// (CON-01, CON-11, CON-15).
struct Consent: Resource {
    let id: ID<Consent>
    let schoolID: ID<School>
    let personID: ID<Person>
    let who: String
    let givenByID: ID<Person>
    let givenBy: String
    let answers: [Answer]
    let givenOn: Day
    let how: ConsentWay
    let keptAt: String?
    let correctsID: ID<Consent>?
    let reason: String?
    let correctedByID: ID<Consent>?
    let enteredBy: String?
    let enteredAt: Instant

    static let isTagged = false
    static let words =
        "What somebody said about a child, or an adult about themselves, at one time."
    static let address: StaticString? = "/v1/consents/"
    static var example: Consent {
        Consent(
            id: .example, schoolID: .example, personID: .example, who: "Robin Ash",
            givenByID: .example, givenBy: "Amira Ash", answers: [.example], givenOn: .example,
            how: .paper, keptAt: "Office, blue folder", correctsID: nil, reason: nil,
            correctedByID: nil, enteredBy: "Sam Reed", enteredAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case id, who, answers, how, reason
        case schoolID = "school_id"
        case personID = "person_id"
        case givenByID = "given_by_id"
        case givenBy = "given_by"
        case givenOn = "given_on"
        case keptAt = "kept_at"
        case correctsID = "corrects_id"
        case correctedByID = "corrected_by_id"
        case enteredBy = "entered_by"
        case enteredAt = "entered_at"

        var words: String {
            switch self {
            case .id: "What was said."
            case .schoolID: "The school."
            case .personID: "About whom."
            case .who: "Their name."
            case .givenByID:
                "Who said it: of a child a parent with parental responsibility, whose contact is "
                    + "not barred; an adult says it of themselves."
            case .givenBy: "Their name."
            case .answers: "What was said of each purpose; nothing, where it only strikes out."
            case .givenOn: "The day on which it was said: that on the form."
            case .how: "How it came to the school."
            case .keptAt: "Where the writing lies; needed of paper and of e-mail."
            case .correctsID: "What it takes the place of, which counts no more."
            case .reason: "Why that was corrected."
            case .correctedByID: "What has taken its place: it counts no more."
            case .enteredBy: "Who entered it; absent where they said it by a link of their own."
            case .enteredAt: "When."
            }
        }
    }

    /// What was said of one purpose.
    struct Answer: Codable, Exemplary {
        let purpose: ConsentPurpose
        let answer: ConsentWord
        let scope: Text<300>?

        static var example: Answer {
            Answer(purpose: .schoolWebsite, answer: .consent, scope: "In groups only")
        }

        enum CodingKeys: String, FieldWords {
            case purpose, answer, scope

            var words: String {
                switch self {
                case .purpose: "For what."
                case .answer: "Yes, no, or no more."
                case .scope: "How far it goes, in their words; told to all who must obey it."
                }
            }
        }
    }
}

/// What somebody said.
enum ConsentWord: String, Words {
    case consent
    case refuse
    case withdraw

    var label: String {
        switch self {
        case .consent: "Yes"
        case .refuse: "No"
        case .withdraw: "No more"
        }
    }
}

/// How an answer came to the school.
enum ConsentWay: String, Words {
    case session
    case link
    case inPerson = "in_person"
    case paper
    case email

    var label: String {
        switch self {
        case .session: "By themselves, signed in"
        case .link: "By themselves, by a link of their own"
        case .inPerson: "In writing, before somebody of the school"
        case .paper: "On paper"
        case .email: "By e-mail"
        }
    }

    /// Whether something written lies somewhere.
    var isKept: Bool { self == .paper || self == .email }
}

import JSON
import OpenAPI

extension Consent {
    /// A form that came back, or a word of one's own.
    struct Said: Body {
        let personID: ID<Person>
        let givenByID: ID<Person>?
        let answers: Few<Answer, 13>
        let givenOn: Day?
        let how: ConsentWay?
        let keptAt: Text<300>?

        static let schemaName = "ConsentSaid"
        static let words = "What somebody said about a child, or an adult about themselves."
        static var example: Said {
            Said(
                personID: .example, givenByID: nil, answers: [.example], givenOn: .example,
                how: nil, keptAt: "Office, blue folder")
        }

        enum CodingKeys: String, FieldWords {
            case answers, how
            case personID = "person_id"
            case givenByID = "given_by_id"
            case givenOn = "given_on"
            case keptAt = "kept_at"

            var words: String {
                switch self {
                case .personID: "About whom: a pupil, or an adult."
                case .givenByID: "The parent who says it; not needed of an adult."
                case .answers: "What is said of each purpose, each once."
                case .givenOn:
                    "The day on the form, not to come; needed of paper and of e-mail, else today "
                        + "when not given."
                case .how:
                    "`session` for oneself, `paper` for another when not given; never `link`, by "
                        + "which somebody answers alone."
                case .keptAt: "Where the writing lies; needed of paper and of e-mail."
                }
            }
        }

        var faults: [JSONFault] { answers.faults(mayBeNone: false) }

        /// The form with what goes without saying.
        func completed(_ usual: ConsentWay) -> ConsentForm {
            ConsentForm(
                id: ID(), personID: personID, givenByID: givenByID, answers: answers,
                givenOn: givenOn?.string, how: how ?? usual, keptAt: keptAt?.string)
        }
    }

    /// What was put down wrongly, as it was truly said; without answers it was never said.
    struct Correction: Body {
        let reason: Text<1000>
        let givenByID: ID<Person>?
        let answers: Few<Answer, 13>?
        let givenOn: Day?
        let how: ConsentWay?
        let keptAt: Text<300>?

        static let schemaName = "ConsentCorrection"
        static let words = "What was truly said, where it was put down wrongly."
        static var example: Correction {
            Correction(
                reason: "Entered for the wrong child", givenByID: nil, answers: nil, givenOn: nil,
                how: nil, keptAt: nil)
        }

        enum CodingKeys: String, FieldWords {
            case reason, answers, how
            case givenByID = "given_by_id"
            case givenOn = "given_on"
            case keptAt = "kept_at"

            var words: String {
                switch self {
                case .reason: "What was wrong."
                case .givenByID: "Who said it, if not whom was put down."
                case .answers:
                    "What they said of each purpose, all of it; without it, it only strikes out "
                        + "what was never said."
                case .givenOn: "The day on the form, if not that which was put down."
                case .how: "How it came to the school, if not as was put down."
                case .keptAt: "Where the writing lies, if not where was put down."
                }
            }
        }

        var faults: [JSONFault] { answers?.faults(mayBeNone: true) ?? [] }

        /// The form that takes the place of another.
        func completed(_ before: ConsentForm) -> ConsentForm {
            ConsentForm(
                id: ID(), personID: before.personID, givenByID: givenByID ?? before.givenByID,
                answers: answers ?? [], givenOn: givenOn?.string ?? before.givenOn,
                how: how ?? before.how, keptAt: keptAt?.string ?? before.keptAt,
                correctsID: before.id, reason: reason.string)
        }
    }
}

/// A form as the database takes it (`record_consents`).
struct ConsentForm: Encodable, Sendable {
    let id: ID<Consent>
    let personID: ID<Person>
    let givenByID: ID<Person>?
    let answers: Few<Consent.Answer, 13>
    let givenOn: String?
    let how: ConsentWay
    let keptAt: String?
    var correctsID: ID<Consent>?
    var reason: String?

    enum CodingKeys: String, CodingKey {
        case id, answers, how, reason
        case personID = "person_id"
        case givenByID = "given_by_id"
        case givenOn = "given_on"
        case keptAt = "kept_at"
        case correctsID = "corrects_id"
    }
}

extension Few<Consent.Answer, 13> {
    func faults(mayBeNone: Bool) -> [JSONFault] {
        guard !elements.isEmpty || mayBeNone else {
            return [
                JSONFault(
                    pointer: "/answers", code: "required", detail: "Say what was said of something")
            ]
        }
        return elements.indices.compactMap { place in
            let isRepeated = elements[..<place].contains {
                $0.purpose == elements[place].purpose
            }
            return isRepeated
                ? JSONFault(
                    pointer: "/answers/\(place)/purpose", code: "repeated",
                    detail: "Say one thing of each purpose") : nil
        }
    }
}

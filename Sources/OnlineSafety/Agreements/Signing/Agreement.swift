import JSON
import OpenAPI

/// A version that was put before somebody, and what became of it (24.3).
struct Agreement: Resource {
    let id: ID<Agreement>
    let schoolID: ID<School>
    let personID: ID<Person>
    let who: String
    let templateID: ID<AgreementTemplate>
    let template: String
    let versionID: ID<AgreementVersion>
    let number: Int
    let title: String
    let form: AgreementForm
    let state: AgreementState
    let isCurrent: Bool
    let currentUntil: Day?
    let issuedOn: Day
    let issuedBy: String?
    let dueOn: Day
    let signatures: [Signature]
    let endedBecause: String?
    let endedBy: String?
    let endedAt: Instant?

    static let isTagged = false
    static let words = "A version that was put before somebody, and what became of it."
    static let address: StaticString? = "/v1/agreements/"
    static var example: Agreement {
        Agreement(
            id: .example, schoolID: .example, personID: .example, who: "Grace Okafor",
            templateID: .example, template: "Staff", versionID: .example, number: 2,
            title: "Acceptable use by staff", form: .signature, state: .signed, isCurrent: true,
            currentUntil: .example, issuedOn: .example, issuedBy: "Rebecca Stone",
            dueOn: .example, signatures: [.example], endedBecause: nil, endedBy: nil, endedAt: nil)
    }

    enum CodingKeys: String, FieldWords {
        case id, who, template, number, title, form, state, signatures
        case schoolID = "school_id"
        case personID = "person_id"
        case templateID = "template_id"
        case versionID = "version_id"
        case isCurrent = "is_current"
        case currentUntil = "current_until"
        case issuedOn = "issued_on"
        case issuedBy = "issued_by"
        case dueOn = "due_on"
        case endedBecause = "ended_because"
        case endedBy = "ended_by"
        case endedAt = "ended_at"

        var words: String {
            switch self {
            case .id: "The agreement."
            case .schoolID: "The school."
            case .personID: "Before whom it was put."
            case .who: "Their name."
            case .templateID: "The template."
            case .template: "What the school calls that."
            case .versionID: "The version."
            case .number: "Its number."
            case .title: "Its title."
            case .form: "What is done with it: signed, agreed to, handed over, or only given."
            case .state: "Where it stands today."
            case .isCurrent: "Whether it holds today, so that what hangs on it is open."
            case .currentUntil: "The last day on which it will hold, as far as is known."
            case .issuedOn: "On which day it was put before them."
            case .issuedBy: "By whom; absent where it went out of itself (AGR-11)."
            case .dueOn: "By when it is to be signed."
            case .signatures: "Who signed it, the first before the others."
            case .endedBecause:
                """
                Why it was refused, withdrawn or revoked; of what was revoked, to the headteacher, \
                the DSLs and whoever it is about.
                """
            case .endedBy: "Who put that down."
            case .endedAt: "When."
            }
        }
    }

    /// To put the version in force before somebody.
    struct Issue: Body {
        let personID: ID<Person>
        let templateID: ID<AgreementTemplate>
        let variant: ClauseCode?
        let dueOn: Day?

        static let schemaName = "AgreementIssue"
        static let words = "To put the version in force of a template before somebody."
        static var example: Issue {
            Issue(personID: .example, templateID: .example, variant: nil, dueOn: nil)
        }

        enum CodingKeys: String, FieldWords {
            case variant
            case personID = "person_id"
            case templateID = "template_id"
            case dueOn = "due_on"

            var words: String {
                switch self {
                case .personID: "Before whom; of a pupil's agreement the pupil."
                case .templateID: "The template, of which the version in force is issued."
                case .variant: "The code of a variant, for whoever needs other words."
                case .dueOn: "By when it is to be signed; within the version's days when not given."
                }
            }
        }
    }

    /// Why it ends.
    struct Ending: Body {
        let reason: Text<1000>

        static let schemaName = "AgreementEnding"
        static let words = "Why an agreement is refused, withdrawn or revoked."
        static var example: Ending { Ending(reason: "The parents want to talk first") }

        enum CodingKeys: String, FieldWords {
            case reason

            var words: String { "Why." }
        }
    }
}

/// Where an agreement stands (24.3).
enum AgreementState: String, Words {
    case owed
    case issued
    case partSigned = "part_signed"
    case signed
    case expired
    case superseded
    case refused
    case withdrawn
    case revoked
    case ended

    var label: String {
        switch self {
        case .owed: "Owed"
        case .issued: "Issued"
        case .partSigned: "Signed in part"
        case .signed: "Signed"
        case .expired: "Expired"
        case .superseded: "Superseded"
        case .refused: "Refused"
        case .withdrawn: "Withdrawn by a signer"
        case .revoked: "Revoked by the school"
        case .ended: "Ended: the person has left, or the rules were withdrawn"
        }
    }
}

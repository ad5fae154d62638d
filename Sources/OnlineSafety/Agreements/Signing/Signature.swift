import JSON
import OpenAPI

/// Who signed, as what, when and how (AGR-06, AGR-07, AGR-10).
struct Signature: Codable, Exemplary {
    let id: ID<Signature>
    let part: AgreementPart
    let signerID: ID<Person>
    let fullName: String
    let jobTitle: String?
    let className: String?
    let attestations: [ClauseCode]
    let signedOn: Day
    let how: Signing
    let keptAt: String?
    let exceptions: String?
    let enteredBy: String?
    let enteredAt: Instant

    static var example: Signature {
        Signature(
            id: .example, part: .oneself, signerID: .example, fullName: "Grace Okafor",
            jobTitle: "Teacher", className: nil, attestations: ["policy_read"],
            signedOn: .example, how: .session, keptAt: nil, exceptions: nil,
            enteredBy: "Grace Okafor", enteredAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case id, part, attestations, how, exceptions
        case signerID = "signer_id"
        case fullName = "full_name"
        case jobTitle = "job_title"
        case className = "class_name"
        case signedOn = "signed_on"
        case keptAt = "kept_at"
        case enteredBy = "entered_by"
        case enteredAt = "entered_at"

        var words: String {
            switch self {
            case .id: "The signature."
            case .part: "As what."
            case .signerID: "Who signed."
            case .fullName: "The name as it was written."
            case .jobTitle: "The job title, where it is asked for."
            case .className: "The class, where it is asked for."
            case .attestations: "What was confirmed, by its codes."
            case .signedOn: "The day that stands beside the signature."
            case .how: "How it was signed."
            case .keptAt: "Where the paper lies."
            case .exceptions: "What was arranged otherwise with a visitor (AGR-16)."
            case .enteredBy: "Who entered it; nobody where it was signed by a link."
            case .enteredAt: "When."
            }
        }
    }
}

/// How something was signed.
enum Signing: String, Words {
    case session
    case inPerson = "in_person"
    case paper
    case link
    case delivery

    var label: String {
        switch self {
        case .session: "By the signer, signed in"
        case .inPerson: "By the signer, before somebody of the school"
        case .paper: "On paper"
        case .link: "By a link of the signer's own"
        case .delivery: "Handed over; nobody signs"
        }
    }
}

/// A signature, as somebody gives or enters it.
struct SignatureSaid: Body {
    let part: AgreementPart?
    let signerID: ID<Person>?
    let fullName: Text<200>
    let jobTitle: Text<200>?
    let className: Text<60>?
    let attestations: Few<ClauseCode, 20>?
    let how: Signing?
    let signedOn: Day?
    let keptAt: Text<300>?
    let exceptions: Text<1000>?

    static let words = "A signature, as somebody gives it for themselves or enters it for another."
    static var example: SignatureSaid {
        SignatureSaid(
            part: nil, signerID: nil, fullName: "Grace Okafor", jobTitle: "Teacher",
            className: nil, attestations: ["policy_read", "data_policy_read"], how: nil,
            signedOn: nil, keptAt: nil, exceptions: nil)
    }

    enum CodingKeys: String, FieldWords {
        case part, attestations, how, exceptions
        case signerID = "signer_id"
        case fullName = "full_name"
        case jobTitle = "job_title"
        case className = "class_name"
        case signedOn = "signed_on"
        case keptAt = "kept_at"

        var words: String {
            switch self {
            case .part: "As what; the only one, or the pupil, when not given."
            case .signerID:
                "Who signed; needed of a parent, usual the person before whom it was put."
            case .fullName: "The name as the signer writes it."
            case .jobTitle: "The job title, where the version asks for it."
            case .className: "The class, where the version asks for it."
            case .attestations: "The codes of what is confirmed: each that is asked of the signer."
            case .how:
                "`session` for oneself, `paper` for another when not given; `in_person` where "
                    + "they sign before the caller; `delivery` of what is only handed over. Never "
                    + "`link`."
            case .signedOn:
                "The day on the paper, from that on which the version was published; today when "
                    + "not given. Of nothing but paper."
            case .keptAt: "Where the paper lies; needed of paper."
            case .exceptions: "What was arranged otherwise, of what is handed over."
            }
        }
    }
}

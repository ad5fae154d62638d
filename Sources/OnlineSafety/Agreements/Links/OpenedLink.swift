import JSON
import OpenAPI

/// What a signing link opens, on the day on which it is opened.
struct OpenedLink: Resource {
    let school: String
    let signer: String
    let lastsUntil: Instant
    let agreements: [Agreement]
    let consents: [LinkConsents]

    static let isTagged = false
    static let words = "What a signing link opens: what its owner may read, sign and answer today."
    static var example: OpenedLink {
        OpenedLink(
            school: "Hawthorn Primary School", signer: "Ines Ash", lastsUntil: .example,
            agreements: [.example], consents: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case school, signer, agreements, consents
        case lastsUntil = "lasts_until"

        var words: String {
            switch self {
            case .school: "The school."
            case .signer: "Whose link it is."
            case .lastsUntil: "Until when it holds."
            case .agreements: "What stands, and what they signed; two hundred at most."
            case .consents: "For each of whom they answer, what is asked and what they have said."
            }
        }
    }

    /// A version that was put before the owner of the link or a child of theirs.
    struct Agreement: Codable, Exemplary {
        let id: ID<OnlineSafety.Agreement>
        let personID: ID<Person>
        let who: String
        let title: String
        let number: Int
        let form: AgreementForm
        let part: AgreementPart?
        let state: AgreementState
        let maySign: Bool
        let isCurrent: Bool
        let currentUntil: Day?
        let issuedOn: Day
        let dueOn: Day
        let fields: [SignatureField]
        let attestations: [Asked]
        let signatures: [LinkSignature]

        static var example: Agreement {
            Agreement(
                id: .example, personID: .example, who: "Robin Ash", title: "Rules for pupils",
                number: 2, form: .signature, part: .parent, state: .partSigned, maySign: true,
                isCurrent: false, currentUntil: nil, issuedOn: .example, dueOn: .example,
                fields: [], attestations: [.example], signatures: [.example])
        }

        enum CodingKeys: String, FieldWords {
            case id, who, title, number, form, part, state, fields, attestations, signatures
            case personID = "person_id"
            case maySign = "may_sign"
            case isCurrent = "is_current"
            case currentUntil = "current_until"
            case issuedOn = "issued_on"
            case dueOn = "due_on"

            var words: String {
                switch self {
                case .id: "The agreement."
                case .personID: "Before whom it was put: the child, or the owner of the link."
                case .who: "Their name."
                case .title: "Its title."
                case .number: "The number of the version."
                case .form: "What is done with it."
                case .part: "As what the owner of the link signs it; absent where they do not."
                case .state: "Where it stands today."
                case .maySign: "Whether the owner of the link may sign it now."
                case .isCurrent: "Whether it holds today."
                case .currentUntil: "The last day on which it will hold, as far as is known."
                case .issuedOn: "On which day it was put before them."
                case .dueOn: "By when it is to be signed."
                case .fields: "What is asked for beside the full name."
                case .attestations: "What whoever signs confirms, each of it."
                case .signatures: "Who has signed, the first before the others."
                }
            }
        }
    }

    /// What a signer confirms.
    struct Asked: Codable, Exemplary {
        let code: ClauseCode
        let words: String

        static var example: Asked {
            Asked(code: "talked", words: "We have talked about these rules.")
        }

        enum CodingKeys: String, FieldWords {
            case code, words

            var words: String {
                switch self {
                case .code: "Its code, to be sent with the signature."
                case .words: "What is confirmed."
                }
            }
        }
    }
}

/// A signature as whoever has a link may know it: their own in full, of others only that there is
/// one.
struct LinkSignature: Codable, Exemplary {
    let part: AgreementPart
    let signedOn: Day
    let isMine: Bool
    let fullName: String?
    let attestations: [ClauseCode]?

    static var example: LinkSignature {
        LinkSignature(
            part: .pupil, signedOn: .example, isMine: false, fullName: nil, attestations: nil)
    }

    enum CodingKeys: String, FieldWords {
        case part, attestations
        case signedOn = "signed_on"
        case isMine = "is_mine"
        case fullName = "full_name"

        var words: String {
            switch self {
            case .part: "As what."
            case .signedOn: "On which day."
            case .isMine: "Whether the owner of the link signed so."
            case .fullName: "The name as they wrote it; absent of others."
            case .attestations: "What they confirmed, by its codes; absent of others."
            }
        }
    }
}

/// The exact words that were put before somebody, as a link shows them (AGR-19).
struct LinkCopy: Resource {
    let id: ID<Agreement>
    let who: String
    let title: String
    let number: Int
    let words: String
    let sha256: String
    let issuedOn: Day
    let signatures: [LinkSignature]

    static let isTagged = false
    static let words = "The exact words that were put before somebody, and who signed them."
    static var example: LinkCopy {
        LinkCopy(
            id: .example, who: "Robin Ash", title: "Rules for pupils", number: 2,
            words: "Rules for pupils\n\nPasswords\n1. I keep mine to myself.",
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            issuedOn: .example, signatures: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case id, who, title, number, words, sha256, signatures
        case issuedOn = "issued_on"

        var words: String {
            switch self {
            case .id: "The agreement."
            case .who: "Before whom it was put."
            case .title: "Its title."
            case .number: "The number of the version."
            case .words: "What is signed, with the names filled in."
            case .sha256: "The SHA-256 of `words` in UTF-8, in hexadecimal."
            case .issuedOn: "On which day it was put before them."
            case .signatures: "Who signed it."
            }
        }
    }
}

/// A signature, as the owner of a link gives it.
struct LinkSignatureSaid: Body {
    let fullName: Text<200>
    let jobTitle: Text<200>?
    let className: Text<60>?
    let attestations: Few<ClauseCode, 20>?

    static let words = "A signature, as the owner of a link gives it."
    static var example: LinkSignatureSaid {
        LinkSignatureSaid(
            fullName: "Ines Ash", jobTitle: nil, className: nil, attestations: ["talked"])
    }

    enum CodingKeys: String, FieldWords {
        case attestations
        case fullName = "full_name"
        case jobTitle = "job_title"
        case className = "class_name"

        var words: String {
            switch self {
            case .fullName: "The name as the signer writes it."
            case .jobTitle: "The job title, where the version asks for it."
            case .className: "The class, where the version asks for it of the pupil."
            case .attestations: "The codes of what is confirmed: each that is asked of the signer."
            }
        }
    }
}

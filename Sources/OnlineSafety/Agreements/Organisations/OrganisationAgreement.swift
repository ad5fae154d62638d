import JSON
import OpenAPI

/// A version that was put before an outside organisation, and what became of it (AGR-15).
struct OrganisationAgreement: Resource {
    let id: ID<OrganisationAgreement>
    let schoolID: ID<School>
    let organisationID: ID<RegisterEntry>
    let templateID: ID<AgreementTemplate>
    let template: String
    let versionID: ID<AgreementVersion>
    let number: Int
    let title: String
    let state: AgreementState
    let isCurrent: Bool
    let currentUntil: Day?
    let issuedOn: Day
    let issuedBy: String
    let dueOn: Day
    let representative: String?
    let jobTitle: String?
    let attestations: [String]?
    let signedOn: Day?
    let how: Signing?
    let keptAt: String?
    let enteredBy: String?
    let mail: MailState?
    let endedBecause: String?
    let endedBy: String?
    let endedAt: Instant?

    static let isTagged = false
    static let words = "A version that was put before an organisation, and what became of it."
    static var example: OrganisationAgreement {
        OrganisationAgreement(
            id: .example, schoolID: .example, organisationID: .example, templateID: .example,
            template: "Organisations", versionID: .example, number: 1,
            title: "Acceptable use by organisations", state: .signed, isCurrent: true,
            currentUntil: .example, issuedOn: .example, issuedBy: "Sam Reed", dueOn: .example,
            representative: "Jo Larch", jobTitle: "Club leader", attestations: ["policy_read"],
            signedOn: .example, how: .paper, keptAt: "Office, folder 2", enteredBy: "Sam Reed",
            mail: nil, endedBecause: nil, endedBy: nil, endedAt: nil)
    }

    enum CodingKeys: String, FieldWords {
        case id, template, number, title, state, representative, attestations, how, mail
        case schoolID = "school_id"
        case organisationID = "organisation_id"
        case templateID = "template_id"
        case versionID = "version_id"
        case isCurrent = "is_current"
        case currentUntil = "current_until"
        case issuedOn = "issued_on"
        case issuedBy = "issued_by"
        case dueOn = "due_on"
        case jobTitle = "job_title"
        case signedOn = "signed_on"
        case keptAt = "kept_at"
        case enteredBy = "entered_by"
        case endedBecause = "ended_because"
        case endedBy = "ended_by"
        case endedAt = "ended_at"

        var words: String {
            switch self {
            case .id: "The agreement."
            case .schoolID: "The school."
            case .organisationID: "The organisation, as its register has it."
            case .templateID: "The template."
            case .template: "What the school calls that."
            case .versionID: "The version."
            case .number: "Its number."
            case .title: "Its title."
            case .state: "Where it stands today."
            case .isCurrent: "Whether it holds today."
            case .currentUntil: "The last day on which it will hold, as far as is known."
            case .issuedOn: "On which day it was put before the organisation."
            case .issuedBy: "By whom."
            case .dueOn: "By when it is to be signed."
            case .representative: "Who signed for the organisation; absent until then."
            case .jobTitle: "As what."
            case .attestations: "What they confirmed, by its codes."
            case .signedOn: "On which day."
            case .how: "On paper, or by a link."
            case .keptAt: "Where the paper lies."
            case .enteredBy: "Who entered it; absent of a link."
            case .mail: "What became of the mail with its link; absent where none went lately."
            case .endedBecause: "Why it was revoked."
            case .endedBy: "By whom."
            case .endedAt: "When."
            }
        }
    }

    /// To put the version in force before an organisation.
    struct Issue: Body {
        let templateID: ID<AgreementTemplate>
        let dueOn: Day?
        let email: RosterAddress?

        static let schemaName = "OrganisationAgreementIssue"
        static let words = "To put the version in force before an organisation."
        static var example: Issue { Issue(templateID: .example, dueOn: nil, email: nil) }

        enum CodingKeys: String, FieldWords {
            case email
            case templateID = "template_id"
            case dueOn = "due_on"

            var words: String {
                switch self {
                case .templateID: "The template, of which the version in force is issued."
                case .dueOn: "By when it is to be signed; within the version's days when not given."
                case .email: "Where a link goes by which it is signed; none, when not given."
                }
            }
        }
    }

    /// What somebody signed for an organisation on paper.
    struct OnPaper: Body {
        let fullName: Text<200>
        let jobTitle: Text<200>
        let attestations: Few<ClauseCode, 20>?
        let signedOn: Day?
        let keptAt: Text<300>

        static let schemaName = "OrganisationPaperSignature"
        static let words = "What somebody signed for an organisation, on paper."
        static var example: OnPaper {
            OnPaper(
                fullName: "Jo Larch", jobTitle: "Club leader",
                attestations: ["policy_read", "data_policy_read"], signedOn: nil,
                keptAt: "Office, folder 2")
        }

        enum CodingKeys: String, FieldWords {
            case attestations
            case fullName = "full_name"
            case jobTitle = "job_title"
            case signedOn = "signed_on"
            case keptAt = "kept_at"

            var words: String {
                switch self {
                case .fullName: "The name of whoever signed for the organisation."
                case .jobTitle: "As what they sign for it."
                case .attestations: "The codes of what they confirmed: each that is asked."
                case .signedOn: "The day on the paper; today when not given."
                case .keptAt: "Where the paper lies."
                }
            }
        }
    }

    /// What somebody signs for an organisation by its link.
    struct ByLink: Body {
        let fullName: Text<200>
        let jobTitle: Text<200>
        let attestations: Few<ClauseCode, 20>?

        static let schemaName = "OrganisationLinkSignature"
        static let words = "A signature for an organisation, as the owner of its link gives it."
        static var example: ByLink {
            ByLink(
                fullName: "Jo Larch", jobTitle: "Club leader",
                attestations: ["policy_read", "data_policy_read"])
        }

        enum CodingKeys: String, FieldWords {
            case attestations
            case fullName = "full_name"
            case jobTitle = "job_title"

            var words: String {
                switch self {
                case .fullName: "The name as the signer writes it."
                case .jobTitle: "As what they sign for the organisation."
                case .attestations: "The codes of what is confirmed: each that is asked."
                }
            }
        }
    }
}

import JSON
import OpenAPI

/// A version of an agreement: a draft that is written at, and once published a text that never
/// changes (AGR-03).
struct AgreementVersion: Resource {
    let id: ID<AgreementVersion>
    let schoolID: ID<School>
    let templateID: ID<AgreementTemplate>
    let template: String
    let number: Int
    let state: AgreementVersionState
    let title: String
    let text: AgreementText?
    let writtenBy: String?
    let writtenAt: Instant?
    let approvedBy: String?
    let approvedAt: Instant?
    let effectiveOn: Day?
    let paperFromOn: Day?
    let publishedBy: String?
    let publishedAt: Instant?
    let withdrawnBecause: String?
    let withdrawnBy: String?
    let withdrawnAt: Instant?
    let etag: String

    static let words = "A version of an agreement."
    static let address: StaticString? = "/v1/agreement-versions/"
    static var example: AgreementVersion {
        AgreementVersion(
            id: .example, schoolID: .example, templateID: .example, template: "Staff", number: 2,
            state: .published, title: "Acceptable use by staff", text: .example,
            writtenBy: "Rebecca Stone", writtenAt: .example, approvedBy: "Maya Lewis",
            approvedAt: .example, effectiveOn: .example, paperFromOn: nil,
            publishedBy: "Maya Lewis", publishedAt: .example, withdrawnBecause: nil,
            withdrawnBy: nil, withdrawnAt: nil, etag: "\"1-published\"")
    }

    enum CodingKeys: String, FieldWords {
        case id, template, number, state, title, text, etag
        case schoolID = "school_id"
        case templateID = "template_id"
        case writtenBy = "written_by"
        case writtenAt = "written_at"
        case approvedBy = "approved_by"
        case approvedAt = "approved_at"
        case effectiveOn = "effective_on"
        case paperFromOn = "paper_from_on"
        case publishedBy = "published_by"
        case publishedAt = "published_at"
        case withdrawnBecause = "withdrawn_because"
        case withdrawnBy = "withdrawn_by"
        case withdrawnAt = "withdrawn_at"

        var words: String {
            switch self {
            case .id: "The version."
            case .schoolID: "The school."
            case .templateID: "The template of which it is a version."
            case .template: "What the school calls that."
            case .number: "Its number, from 1."
            case .state: "Where it stands."
            case .title: "Its title."
            case .text: "What it says and asks for; not in lists."
            case .writtenBy: "Who wrote it last; not for machine clients."
            case .writtenAt: "When."
            case .approvedBy: "Who approved it."
            case .approvedAt: "When."
            case .effectiveOn: "From which day on it is in force, once it is published."
            case .paperFromOn:
                "Since which day the same words were signed on paper, before they were published "
                    + "here; null where they were not."
            case .publishedBy: "Who published it."
            case .publishedAt: "When."
            case .withdrawnBecause: "Why it was withdrawn."
            case .withdrawnBy: "By whom."
            case .withdrawnAt: "When."
            case .etag: "Its version, to be sent as If-Match."
            }
        }
    }

    /// From which day on it is in force, and since when it was signed on paper.
    struct Publication: Body {
        let effectiveOn: Day?
        let paperFromOn: Day?

        static let words = "From which day on a version is in force."
        static var example: Publication { Publication(effectiveOn: nil, paperFromOn: nil) }

        enum CodingKeys: String, FieldWords {
            case effectiveOn = "effective_on"
            case paperFromOn = "paper_from_on"

            var words: String {
                switch self {
                case .effectiveOn: "Today, when not given, or up to a year ahead."
                case .paperFromOn:
                    "Since which day the same words were signed on paper, up to five years back: "
                        + "what is entered from paper may carry a day from then on. Without it "
                        + "none before it was published or in force."
                }
            }
        }
    }

    /// Why it goes.
    struct Withdrawal: Body {
        let reason: Text<1000>

        static let words = "Why a version is withdrawn."
        static var example: Withdrawal { Withdrawal(reason: "The school shares its devices now") }

        enum CodingKeys: String, FieldWords {
            case reason

            var words: String { "Why." }
        }
    }
}

import JSON
import OpenAPI

/// Whether somebody may have something on a day; if not, exactly why not, and what would open it.
struct GateAnswer: Resource {
    let personID: ID<Person>
    let schoolID: ID<School>?
    let access: Access
    let asOf: Day
    let isAllowed: Bool
    let until: Day?
    let reasons: [Reason]

    static let isTagged = false
    static let words = "Whether somebody may have something on a day, and if not, why not."
    static var example: GateAnswer {
        GateAnswer(
            personID: .example, schoolID: .example, access: .device, asOf: .example,
            isAllowed: false, until: nil, reasons: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case until, reasons
        case personID = "person_id"
        case schoolID = "school_id"
        case access = "for"
        case asOf = "as_of"
        case isAllowed = "is_allowed"

        var words: String {
            switch self {
            case .personID: "Who."
            case .schoolID: "At which school; absent of somebody unknown."
            case .access: "What they would have."
            case .asOf: "On which day."
            case .isAllowed: "Whether they may."
            case .until: "The last day for which that answer stands, as far as is known."
            case .reasons: "What stands against it, or will."
            }
        }
    }

    /// Something that stands against it.
    struct Reason: Codable, Exemplary {
        let code: String
        let detail: String
        let opening: String?
        let isShut: Bool
        let since: Day?
        let shutsOn: Day?
        let templateID: ID<AgreementTemplate>?
        let template: String?
        let versionID: ID<AgreementVersion>?
        let agreementID: ID<Agreement>?
        let purpose: ConsentPurpose?

        static var example: Reason {
            Reason(
                code: "agreement_unsigned", detail: "An agreement is not signed",
                opening: "Sign it", isShut: true, since: .example, shutsOn: .example,
                templateID: .example, template: "Staff", versionID: .example, agreementID: nil,
                purpose: nil)
        }

        enum CodingKeys: String, FieldWords {
            case code, detail, opening, since, template, purpose
            case isShut = "is_shut"
            case shutsOn = "shuts_on"
            case templateID = "template_id"
            case versionID = "version_id"
            case agreementID = "agreement_id"

            var words: String {
                switch self {
                case .code: "What it is, by a code that never changes its meaning."
                case .detail: "The same in a sentence."
                case .opening: "What would open the gate."
                case .isShut: "Whether it shuts the gate on that day; else it is only told."
                case .since: "Since when it is so."
                case .shutsOn: "From which day on it shuts; absent where the school only advises."
                case .templateID: "The agreement's template, where it is about one."
                case .template: "What the school calls that."
                case .versionID: "The version in force."
                case .agreementID: "The agreement that was issued, if it was."
                case .purpose: "For what a consent is wanted, where it is about one."
                }
            }
        }
    }

    /// Many at once.
    struct Question: Body {
        let access: Access
        let asOf: Day?
        let personIDs: Few<ID<Person>, 2000>

        static let schemaName = "GateQuestion"
        static let words = "May these persons have this?"
        static var example: Question {
            Question(access: .device, asOf: nil, personIDs: [.example])
        }

        enum CodingKeys: String, FieldWords {
            case access = "for"
            case asOf = "as_of"
            case personIDs = "person_ids"

            var words: String {
                switch self {
                case .access: "What they would have."
                case .asOf: "On which day; today when not given."
                case .personIDs: "Who; each is answered once."
                }
            }
        }
    }
}

import JSON
import OpenAPI

/// A version that was put before all of a group who owed it, to be signed by a day (AGR-22).
struct Campaign: Resource {
    let id: ID<Campaign>
    let schoolID: ID<School>
    let templateID: ID<AgreementTemplate>
    let template: String
    let versionID: ID<AgreementVersion>
    let name: String
    let dueOn: Day
    let kinds: [PersonKind]?
    let yearGroups: [String]?
    let classNames: [String]?
    let issued: Int
    let current: Int
    let outstanding: Int
    let overdue: Int
    let madeBy: String?
    let madeAt: Instant
    let remindedAt: Instant?

    static let isTagged = false
    static let schemaName = "AgreementCampaign"
    static let words = "A version that was put before all of a group who owed it."
    static let address: StaticString? = "/v1/agreement-campaigns/"
    static var example: Campaign {
        Campaign(
            id: .example, schoolID: .example, templateID: .example,
            template: "Pupils, Key Stage 2", versionID: .example, name: "Year 5, autumn",
            dueOn: .example, kinds: nil, yearGroups: ["5"], classNames: nil, issued: 58,
            current: 51, outstanding: 7, overdue: 0, madeBy: "Sam Reed", madeAt: .example,
            remindedAt: nil)
    }

    enum CodingKeys: String, FieldWords {
        case id, template, name, kinds, issued, current, outstanding, overdue
        case schoolID = "school_id"
        case templateID = "template_id"
        case versionID = "version_id"
        case dueOn = "due_on"
        case yearGroups = "year_groups"
        case classNames = "class_names"
        case madeBy = "made_by"
        case madeAt = "made_at"
        case remindedAt = "reminded_at"

        var words: String {
            switch self {
            case .id: "The campaign."
            case .schoolID: "The school."
            case .templateID: "The template."
            case .template: "What the school calls it."
            case .versionID: "The version that was in force."
            case .name: "What people call the campaign."
            case .dueOn: "By when it is to be signed."
            case .kinds: "The kinds of persons; all, when absent."
            case .yearGroups: "The year groups; all, when absent."
            case .classNames: "The classes; all, when absent."
            case .issued: "To how many it was issued."
            case .current: "Of how many it holds today."
            case .outstanding: "How many have not signed, or not all who must."
            case .overdue: "How many of those should have."
            case .madeBy: "Who ran it; absent where it went out of itself (AGR-11)."
            case .madeAt: "When."
            case .remindedAt: "When those were last told who had not signed."
            }
        }
    }

    /// One, as somebody runs it.
    struct Said: Body {
        let templateID: ID<AgreementTemplate>
        let name: Text<100>
        let dueOn: Day
        let kinds: Few<PersonKind, 15>?
        let yearGroups: Few<Text<20>, 20>?
        let classNames: Few<Text<60>, 60>?
        let isToldAtOnce: Bool?

        static let schemaName = "AgreementCampaignSaid"
        static let words = "A campaign, as somebody runs it."
        static var example: Said {
            Said(
                templateID: .example, name: "Staff, this year",
                dueOn: Day("2199-01-01") ?? .example,
                kinds: [.teacher], yearGroups: nil, classNames: nil, isToldAtOnce: nil)
        }

        enum CodingKeys: String, FieldWords {
            case name, kinds
            case templateID = "template_id"
            case dueOn = "due_on"
            case yearGroups = "year_groups"
            case classNames = "class_names"
            case isToldAtOnce = "is_told_at_once"

            var words: String {
                switch self {
                case .isToldAtOnce:
                    """
                    Whether those for whom it waits are told at once, two hundred of them, as by a \
                    reminder; they are, when absent.
                    """
                case .templateID: "The template, of which the version in force is issued."
                case .name: "What people call the campaign."
                case .dueOn: "By when it is to be signed: today or later."
                case .kinds: "Only to these kinds of persons."
                case .yearGroups: "Only to these year groups."
                case .classNames: "Only to these classes."
                }
            }
        }
    }
}

import JSON
import OpenAPI

/// A policy document as it stands: what it is, whose, by whom it was approved, when it is reviewed
/// next, and how far a new version or its confirmation has come (REV-01, 24.5).
struct Policy: Resource {
    let id: ID<Policy>
    let schoolID: ID<School>
    let name: String
    let ownerRole: Role?
    let authors: String?
    let template: String?
    let scope: String?
    let state: PolicyState
    let isOverdue: Bool
    let version: Int?
    let inForceFrom: Day?
    let comesInForceOn: Day?
    let approvedOn: Day?
    let lastReviewedOn: Day?
    let reviewMonths: Int
    let reviewOn: Day?
    let link: String?
    let approvedBy: [PolicyStepTaken]?
    let headteacher: [String]?
    let linkGovernor: [String]?
    let dsls: [String]?
    let guidance: [GuidanceReliedOn.Shown]?
    let linked: [LinkedPolicy]?
    let way: PolicyWay?
    let wayVersion: Int?
    let waySteps: [PolicyStepTaken]?
    let wayReason: String?
    let wayReviewID: ID<Review>?
    let text: PolicyText?
    let history: [PolicyPast]?
    let mayDo: [PolicyAct]?

    static let isTagged = false
    static let address: StaticString? = "/v1/policies/"
    static let words = "A policy document as it stands."
    static var example: Policy {
        Policy(
            id: .example, schoolID: .example, name: "Online safety policy", ownerRole: .dsl,
            authors: "The DSL", template: "The county's model policy", scope: "Everybody",
            state: .inForce, isOverdue: false, version: 2, inForceFrom: .example,
            comesInForceOn: nil, approvedOn: .example, lastReviewedOn: .example, reviewMonths: 12,
            reviewOn: .example,
            link: "https://www.hawthorn.example/policies", approvedBy: [.example],
            headteacher: ["Maya Lewis"], linkGovernor: ["Tom Price"], dsls: ["Amina Yusuf"],
            guidance: [.example], linked: [.example], way: nil, wayVersion: nil, waySteps: nil,
            wayReason: nil, wayReviewID: nil, text: .example, history: [.example], mayDo: [])
    }

    enum CodingKeys: String, FieldWords {
        case id, name, authors, template, scope, state, version, link, headteacher, dsls
        case guidance, linked, way, text, history
        case schoolID = "school_id"
        case ownerRole = "owner_role"
        case isOverdue = "is_overdue"
        case inForceFrom = "in_force_from"
        case comesInForceOn = "comes_in_force_on"
        case approvedOn = "approved_on"
        case lastReviewedOn = "last_reviewed_on"
        case reviewMonths = "review_months"
        case reviewOn = "review_on"
        case approvedBy = "approved_by"
        case linkGovernor = "link_governor"
        case wayVersion = "way_version"
        case waySteps = "way_steps"
        case wayReason = "way_reason"
        case wayReviewID = "way_review_id"
        case mayDo = "may_do"

        var words: String {
            switch self {
            case .id: "The policy."
            case .schoolID: "The school."
            case .name: "What it is called."
            case .ownerRole: "The post whose it is."
            case .authors: "Who wrote it, by their posts."
            case .template: "The template or model it is based on."
            case .scope: "Whom and what it covers."
            case .state: "Where it stands today."
            case .isOverdue: "Whether its review is overdue; it stays in force."
            case .version: "The number of the version in force."
            case .inForceFrom: "Since when that is in force."
            case .comesInForceOn:
                "From which day to come another version is, which is published already; for those "
                    + "who prepare and approve it."
            case .approvedOn: "On which day the last step of its chain was taken."
            case .lastReviewedOn: "When it came in force or was last confirmed as it is."
            case .reviewMonths: "Every how many months it is reviewed."
            case .reviewOn: "By when it is to be reviewed next."
            case .link: "Where it is published."
            case .approvedBy: "The steps by which it was approved, with who took each and when."
            case .headteacher: "The headteacher when it came in force; not for governors."
            case .linkGovernor: "The link governor then; likewise."
            case .dsls: "The DSL and deputies then; likewise."
            case .guidance: "The guidance it relies on, and what of it is out of date (REV-06)."
            case .linked: "The policies it goes with."
            case .way: "Which way is being gone; for those who prepare and approve it."
            case .wayVersion: "Which version is to be adopted; likewise."
            case .waySteps: "The steps of that way, and those that were taken; likewise."
            case .wayReason: "Why it is under review; likewise."
            case .wayReviewID: "The review because of which it is; likewise."
            case .text: "What the version in force says; where it is read by itself."
            case .history: "Its history: what was done with it and when; likewise (REV-02)."
            case .mayDo: "What the caller may do with it now; likewise."
            }
        }
    }

    /// A new document, with the draft of its first version.
    struct Said: Body {
        let schoolID: ID<School>?
        let text: PolicyText

        static let schemaName = "PolicySaid"
        static let words = "A new policy document, with the draft of its first version."
        static var example: Said { Said(schoolID: nil, text: .example) }

        enum CodingKeys: String, FieldWords {
            case text
            case schoolID = "school_id"

            var words: String {
                switch self {
                case .schoolID: "The school; may be left out by whoever writes in one alone."
                case .text: "What its first version says."
                }
            }
        }

        var faults: [JSONFault] { text.faults }
    }

    /// A new version of one that there is.
    struct Draft: Body {
        let text: PolicyText

        static let schemaName = "PolicyDraft"
        static let words = "A new version of a policy document, whole."
        static var example: Draft { Draft(text: .example) }

        enum CodingKeys: String, FieldWords {
            case text

            var words: String { "What it says." }
        }

        var faults: [JSONFault] { text.faults }
    }
}

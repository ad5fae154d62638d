import JSON
import OpenAPI

/// One of the nine action lines of source 001's Appendix J, and what was answered to it (INC-22).
struct ActionLine: Resource {
    let schoolID: ID<School>
    let number: Int
    let line: Line
    let answer: Answer
    let words: String?
    let doneOn: Day?
    let doneBy: String?
    let answeredAt: Instant?
    let answeredBy: String?
    let answeredByRole: Role?
    let etag: String

    static let words = "One of the nine action lines, and what was answered to it."
    static var example: ActionLine {
        ActionLine(
            schoolID: .example, number: 6, line: .parentsInformed, answer: .done,
            words: "Both parents, at school", doneOn: .example, doneBy: "Grace Okafor",
            answeredAt: .example, answeredBy: "Grace Okafor", answeredByRole: .dsl, etag: "\"1\"")
    }

    enum CodingKeys: String, FieldWords {
        case number, line, answer, words, etag
        case schoolID = "school_id"
        case doneOn = "done_on"
        case doneBy = "done_by"
        case answeredAt = "answered_at"
        case answeredBy = "answered_by"
        case answeredByRole = "answered_by_role"

        var words: String {
            switch self {
            case .number: "Its place on the form, from 1 to 9."
            case .line: "Which line it is."
            case .answer: "What was answered; `pending` until somebody has."
            case .words: "What was done, or why it was not needed."
            case .etag: "Its version, to be sent as If-Match; `\"0\"` before the first answer."
            case .schoolID: "The school."
            case .doneOn: "The day on which it was done."
            case .doneBy: "Who did it."
            case .answeredAt: "When it was answered."
            case .answeredBy: "Who answered it."
            case .answeredByRole: "In which post."
            }
        }
    }

    /// The nine lines, in the order of the form.
    enum Line: String, Words, Argument {
        case reportedToLead = "reported_to_lead"
        case adviceSought = "advice_sought"
        case referredToLocalAuthority = "referred_to_local_authority"
        case reportedToPoliceOrCEOP = "reported_to_police_or_ceop"
        case policyReviewed = "policy_reviewed"
        case parentsInformed = "parents_informed"
        case reportedToNetwork = "reported_to_network"
        case otherActions = "other_actions"
        case widerCommunity = "wider_community"

        var label: String {
            switch self {
            case .reportedToLead: "Reported to the coordinator, the DSL or the headteacher"
            case .adviceSought: "Safeguarding advice sought; say from whom"
            case .referredToLocalAuthority: "Referred to the local authority's safeguarding team"
            case .reportedToPoliceOrCEOP: "Reported to the police or CEOP"
            case .policyReviewed: "The online safety policy to be reviewed or amended"
            case .parentsInformed: "Parents or carers informed; say who and how"
            case .reportedToNetwork: "Reported to the social network"
            case .otherActions: "Other actions: warnings, sanctions, debrief, support"
            case .widerCommunity: "Response in the wider community: letters, assembly, lessons"
            }
        }

        /// Those of which the form asks that they be specified.
        var isSpecified: Bool {
            [.adviceSought, .parentsInformed, .otherActions].contains(self)
        }

        /// Those by which it went to somebody outside the school.
        var isPassingOn: Bool {
            [.adviceSought, .referredToLocalAuthority, .reportedToPoliceOrCEOP].contains(self)
        }
    }

    enum Answer: String, Words {
        case done
        case notNeeded = "not_needed"
        case pending

        var label: String {
            switch self {
            case .done: "Done"
            case .notNeeded: "Not needed"
            case .pending: "Still to be done"
            }
        }
    }

    /// What is answered to a line.
    struct Given: RecordBody {
        let answer: Answer
        let words: Text<10_000>?
        let doneOn: Day?
        let doneBy: Text<200>?

        static let words = "What is answered to an action line."
        static var example: Given {
            Given(answer: .done, words: "Both parents, at school", doneOn: .example, doneBy: nil)
        }

        enum CodingKeys: String, FieldWords {
            case answer, words
            case doneOn = "done_on"
            case doneBy = "done_by"

            var words: String {
                switch self {
                case .answer: "What is answered."
                case .words:
                    "What was done, or why it was not needed; required where the form says "
                        + "“specify” and it was done."
                case .doneOn: "The day on which it was done; today when not given."
                case .doneBy: "Who did it; whoever answers, when not given."
                }
            }
        }
    }
}

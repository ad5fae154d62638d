import JSON
import OpenAPI

/// A summary of incidents for the governors, or for the leadership team, as it was issued (RPT-01,
/// RPT-02, RPT-08).
struct GovernorReport: Resource {
    let id: ID<GovernorReport>
    let schoolID: ID<School>
    let audience: Audience
    let number: Int
    let fromOn: Day
    let untilOn: Day
    let yearFromOn: Day?
    let commentary: String
    let cells: [Cell]?
    let receivedBy: [Recipient]
    let issuedBy: String
    let issuedAt: Instant

    static let isTagged = false
    static let address: StaticString? = "/v1/governor-reports/"
    static let words =
        "A summary of incidents for the governors, or for the leadership team, as it was issued."
    static var example: GovernorReport {
        GovernorReport(
            id: .example, schoolID: .example, audience: .governors, number: 3, fromOn: .example,
            untilOn: .example,
            yearFromOn: .example,
            commentary: "More reports of unkind messages, since pupils were told how to report.",
            cells: [.example], receivedBy: [.example], issuedBy: "Grace Okafor",
            issuedAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case id, audience, number, commentary, cells
        case schoolID = "school_id"
        case fromOn = "from_on"
        case untilOn = "until_on"
        case yearFromOn = "year_from_on"
        case receivedBy = "received_by"
        case issuedBy = "issued_by"
        case issuedAt = "issued_at"

        var words: String {
            switch self {
            case .id: "The report."
            case .schoolID: "The school."
            case .audience: "For whom it is."
            case .number: "Counted from the school's first for them."
            case .fromOn: "The first day of which reports are counted."
            case .untilOn: "The last."
            case .yearFromOn:
                "The first day of the twelve months beside, which whole reports make up, give or "
                    + "take some weeks; absent where they do not reach back so far, and in lists."
            case .commentary: "What is said to it. It names nobody of the roster."
            case .cells: "The figures; where it is read by itself."
            case .receivedBy: "Who was to receive it: those of that day for whom it is."
            case .issuedBy: "Who issued it."
            case .issuedAt: "When. Nothing of it is altered after."
            }
        }
    }

    /// For whom a report is: each audience has reports of its own, one after the other.
    enum Audience: String, Words {
        case governors
        case leadership

        var label: String {
            switch self {
            case .governors: "The governors, each term"
            case .leadership: "The headteacher and the leadership team"
            }
        }
    }

    /// How many incidents of a kind there were: in the report, in the twelve months to its end, and
    /// in the report before.
    struct Cell: Codable, Exemplary {
        let measure: Measure
        let word: String?
        let state: State
        let count: Int?
        let yearState: State
        let yearCount: Int?
        let previousState: State
        let previousCount: Int?

        static var example: Cell {
            Cell(
                measure: .type, word: "cyberbullying", state: .counted, count: 7,
                yearState: .suppressed, yearCount: nil, previousState: .suppressed,
                previousCount: nil)
        }

        enum CodingKeys: String, FieldWords {
            case measure, word, state, count
            case yearState = "year_state"
            case yearCount = "year_count"
            case previousState = "previous_state"
            case previousCount = "previous_count"

            var words: String {
                switch self {
                case .measure: "By what incidents are counted."
                case .word: "Of which word of that; absent for all incidents."
                case .state: "Whether the figure is told."
                case .count: "How many: 0 or more than 4; absent where it is suppressed."
                case .yearState:
                    "The same of the twelve months to the last day of the report, from "
                        + "`year_from_on`."
                case .yearCount: "How many in those."
                case .previousState: "The same of the report before."
                case .previousCount: "How many in that."
                }
            }
        }
    }

    /// By what incidents are counted.
    enum Measure: String, Words {
        case incidents
        case outcome
        case cameTo = "came_to"
        case type
        case riskCategory = "risk_category"
        case yearGroup = "year_group"
        case targetGroup = "target_group"
        case allegedGroup = "alleged_group"

        var label: String {
            switch self {
            case .incidents: "All incidents that concern a child, duplicates left out"
            case .outcome: "By how they ended, or that they are open"
            case .cameTo: "By what followed; several may, and what was put down by then counts"
            case .type: "By type; an incident may have several, or none"
            case .riskCategory: "By risk category; an incident may have several, or none"
            case .yearGroup: "By the year groups of the children in it"
            case .targetGroup: "By who was the target"
            case .allegedGroup: "By who is alleged"
            }
        }

        /// The words that are counted.
        var counted: [String] {
            switch self {
            case .incidents: [""]
            case .outcome: Outcome.allCases.map(\.rawValue)
            case .cameTo: Consequence.allCases.map(\.rawValue)
            case .type: IncidentType.allCases.map(\.rawValue)
            case .riskCategory: RiskCategory.allCases.map(\.rawValue)
            case .yearGroup: Year.allCases.map(\.rawValue)
            case .targetGroup, .allegedGroup: PersonGroup.allCases.map(\.rawValue)
            }
        }
    }

    /// How an incident ended, when the report was issued.
    enum Outcome: String, Words {
        case open
        case loggedOnly = "logged_only"
        case completed
        case mistaken

        var label: String {
            switch self {
            case .open: "It is open"
            case .loggedOnly: "It was logged, and nothing else was needed"
            case .completed: "All that it called for was done, and it was closed"
            case .mistaken: "It was reported by mistake"
            }
        }
    }

    /// What followed of an incident, by when the report was issued.
    enum Consequence: String, Words {
        case policeInvolved = "police_involved"
        case referred
        case sanctioned
        case accessWithdrawn = "access_withdrawn"
        case supported
        case nothing

        var label: String {
            switch self {
            case .policeInvolved: "The police were involved"
            case .referred: "It was referred to an agency"
            case .sanctioned: "A sanction followed"
            case .accessWithdrawn: "Somebody's access was withdrawn"
            case .supported: "Somebody was supported"
            case .nothing: "Nothing of these"
            }
        }
    }

    /// Whether a figure is told.
    enum State: String, Words {
        case counted
        case suppressed
        case missing

        var label: String {
            switch self {
            case .counted: "It is told; zero is told as 0"
            case .suppressed: "It is 1 to 4, or such a number could be worked out from it"
            case .missing: "It was not counted: the reports do not reach back so far"
            }
        }
    }

    /// Somebody who was to receive it.
    struct Recipient: Codable, Exemplary {
        let name: String
        let role: Role

        static var example: Recipient { Recipient(name: "Ines Ash", role: .linkGovernor) }

        enum CodingKeys: String, FieldWords {
            case name, role

            var words: String {
                switch self {
                case .name: "Their name."
                case .role: "The post for which they received it."
                }
            }
        }
    }

    /// What is said of a report that is issued.
    struct Said: Body {
        let schoolID: ID<School>?
        let audience: Audience?
        let untilOn: Day?
        let commentary: Text<4000>
        let namesNobody: Bool?

        static let schemaName = "GovernorReportSaid"
        static let words = "Up to which day a report counts, and what is said to it."
        static var example: Said {
            Said(
                schoolID: nil, audience: nil, untilOn: nil,
                commentary: "Most were met in the first weeks of term; all classes had the lesson.",
                namesNobody: nil)
        }

        enum CodingKeys: String, FieldWords {
            case audience, commentary
            case schoolID = "school_id"
            case untilOn = "until_on"
            case namesNobody = "names_nobody"

            var words: String {
                switch self {
                case .schoolID:
                    "The school; may be left out by whoever issues reports in only one."
                case .audience: "For whom it is; `governors` when not given."
                case .untilOn:
                    "The last day of which reports are counted: before today, and after the "
                        + "report before; yesterday when not given."
                case .commentary: "What is said to it, without naming anybody of the roster."
                case .namesNobody:
                    "`true` after `may_name_a_person`: that no word of the commentary names "
                        + "anybody, though it is also a name, such as Rose or May."
                }
            }
        }
    }
}

import OpenAPI
import Postgres

/// What a school says of a purpose: whether it asks for it, and how long a yes holds (CON-02).
struct ConsentRule: RuleContent {
    let isAsked: Bool
    let afterMonths: Int?
    let eachSchoolYear: Bool
    let eachKeyStage: Bool
    let lapsesOn: Day?

    typealias Subject = ConsentPurpose
    static let kind = RuleKind(name: "consent", deed: "consent_rule_set")
    static let schemaName = "ConsentRule"
    static let words = "What a school says of a purpose: whether it asks, and how long a yes holds."
    static let columns: SQL = """
        rule.subject as purpose, rule.content -> 'is_asked' as is_asked,
        rule.content -> 'after_months' as after_months,
        rule.content -> 'each_school_year' as each_school_year,
        rule.content -> 'each_key_stage' as each_key_stage,
        rule.content -> 'lapses_on' as lapses_on
        """
    static let relation = Relation.rules(
        "consent rules",
        "What the schools ask consent for in which the post is held (CON-02).")
    static var example: ConsentRule {
        ConsentRule(
            isAsked: true, afterMonths: nil, eachSchoolYear: false, eachKeyStage: true,
            lapsesOn: nil)
    }

    enum CodingKeys: String, FieldWords {
        case isAsked = "is_asked"
        case afterMonths = "after_months"
        case eachSchoolYear = "each_school_year"
        case eachKeyStage = "each_key_stage"
        case lapsesOn = "lapses_on"

        var words: String {
            switch self {
            case .isAsked: "Whether the school asks for it; the answer is no while it does not."
            case .afterMonths: "After how many months a yes lapses."
            case .eachSchoolYear: "Whether a yes lapses with the school year, on 1 September."
            case .eachKeyStage: "Whether a pupil's lapses when they enter the next key stage."
            case .lapsesOn: "On which day every yes of before lapses, to be asked for anew."
            }
        }
    }

    /// As somebody sets it.
    struct Said: RuleSaid {
        let isAsked: Bool
        let afterMonths: WholeNumber<1, 120>?
        let eachSchoolYear: Bool?
        let eachKeyStage: Bool?
        let lapsesOn: Day?

        typealias CodingKeys = ConsentRule.CodingKeys
        static var example: Said {
            Said(
                isAsked: true, afterMonths: nil, eachSchoolYear: nil, eachKeyStage: true,
                lapsesOn: nil)
        }
    }
}

extension ConsentRule {
    init(_ said: Said) {
        self.init(
            isAsked: said.isAsked, afterMonths: said.afterMonths?.number,
            eachSchoolYear: said.eachSchoolYear ?? false,
            eachKeyStage: said.eachKeyStage ?? false, lapsesOn: said.lapsesOn)
    }

    static let rulers: [Role] = [.headteacher, .dsl, .deputyDSL]

    static let routes: [Route] = [
        .get(
            "/v1/consent-rules", "List consent rules",
            "Of each purpose whether the school asks for it, and how long a yes holds.",
            for: [Role].ofASchool.admitted(relation), by(list)),
        .put(
            "/v1/schools/{school}/consent-rules/{purpose}", "Set a consent rule",
            """
            From a day on. What a school does not ask for is no, whatever was answered; a yes \
            lapses as is said here, and a no never does. Requires If-Match.
            """,
            for: rulers.admitted(relation),
            by(SchoolRule<ConsentRule>.set)),
    ]

    static func list(
        _ filter: OfSchool, within reach: Reach, in tx: Transaction
    ) -> Listed<SchoolRule<ConsentRule>> {
        tx.listed(
            """
            \(SchoolRule<ConsentRule>.rows(within: reach))
                and (\(filter.school)::uuid is null or rule.school_id = \(filter.school))
            order by rule.school_id,
                array_position(\(ConsentPurpose.allCases.map(\.rawValue))::text[], rule.subject)
            """)
    }
}

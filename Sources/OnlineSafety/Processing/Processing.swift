/// What a part of the register holds of people, why, and on which basis in law: a line of the
/// record of processing (AUD-06; UK GDPR Article 30). Each area says what it holds (`Area.holds`);
/// a test fails for a table that is in no line.
struct Processing: Sendable {
    let code: String

    /// What it is called in a privacy notice.
    let name: String

    /// The tables that hold it.
    let tables: [String]

    /// Tables of another line, of which it is worked out.
    var workedOutOf: [String] = []

    /// Of whom it tells.
    let whose: [DataSubject]

    /// Which kinds of data these are, in one sentence.
    let data: String

    /// What they are for.
    let purpose: String
    let basis: LawfulBasis

    /// On which basis what is of a special category, or of an offence, is held; `nil` where there
    /// is none.
    var special: SpecialBasis?

    /// How it is kept to what is needed.
    let minimised: String

    /// Tables that hold nothing of anybody.
    static let ofNobody = [
        "closed_day", "duty_clock", "duty_figure", "duty_figures_counted", "duty_reminded",
        "duty_source", "event_head", "guidance_edition", "incident_figure",
        "incident_figures_counted", "incident_part_kind", "membership", "oldest_program",
        "register_kind", "review_kind", "rule_kind", "schema_migration", "setting_default",
        "step_clock", "summary_figure", "term", "usual_procedure", "usual_procedure_map",
        "year_group",
    ]
}

/// Of whom something tells.
enum DataSubject: String, Words {
    case pupils, parents, staff, governors, visitors
    case callers
    case others

    var label: String {
        switch self {
        case .pupils: "Pupils, now and formerly on roll"
        case .parents: "Parents and carers"
        case .staff: "Those who work at the school, employed or not"
        case .governors: "Governors and those who act for the trust"
        case .visitors: "Visitors, volunteers, contractors and community users"
        case .callers: "Everybody who has an account"
        case .others: "Others who are named in a report"
        }
    }
}

/// A lawful basis of UK GDPR Article 6(1), as a school in England usually has it; the school
/// decides, and its data protection officer confirms it.
enum LawfulBasis: String, Words {
    case legalObligation = "legal_obligation"
    case publicTask = "public_task"
    case consent

    var label: String {
        switch self {
        case .legalObligation: "Article 6(1)(c): a duty in law"
        case .publicTask:
            "Article 6(1)(e): a task in the public interest; of an independent school, 6(1)(f): a "
                + "legitimate interest"
        case .consent: "Article 6(1)(a): consent"
        }
    }
}

/// Why data of a special category, or of an offence, may be held.
enum SpecialBasis: String, Words {
    case safeguarding

    var label: String {
        "Articles 9(2)(g) and 10, with the Data Protection Act 2018, Schedule 1, paragraph 18: "
            + "safeguarding of children and of individuals at risk"
    }
}

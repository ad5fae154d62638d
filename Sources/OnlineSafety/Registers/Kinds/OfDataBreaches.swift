import FoundationEssentials
import JSON
import Postgres

/// A breach of personal data, from the moment at which the school knew of it (AUD-06; UK GDPR
/// Articles 33 and 34).
enum DataBreach: RegisterKind {
    static let register = SmallRegister(
        kind: "data_breach", address: "/v1/data-breaches/",
        words: """
            A breach of personal data: what happened, when the school knew, what was decided, and \
            whether the Information Commissioner and the people concerned were told, or why not \
            (AUD-06; UK GDPR Articles 33 and 34). From `known_at` it is 72 hours, weekends and \
            holidays too. What is said later takes the place of what was said, and that stays. \
            Everybody who works at the school puts one down, and reads of them their own; who \
            it may be about by its incident sees nothing of it.
            """,
        time: .happened, readers: .breachHandlers, writers: .breachHandlers,
        recorders: [
            .staff, .onlineSafetyCoordinator, .seniorLeader, .office, .technician,
            .schoolAdministrator,
        ],
        fields: opening + deciding + telling,
        computed: [
            .instant("report_by", "When the 72 hours end.", "\(knownAt) + interval '72 hours'"),
            .init(
                "is_overdue",
                "Whether they are over, and it is neither reported nor decided not to be.",
                where: "\(isUnanswered) and \(knownAt) + interval '72 hours' < rowan_now()"),
        ], namesNobody: true, faults: faults)

    /// What those who answer for the school have to decide, report or tell.
    static let toAnswer = ToDo.duties(
        "data_breach_to_answer", "A breach of personal data that is to be reported or told of",
        of: ["breach_to_report", "breach_to_tell"], for: [.dpo, .headteacher]
    ) { schools in
        """
        select own.school_id, told.*
        from unnest(\(schools)::uuid[]) as own (school_id)
        cross join lateral duties_of_breaches(own.school_id, null) as told
        """
    }

    private static let opening: [RegisterField] = [
        .moment(
            "known_at", "When the school knew of it: from then the 72 hours run.", needed: true),
        .incident("incident", "The incident of which it came, if any; shown to whom that is open."),
        .prose(
            "words", "What happened; without the names of those whose data they are.", needed: true,
            as: "The trip list of Year 5 was sent to the wrong parent"),
        .words("data", BreachedData.self, "Which data."),
        .words("whose", DataSubject.self, "Whose."),
        .number(
            "people_number", "Of how many people, as near as is known.",
            WholeNumber<0, 1_000_000>.self),
        .moment("dpo_told_at", "When the data protection officer was told."),
        .prose(
            "measures", "What was done about it, and against its happening again.",
            as: "The parent deleted it and said so in writing; lists go by the portal from now on"),
    ]

    private static let deciding: [RegisterField] = [
        .prose(
            "consequences", "What is likely to come of it for the people concerned.",
            as: "One parent knew for an hour which children take medicine"),
        .word("risk", BreachRisk.self, "What was decided of the risk to them."),
        .prose(
            "risk_because", "Why; needed with it.",
            as: "Somebody whom the school knows, who has deleted it"),
    ]

    private static let telling: [RegisterField] = [
        .moment("reported_at", "When it was reported to the Information Commissioner."),
        .line("reference", "Under which reference.", as: "IC-2026-11820"),
        .prose(
            "unreported_because",
            "Why it is not reported, which needs that a risk is unlikely, or was not in 72 hours.",
            as: "Whose data they were was known on the fourth day"),
        .moment("people_told_at", "When the people concerned were told."),
        .prose(
            "people_untold_because", "Why they are not, or were not at once.",
            as: "Nobody could tell whose data they were until the list was found"),
    ]

    private static let knownAt: SQL = "(entry._content ->> 'known_at')::timestamptz"
    private static let isUnanswered: SQL =
        "not entry._content ?| array['reported_at', 'unreported_because']"

    /// What belongs together, and what the law leaves no choice of.
    @Sendable private static func faults(_ said: EntryContent) -> [JSONFault] {
        var faults: [JSONFault] = []
        func note(_ field: String, _ code: String, _ detail: String, if isWrong: Bool) {
            guard isWrong else { return }
            faults.append(JSONFault(pointer: "/\(field)", code: code, detail: detail))
        }
        note(
            "risk_because", "required", "Say why the risk is so",
            if: said.has("risk") && !said.has("risk_because"))
        note(
            "unreported_because", "must_be_reported",
            "It is reported, unless it was decided that a risk is unlikely",
            if: said.has("unreported_because") && !said.has("reported_at")
                && said.text("risk") != BreachRisk.unlikely.rawValue)
        note(
            "reported_at", "before_its_start", "Nobody reports what the school does not know yet",
            if: said.hours(from: "known_at", to: "reported_at") < 0)
        note(
            "reported_at", "required", "Say when it was reported",
            if: said.has("reference") && !said.has("reported_at"))
        note(
            "unreported_because", "required", "Say why it was not reported within 72 hours",
            if: said.hours(from: "known_at", to: "reported_at") > 72
                && !said.has("unreported_because"))
        return faults
    }
}

/// What was decided of the risk to the rights and freedoms of the people concerned.
enum BreachRisk: String, Words {
    case unlikely
    case risk
    case high

    var label: String {
        switch self {
        case .unlikely: "A risk is unlikely: it need not be reported"
        case .risk: "A risk: it is reported within 72 hours"
        case .high: "A high risk: the people concerned are told as well"
        }
    }
}

/// Which data a breach was of.
enum BreachedData: String, Words {
    case identity
    case contact
    case safeguarding
    case health
    case images
    case education
    case behaviour
    case credentials
    case financial
    case staffing
    case other

    var label: String {
        switch self {
        case .identity: "Names, days of birth, numbers"
        case .contact: "Addresses and telephone numbers"
        case .safeguarding: "Safeguarding and child protection"
        case .health: "Health, special needs and other special categories"
        case .images: "Photographs, sound and video"
        case .education: "Work, marks and reports"
        case .behaviour: "Behaviour and sanctions"
        case .credentials: "Passwords and other keys"
        case .financial: "Money: accounts, dinners, free meals"
        case .staffing: "Employment"
        case .other: "Other data"
        }
    }
}

extension [Role] {
    /// Those who see to a breach of personal data: the officer, and who answers for the school.
    static let breachHandlers: [Role] = [.dsl, .deputyDSL, .headteacher, .dpo]
}

extension EntryContent {
    /// How many hours lie between two moments; none where one is not said.
    fileprivate func hours(from one: String, to other: String) -> Double {
        guard let begin = moment(one), let end = moment(other) else { return 0 }
        return end.timeIntervalSince(begin) / 3600
    }

    private func moment(_ name: String) -> Date? {
        guard let text = text(name) else { return nil }
        let whole = Date.ISO8601FormatStyle()
        return (try? whole.parse(text))
            ?? (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
    }
}

import JSON
import Postgres

/// A decision with its reason (INC-27, AGY-04): the latest on a matter stands, those before it
/// stay.
enum CaseDecision: CasePartKind {
    static let part = CasePart(
        kind: "case_decision", path: "decisions",
        words: """
            What was decided about an incident, and why, also where the answer is no: whether the \
            police are involved, whether it is referred against the local thresholds. It is \
            superseded by a later one on the same matter, and never edited (INC-27, AGY-04).
            """,
        writers: .deciders, readers: .deciders, isFinal: true,
        fields: [
            .word("about", DecisionMatter.self, "On what.", needed: true),
            .word("outcome", DecisionOutcome.self, "What was decided.", needed: true),
            .prose(
                "words", "Why: the facts, and how they stand to the thresholds.", needed: true,
                as: "One message, no threat, taken down at once; both families were met."),
            .line(
                "thresholds", "Against which local thresholds; needed for a referral.",
                as: "Safeguarding partnership, thresholds of 2026, level 2"),
            .line("on_advice_of", "On whose advice.", as: "The duty social worker"),
        ],
        computed: [
            .yesOrNo(
                "is_current", "Whether no later decision on the same matter supersedes it.",
                where: """
                    not exists (
                        select from incident_part_shown as later
                        where later.school_id = entry.school_id
                            and later._incident_id = entry._incident_id
                            and later._kind = 'case_decision'
                            and later._content ->> 'about' = entry._content ->> 'about'
                            and (later.recorded_at, later.id) > (entry.recorded_at, entry.id))
                    """)
        ],
        faults: { said in
            guard said.text("about") == DecisionMatter.referral.rawValue, !said.has("thresholds")
            else { return [] }
            return [.wanted("thresholds", "Say against which thresholds it was decided")]
        })
}

/// On what a decision is taken.
enum DecisionMatter: String, Words {
    case police
    case referral
    case other

    var label: String {
        switch self {
        case .police: "Whether the police are involved"
        case .referral: "Whether it is referred, against the local thresholds"
        case .other: "Something else, which the reason names"
        }
    }
}

/// What was decided.
enum DecisionOutcome: String, Words {
    case yes
    case no
    case notYet = "not_yet"

    var label: String {
        switch self {
        case .yes: "Yes"
        case .no: "No"
        case .notYet: "Not yet"
        }
    }
}

extension [Role] {
    /// Those who decide about referrals, sanctions and images, or waive a step.
    static let deciders: [Role] = [.dsl, .deputyDSL, .headteacher, .chairOfGovernors]

    /// Those who read what is put down of images (section 25).
    static let imageReaders: [Role] = [.dsl, .deputyDSL, .headteacher]

    /// Those who lead safeguarding.
    static let safeguardingLeads: [Role] = [.dsl, .deputyDSL]
}

import FoundationEssentials
import JSON
import Postgres

/// That the headteacher was informed (INC-50).
enum HeadteacherInformed: CasePartKind {
    static let part = CasePart(
        kind: "headteacher_informed", path: "headteacher-informed",
        called: "that the headteacher knows",
        words: "That the headteacher was informed of it, by whom and when (INC-50).",
        isFinal: true,
        fields: [
            .moment("happened_at", "When.", needed: true),
            .line("informed_by", "By whom.", needed: true, as: "Grace Okafor"),
            .prose("words", "Of what.", as: "That it is with the police now"),
        ])
}

/// That professional legal advice was sought (INC-49).
enum LegalAdvice: CasePartKind {
    static let part = CasePart(
        kind: "legal_advice", path: "legal-advice",
        called: "legal advice",
        words: "That legal advice was sought, why, and what it was (INC-49).",
        writers: .deciders, readers: .deciders,
        fields: [
            .moment("happened_at", "When it was sought.", needed: true),
            .line("sought_from", "From whom.", needed: true, as: "The trust's solicitors"),
            .prose(
                "words", "Why.", needed: true, as: "The post may do the school serious harm"),
            .prose("advice", "What they advised.", as: "Ask for its removal in writing first"),
        ])
}

/// The case of another system about the same matter (INC-39).
enum ExternalCase: CasePartKind {
    static let part = CasePart(
        kind: "external_case", path: "external-cases",
        words: """
            Under which reference another system keeps the safeguarding case, so that the two are \
            not confused (INC-39).
            """,
        fields: [
            .line("system", "Which system.", needed: true, as: "CPOMS"),
            .line("reference", "Under which reference.", needed: true, as: "HW-2026-118"),
            .prose("words", "What is kept there.", as: "The chronology of the family"),
        ])
}

/// What the risk is, and who else was asked about it (PRC-09, PRC-11).
enum RiskAssessment: CasePartKind {
    static let part = CasePart(
        kind: "risk_assessment", path: "risk-assessments",
        words: """
            What the risk is to those involved: their vulnerability, and what other agencies know \
            (PRC-09, PRC-11).
            """,
        writers: .deciders, readers: .deciders,
        fields: [
            .prose(
                "vulnerability", "What makes whom vulnerable.", needed: true,
                as: "A looked-after child; new to the school"),
            .prose(
                "agencies_asked", "Which agencies were asked, and what they know.", needed: true,
                as: "Social care: known since 2024; early help: no"),
            .word("risk", Severity.self, "How great it is.", needed: true),
            .prose(
                "words", "What follows from it.", needed: true,
                as: "Not alone with the other child; her phone stays off in school"),
        ])
}

/// A debrief when all is done (INC-41).
enum Debrief: CasePartKind {
    static let part = CasePart(
        kind: "debrief", path: "debriefs",
        words: """
            What was learnt when all was done, and whether best practice was followed (INC-41). It \
            is held when all nine lines are answered, and support and sanctions are put down; each \
            change that follows is put down as a lesson.
            """,
        isFinal: true, act: .debrief,
        fields: [
            .moment("happened_at", "When it was held.", needed: true),
            .line(
                "who", "Who was there.", needed: true, as: "The DSL, the head, the class teacher"),
            .prose(
                "words", "What was learnt.", needed: true,
                as: "The report came on the third day; Year 5 did not know the button"),
            .yesOrNo(
                "was_best_practice", "Whether best practice was followed.", needed: true),
            .prose("otherwise", "What was done otherwise, and why.", as: "Parents came first"),
        ],
        faults: { said in
            guard !said.isTrue("was_best_practice"), !said.has("otherwise") else { return [] }
            return [.wanted("otherwise", "Say what was done otherwise, and why")]
        })
}

/// A change that follows from a debrief: each opens a task (INC-41).
enum Lesson: CasePartKind {
    static let part = CasePart(
        kind: "lesson", path: "lessons",
        words: """
            What changes because of an incident, in which of policy, procedure, curriculum, \
            filtering or training; its task is opened in the action plan with whoever does it \
            (INC-41, INC-46). That a policy changes opens a review of it by the same day (REV-05).
            """,
        isFinal: true,
        fields: [
            .word("what", LessonKind.self, "What changes.", needed: true),
            .prose(
                "words", "Why, and how.", needed: true,
                as: "Nobody in Year 5 knew how to report from a tablet"),
            .line(
                "task",
                "What is to be done, as the action plan has it: nobody's name belongs in it.",
                needed: true, as: "A lesson on the report button in each class of Year 5"),
            .person("owner", "Who does it.", needed: true),
            .day("due_on", "By when.", needed: true),
        ],
        effects: { said, incident, caller, tx in
            guard let task = said.text("task"), let words = try? Text<500>(task),
                let owner = said.text("owner_id").flatMap(UUID.init(uuidString:)),
                let day = said.text("due_on").flatMap(Day.init)
            else { return }
            let faults =
                try await PlacedText.faults(
                    of: [PlacedText("/task", task)], at: incident.school, in: tx)
                + ReviewDays.faults([("/due_on", day)], in: tx)
            guard faults.isEmpty else { throw Problem(faults) }
            PlannedAction.Found(words: words, ownerID: ID(owner), ownerRole: nil, dueOn: day).write(
                of: nil, incident.id, at: incident.school, by: caller, in: tx)
            guard said.text("what") == LessonKind.policy.rawValue else { return }
            ReviewsOutOfCycle.open(
                because: .debrief, of: incident.id, at: incident.school, by: day, opener: caller,
                in: tx)
        })
}

/// What can change because of an incident.
enum LessonKind: String, Words {
    case policy
    case procedure
    case curriculum
    case filtering
    case training
    case other

    var label: String {
        switch self {
        case .policy: "A policy"
        case .procedure: "A procedure"
        case .curriculum: "What is taught"
        case .filtering: "Filtering or monitoring"
        case .training: "Training"
        case .other: "Something else"
        }
    }
}

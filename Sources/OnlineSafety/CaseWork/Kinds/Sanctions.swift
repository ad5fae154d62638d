import JSON
import Postgres

/// What followed for whoever did it (INC-29, INC-30).
enum Sanction: CasePartKind {
    static let part = CasePart(
        kind: "sanction", path: "sanctions",
        words: """
            What followed for somebody, under which policy (INC-29). While access is withdrawn the \
            gate is shut to them from the chosen day to the chosen day, and does not say why to \
            those who may not know (INC-30).
            """,
        writers: .deciders + [.onlineSafetyCoordinator, .seniorLeader],
        fields: [
            .involved("of", "For whom.", needed: true),
            .word("what", SanctionKind.self, "What.", needed: true),
            .line(
                "policy", "Under which policy.", needed: true, as: "Behaviour policy, section 9"),
            .prose("words", "What was decided, and why.", as: "Two weeks without the network"),
            .words("from", Access.self, "Access to what is withdrawn; needed then."),
            .day("from_on", "From which day; needed where access is withdrawn."),
            .day("until_on", "To which day; nothing until it is corrected."),
        ],
        faults: { said in
            var faults: [JSONFault] = []
            if said.text("what") == SanctionKind.accessWithdrawn.rawValue {
                faults += ["from", "from_on"].filter { !said.has($0) }.map { name in
                    .wanted(name, "Say access to what is withdrawn, and from which day")
                }
            }
            return faults + EntryDays(said.text("from_on"), said.text("until_on")).faults
        },
        standsAgainst: { said, incident, tx in
            guard said.text("what") == SanctionKind.accessWithdrawn.rawValue else { return [] }
            let found = try await tx.run(
                """
                select involved.person_id is not null as is_known
                from involvement_shown as involved
                where involved.school_id = \(incident.school)
                    and involved._incident_id = \(incident.id)
                    and involved.id = \(said.text("of_id"))::text::uuid
                """)
            guard found.bool(0, "is_known") != true else { return [] }
            return [
                Fault(
                    pointer: "/of_id", code: "not_on_the_roster",
                    detail: "Access is withdrawn from somebody of the roster: link them first")
            ]
        })
}

/// What can follow (INC-29).
enum SanctionKind: String, Words {
    case none
    case warning
    case writtenWarning = "written_warning"
    case accessWithdrawn = "access_withdrawn"
    case removalRequested = "removal_requested"
    case parentsContacted = "parents_contacted"
    case suspension
    case exclusion
    case disciplinary
    case proceedings

    var label: String {
        switch self {
        case .none: "None, for the reason that is given"
        case .warning: "A warning"
        case .writtenWarning: "A written warning"
        case .accessWithdrawn: "Access is withdrawn"
        case .removalRequested: "They are asked to remove it"
        case .parentsContacted: "Their parents are contacted"
        case .suspension: "Suspension"
        case .exclusion: "Permanent exclusion"
        case .disciplinary: "It goes to the disciplinary procedure"
        case .proceedings: "Civil or criminal proceedings"
        }
    }
}

/// What was done for somebody, whichever their part (INC-31).
enum Support: CasePartKind {
    static let part = CasePart(
        kind: "support", path: "support",
        called: "support",
        words: "What was done for somebody affected, whichever their part in it (INC-31).",
        fields: [
            .involved("for", "For whom.", needed: true),
            .words("what", SupportKind.self, "What.", needed: true),
            .line("given_by", "By whom.", needed: true, as: "The school counsellor"),
            .moment("happened_at", "When, or from when on."),
            .prose("words", "More of it.", as: "Weekly until the holidays; her mother knows"),
        ],
        faults: { said in
            guard said.texts("what").contains(SupportKind.notWanted.rawValue), !said.has("words")
            else { return [] }
            return [.wanted("words", "Say what was offered, and why it was not taken")]
        })
}

/// What can be done for somebody (INC-31).
enum SupportKind: String, Words {
    case reassurance
    case pastoralCare = "pastoral_care"
    case counselling
    case adviceOnBlocking = "advice_on_blocking"
    case adviceOnReporting = "advice_on_reporting"
    case helpWithRemoval = "help_with_removal"
    case safeguards
    case notWanted = "not_wanted"

    var label: String {
        switch self {
        case .reassurance: "They were listened to and reassured"
        case .pastoralCare: "Pastoral care"
        case .counselling: "Counselling"
        case .adviceOnBlocking: "Advice on blocking"
        case .adviceOnReporting: "Advice on reporting, as to CEOP"
        case .helpWithRemoval: "Help to have it removed"
        case .safeguards: "Safeguards in the school day"
        case .notWanted: "It was offered, and not wanted"
        }
    }
}

/// Whether the learner was part of what was decided (INC-48).
enum LearnersVoice: CasePartKind {
    static let part = CasePart(
        kind: "learners_voice", path: "learners-voices",
        words: """
            Whether the learner was part of what was decided, and was helped to report it \
            themselves where that was apt (INC-48).
            """,
        fields: [
            .involved("child", "Which child.", needed: true),
            .yesOrNo("was_involved", "Whether they were part of what was decided.", needed: true),
            .yesOrNo(
                "reported_themselves", "Whether they were helped to report it themselves.",
                needed: true, as: false),
            .prose(
                "words", "What they wanted, and what came of it; or why not.", needed: true,
                as: "She wants it gone from the site, and her class not told"),
        ])
}

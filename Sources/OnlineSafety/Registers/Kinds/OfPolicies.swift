import JSON

/// What those whom a policy concerns said of it (REV-07).
enum StakeholderInput: RegisterKind {
    static let register = SmallRegister(
        kind: "stakeholder_input", address: "/v1/stakeholder-inputs/",
        words: """
            What staff, learners, parents, governors, specialists or other schools said of a \
            policy, and what became of it (REV-07).
            """,
        time: .happened,
        readers: [
            .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .office,
            .dpo, .governor, .linkGovernor, .chairOfGovernors,
        ],
        writers: [.onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .office],
        fields: [
            .words("groups", StakeholderGroup.self, "Who was asked, or spoke.", needed: true),
            .line("policy", "Of which policy.", needed: true, as: "Online safety policy"),
            .prose("words", "What they said.", needed: true, as: "The rules are too long"),
            .prose("outcome", "What became of it.", as: "A page for the infants was made"),
        ],
        namesNobody: true,
        faults: { entry in
            entry.texts("groups").isEmpty ? [.wanted("groups", "Name one group at least")] : []
        })
}

/// A group whom a policy concerns.
enum StakeholderGroup: String, Words {
    case staff
    case learners
    case parents
    case governors
    case specialists
    case otherSchools = "other_schools"

    var label: String { rawValue.replacing("_", with: " ").capitalisedFirst }
}

/// Where a policy was made known besides (REV-08).
enum PolicyAnnouncement: RegisterKind {
    static let register = SmallRegister(
        kind: "policy_announcement", address: "/v1/policy-announcements/",
        words: "Where a policy was made known besides being published here (REV-08).",
        time: .happened, readers: .ofASchool,
        writers: [
            .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .office,
            .schoolAdministrator,
        ],
        fields: [
            .line("policy", "Which policy.", needed: true, as: "Online safety policy"),
            .words("channels", AnnouncementChannel.self, "Where.", needed: true),
            .line("words", "Which issue, page or letter.", as: "The newsletter of November"),
        ],
        namesNobody: true,
        faults: { entry in
            entry.texts("channels").isEmpty ? [.wanted("channels", "Name one at least")] : []
        })
}

/// Where something is made known.
enum AnnouncementChannel: String, Words {
    case website
    case newsletter
    case letter
    case prospectus
    case meeting
    case other

    var label: String { rawValue.capitalisedFirst }
}

/// That those who answer for online safety kept up with it (REV-16).
enum OversightRecord: RegisterKind {
    private static let leaders: [Role] = [
        .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader,
    ]

    static let register = SmallRegister(
        kind: "oversight_record", address: "/v1/oversight-records/",
        words: """
            That the coordinator was at a meeting on what is new in online safety, or that the \
            leadership team received a report of the monitoring (REV-16).
            """,
        time: .happened, readers: leaders, writers: leaders,
        fields: [
            .word("what", OversightKind.self, "Which.", needed: true),
            .people("people", "Who was there, or received it.", needed: true, holding: leaders),
            .line("subject", "Of which.", needed: true, as: "The county's network meeting"),
            .prose("words", "What was learnt of it.", as: "New risks of chatbots"),
        ],
        faults: { entry in
            entry.texts("people_ids").isEmpty ? [.wanted("people_ids", "Name somebody")] : []
        })
}

/// What keeps those who answer for online safety informed.
enum OversightKind: String, Words {
    case updateMeeting = "update_meeting"
    case monitoringReport = "monitoring_report"

    var label: String {
        switch self {
        case .updateMeeting: "A meeting on what is new in online safety"
        case .monitoringReport: "A report of the monitoring"
        }
    }
}

import JSON

/// Where concerns are reported and safety information is found; published (ORG-16, X-07).
enum ReportingChannel: RegisterKind {
    static let register = SmallRegister(
        kind: "reporting_channel", address: "/v1/reporting-channels/",
        words: """
            Where something can be reported, or safety information is found. It is published \
            without log-in: name the post that answers, and nobody (ORG-16).
            """,
        time: .inForce, readers: .ofASchool,
        writers: [
            .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .office,
            .schoolAdministrator,
        ],
        fields: [
            .word("reach", ChannelReach.self, "Whose it is.", needed: true),
            .line("name", "What it is called.", needed: true, as: "The safeguarding team"),
            .prose("how", "How to use it, and for what.", as: "Write at any time"),
            .word("post", Role.self, "The post that answers there."),
            .line("telephone", "The telephone number.", as: "01632 960000"),
            .line("email", "The e-mail address, of the school or a post.", as: "dsl@example.org"),
            .line("website", "The web address.", as: "https://www.ceop.police.uk"),
        ],
        namesNobody: true,
        faults: { entry in
            let ways = ["how", "telephone", "email", "website"]
            return ways.contains(where: entry.has)
                ? [] : [.wanted("how", "Say how it is reached, in one way at least")]
        })
}

/// Whose a channel is.
enum ChannelReach: String, Words {
    case `internal`
    case local
    case national
    case information

    var label: String {
        switch self {
        case .internal: "The school's own"
        case .local: "Local"
        case .national: "National"
        case .information: "Where safety information is found"
        }
    }
}

/// That a group was told how to report (ORG-16), and of what besides (CMP-05).
enum ReportingBriefing: RegisterKind {
    static let register = SmallRegister(
        kind: "reporting_briefing", address: "/v1/reporting-briefings/",
        words: """
            That a group was told how to report, and where safety information is found (ORG-16); \
            and whether of the complaints procedure besides, of consequences and sanctions for \
            misuse, and staff of whistleblowing (CMP-05).
            """,
        time: .happened, readers: .ofASchool,
        writers: [
            .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .office,
            .schoolAdministrator,
        ],
        fields: [
            .words("groups", ToldGroup.self, "Who was told.", needed: true),
            .words("besides", ToldBesides.self, "Of what they were told besides."),
            .line("how", "How they were told.", needed: true, as: "Assembly and newsletter"),
        ],
        faults: { entry in
            entry.texts("groups").isEmpty ? [.wanted("groups", "Name one group at least")] : []
        })
}

/// Of what a group is told besides how to report.
enum ToldBesides: String, Words {
    case complaintsProcedure = "complaints_procedure"
    case consequences
    case whistleblowing

    var label: String {
        switch self {
        case .complaintsProcedure: "The complaints procedure"
        case .consequences: "Consequences and sanctions for misuse"
        case .whistleblowing: "Whistleblowing"
        }
    }
}

/// A group that is told.
enum ToldGroup: String, Words {
    case pupils
    case parents
    case staff
    case governors
    case visitors

    var label: String { rawValue.capitalisedFirst }
}

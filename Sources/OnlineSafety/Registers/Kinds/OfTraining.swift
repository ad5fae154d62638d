import JSON

/// Who was trained in what (TRN-01, TRN-02, TRN-05 to TRN-07).
enum TrainingRecord: RegisterKind {
    static let register = SmallRegister(
        kind: "training_record", address: "/v1/training-records/",
        words: """
            A training, course or briefing: what it covered, and who was there. Who is due \
            follows from it, see `/v1/training` (TRN-01).
            """,
        time: .happened, readers: Training.readers,
        writers: [
            .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .office,
            .schoolAdministrator,
        ],
        fields: [
            .word("kind", TrainingKind.self, "What it was.", needed: true),
            .line("name", "What it is called.", needed: true, as: "KCSIE 2026: what is new"),
            .line("provider", "Who gave it.", as: "The DSL"),
            .words("topics", TrainingTopic.self, "What it covered (TRN-06)."),
            .attended("attended", "Who of the school's adults was trained."),
            .number(
                "others", "How many others were there, who are not on the roster, as parents.",
                WholeNumber<0, 5000>.self),
            .line("evidence", "What shows it, and where it lies.", as: "Certificates, staff file"),
            .day(
                "expires_on", "Until when it is good, where it says so itself.",
                notBefore: true),
            .prose("notes", "What else ought to be known.", as: "In the hall, before lessons"),
        ],
        faults: { entry in
            guard entry.texts("attended_ids").isEmpty, entry.number("others") == 0 else {
                return []
            }
            return [.wanted("attended_ids", "Say who was there")]
        })
}

/// How those who answer for online safety keep up to date (TRN-10, REV-16).
enum ProfessionalUpdate: RegisterKind {
    static let register = SmallRegister(
        kind: "professional_update", address: "/v1/professional-updates/",
        words: """
            How the coordinator, a DSL or technical staff kept up to date: an update that was \
            read, a meeting, guidance that they passed on (TRN-10).
            """,
        time: .happened, readers: RegisterGap.readers + [.technician],
        writers: [.onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .technician],
        fields: [
            .word("how", WayToKeepUpToDate.self, "How.", needed: true),
            .person("who", "Who did.", needed: true),
            .line("name", "What it was.", needed: true, as: "County network meeting, autumn"),
            .prose("learnt", "What was learnt.", as: "New guidance on generated images"),
            .line("passed_on_to", "To whom it was passed on.", as: "All staff, by e-mail"),
        ],
        faults: { entry in
            guard entry.texts("how") == ["guidance_passed_on"], !entry.has("passed_on_to") else {
                return []
            }
            return [.wanted("passed_on_to", "Say to whom it was passed on")]
        })
}

/// How somebody keeps up to date.
enum WayToKeepUpToDate: String, Words {
    case updateRead = "update_read"
    case meeting
    case guidancePassedOn = "guidance_passed_on"

    var label: String {
        switch self {
        case .updateRead: "An update was read"
        case .meeting: "A meeting was attended"
        case .guidancePassedOn: "Guidance was passed on to others"
        }
    }
}

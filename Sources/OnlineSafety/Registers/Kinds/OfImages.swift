import JSON
import Postgres

/// Where images of pupils may lie (CON-16).
enum SecureStore: RegisterKind {
    static let register = SmallRegister(
        kind: "secure_store", address: "/v1/secure-stores/",
        words: """
            A store that the school has agreed for images of pupils: its own network, or a cloud \
            service. What is recorded of images names one of these (CON-16).
            """,
        time: .inForce, readers: .employed + [.dpo],
        writers: [.dsl, .deputyDSL, .headteacher, .technician, .schoolAdministrator],
        fields: [
            .word("kind", SecureStoreKind.self, "What it is.", needed: true),
            .line("name", "What it is called.", needed: true, as: "Staff share, folder Images"),
            .line("provider", "Who runs it, where the school does not.", as: "Microsoft"),
            .prose("notes", "What else ought to be known.", as: "Emptied each summer"),
        ])
}

/// Who may reach stored images of pupils (ACC-12).
enum ImageApproval: RegisterKind {
    static let register = SmallRegister(
        kind: "image_approval", address: "/v1/image-approvals/",
        words: """
            That an adult of the school may reach the images of pupils that it has stored; nobody \
            else may, and the gate says so (ACC-12).
            """,
        time: .inForce, readers: .employed + [.dpo],
        writers: [.dsl, .deputyDSL, .headteacher],
        fields: [
            .person("person", "Who.", needed: true),
            .line("for_what", "For what.", needed: true, as: "The school's website"),
            .person(
                "approved_by", "Who has approved it.", needed: true,
                holding: [.dsl, .deputyDSL, .headteacher]),
        ])
}

/// What a store for images is.
enum SecureStoreKind: String, Words {
    case network
    case cloud

    var label: String {
        switch self {
        case .network: "The school's own network"
        case .cloud: "A cloud service"
        }
    }
}

/// What parents were told of photography and video (CON-13).
enum ImageGuidance: RegisterKind {
    static let register = SmallRegister(
        kind: "image_guidance", address: "/v1/image-guidances/",
        words: "Guidance on photography and video that was given to parents (CON-13).",
        time: .happened, readers: .ofASchool, writers: .imageWriters,
        fields: [
            .line("name", "What it is called.", needed: true, as: "Photographs at school events"),
            .prose("says", "What it says.", needed: true, as: "Own child only; never online"),
            .line("how", "How they were given it.", needed: true, as: "Newsletter, autumn"),
        ])
}

/// Whether parents may photograph at an event (CON-13).
enum PhotographyEvent: RegisterKind {
    static let register = SmallRegister(
        kind: "photography_event", address: "/v1/photography-events/",
        words: """
            An event, and whether parents may photograph there: their own child only, for \
            themselves, and never posted online (CON-13).
            """,
        time: .inForce, readers: .ofASchool, writers: .imageWriters,
        fields: [
            .line("name", "The event.", needed: true, as: "Winter play"),
            .yesOrNo(
                "may_photograph",
                "Whether parents may photograph, so bounded; nobody may in any other way.",
                needed: true),
            .line("told_how", "How the bounds were told.", as: "By the head, before it began"),
            .prose(
                "exceptions", "What was permitted besides, beforehand, and to whom.",
                as: "The Ash family films the whole choir, all parents agreed"),
        ],
        faults: { entry in
            guard entry.isTrue("may_photograph"), !entry.has("told_how") else { return [] }
            return [.wanted("told_how", "Say how parents were told the bounds")]
        })
}

/// A videoconference that was recorded (CON-09).
enum VideoconferenceRecording: RegisterKind {
    static let register = SmallRegister(
        kind: "videoconference_recording", address: "/v1/videoconference-recordings/",
        words: """
            A videoconference that was recorded: why, who took part, each with written permission, \
            after notice at the start; and where it lies (CON-09). Of the roster it is looked up \
            whether each may be recorded on that day: 409 `not_permitted` by their place, and \
            never why.
            """,
        time: .happened,
        readers: [Role].imageWriters + [.dpo], writers: .imageWriters,
        fields: [
            .line("name", "The videoconference.", needed: true, as: "Meeting our twin school"),
            .prose("purpose", "Why it was recorded.", needed: true, as: "For those who were ill"),
            .permitted(
                "took_part", to: .videoconferenceRecording,
                "Who of the school's roster took part.", needed: true),
            .number(
                "others", "How many others took part, who are not on the roster.",
                WholeNumber<0, 500>.self),
            .yesOrNo(
                "others_permitted",
                "Whether all others had permitted it in writing; needed where there were any."),
            .yesOrNo(
                "notice_given", "Whether all were told at the start that it is recorded.",
                needed: true),
            .entry(
                "store", of: "secure_store",
                "Where it lies: a store that the school has agreed (CON-16).", needed: true,
                inForce: true),
        ],
        faults: { entry in
            if entry.texts("took_part_ids").isEmpty, entry.number("others") == 0 {
                return [.wanted("took_part_ids", "Say who took part")]
            }
            guard entry.number("others") > 0, !entry.has("others_permitted") else { return [] }
            return [.wanted("others_permitted", "Say whether the others had permitted it")]
        },
        standsAgainst: { entry in
            [
                (
                    "others_permitted", entry.number("others") > 0,
                    "All who take part must have permitted it in writing"
                ),
                ("notice_given", true, "All must have been told at the start"),
            ].filter { $0.1 && !entry.isTrue($0.0) }.map {
                Fault(pointer: "/\($0.0)", code: "not_permitted", detail: $0.2)
            }
        })
}

extension [Role] {
    /// Those who look after what the school shows of its pupils.
    fileprivate static let imageWriters: [Role] = [
        .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .office,
    ]
}

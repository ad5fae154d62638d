import JSON

/// Whom the coordinator and the DSL keep in touch with (USR-15).
enum LiaisonContact: RegisterKind {
    static let register = SmallRegister(
        kind: "liaison_contact", address: "/v1/liaison-contacts/",
        words: """
            Whom the online safety coordinator keeps in touch with at the local authority, another \
            body or among technical staff, and the DSL at other agencies (USR-15).
            """,
        time: .inForce, readers: RegisterGap.readers,
        writers: [.onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher],
        fields: [
            .word("liaison_of", LiaisonPost.self, "Whose contact it is.", needed: true),
            .word("body", LiaisonBody.self, "Of what kind of body.", needed: true),
            .line("name", "Who they are, and where.", needed: true, as: "LADO, Hertfordshire"),
            .line("contact", "How they are reached.", as: "01632 960003"),
        ],
        faults: { entry in LiaisonPost.faults(entry) })
}

/// Meetings and contacts with them (USR-15).
enum LiaisonMeeting: RegisterKind {
    static let register = SmallRegister(
        kind: "liaison_meeting", address: "/v1/liaison-meetings/",
        words: """
            A meeting or contact of the online safety coordinator or the DSL with somebody \
            outside, or with technical staff. No child and no case belongs in it (USR-15).
            """,
        time: .happened, readers: RegisterGap.readers,
        writers: [.onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher],
        fields: [
            .word("liaison_of", LiaisonPost.self, "Whose meeting it was.", needed: true),
            .word("body", LiaisonBody.self, "With what kind of body.", needed: true),
            .entry("contact", of: "liaison_contact", "The contact with whom it was."),
            .people("attending", "Those of the school who were there."),
            .line("with", "Who else was there.", as: "The county's online safety adviser"),
            .prose("words", "What was talked about.", needed: true, as: "New risks this term"),
            .prose("actions", "What was agreed to be done.", as: "A leaflet for parents"),
        ],
        faults: { entry in LiaisonPost.faults(entry) })
}

/// Whose liaison it is.
enum LiaisonPost: String, Words {
    case onlineSafetyCoordinator = "online_safety_coordinator"
    case dsl

    var label: String {
        switch self {
        case .onlineSafetyCoordinator: "Online safety coordinator"
        case .dsl: "DSL"
        }
    }

    /// The coordinator's are the local authority, other bodies and technical staff; the DSL's other
    /// agencies.
    static func faults(_ entry: EntryContent) -> [JSONFault] {
        guard (entry.text("liaison_of") == "dsl") != (entry.text("body") == "agency") else {
            return []
        }
        return [
            JSONFault(
                pointer: "/body", code: "not_their_liaison",
                detail: "Agencies are the DSL's; the others are the coordinator's")
        ]
    }
}

/// What kind of body somebody keeps in touch with.
enum LiaisonBody: String, Words {
    case localAuthority = "local_authority"
    case otherBody = "other_body"
    case technicalStaff = "technical_staff"
    case agency

    var label: String {
        switch self {
        case .localAuthority: "Local authority"
        case .otherBody: "Another body"
        case .technicalStaff: "Technical staff"
        case .agency: "Another agency"
        }
    }
}

extension JSONFault {
    /// A field that is needed beside others.
    static func wanted(_ field: String, _ detail: String) -> JSONFault {
        JSONFault(pointer: "/\(field)", code: "required", detail: detail)
    }
}

import JSON
import Postgres

/// Services from outside on which a school relies (ORG-07).
enum OutsideService: RegisterKind {
    static let register = SmallRegister(
        kind: "outside_service", address: "/v1/outside-services/",
        words: "A service from outside on which the school relies, and whom to ask (ORG-07).",
        time: .inForce, readers: .settingReaders + [.schoolAdministrator],
        writers: [.headteacher, .office, .technician, .schoolAdministrator],
        fields: [
            .word("kind", OutsideServiceKind.self, "What it is for.", needed: true),
            .line("name", "What it is called.", needed: true, as: "My Concern"),
            .line("provider", "Who provides it.", needed: true, as: "The One Team Logic Ltd"),
            .line("contact", "Whom the school asks, and how.", as: "support@example.org"),
            .prose("notes", "What else ought to be known.", as: "The contract ends in August"),
        ])
}

/// What a service from outside is for.
enum OutsideServiceKind: String, Words {
    case internet
    case filtering
    case monitoring
    case safeguardingRecords = "safeguarding_records"
    case mis
    case parentMessaging = "parent_messaging"
    case learningPlatform = "learning_platform"
    case progressTracking = "progress_tracking"
    case secureEmail = "secure_email"
    case governorDocuments = "governor_documents"

    var label: String {
        switch self {
        case .internet: "Internet provider"
        case .filtering: "Filtering provider"
        case .monitoring: "Monitoring portal"
        case .safeguardingRecords: "Safeguarding record system"
        case .mis: "Management information system (MIS)"
        case .parentMessaging: "Messaging with parents"
        case .learningPlatform: "Learning platform"
        case .progressTracking: "App that tracks progress"
        case .secureEmail: "Secure e-mail"
        case .governorDocuments: "Documents of the governors"
        }
    }
}

/// Where personal phones and devices are allowed, and rooms with network access (ORG-08).
enum DesignatedArea: RegisterKind {
    static let register = SmallRegister(
        kind: "designated_area", address: "/v1/designated-areas/",
        words: """
            A room or area: whether personal phones and devices are allowed there, and whether it \
            has access to the internet or the network (ORG-08).
            """,
        time: .inForce, readers: .ofASchool + [.temporaryStaff],
        writers: [
            .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .office,
            .schoolAdministrator,
        ],
        fields: [
            .line("name", "The room or area.", needed: true, as: "Staff room"),
            .yesOrNo(
                "allows_personal_devices",
                "Whether personal phones and devices may be used there.", needed: true),
            .yesOrNo(
                "has_network", "Whether it has access to the internet or the network.",
                needed: true),
            .prose("notes", "For whom, or when.", as: "Staff only, outside lessons"),
        ])
}

/// Outside organisations that rent or share the premises (ORG-11).
enum OutsideOrganisation: RegisterKind {
    static let register = SmallRegister(
        kind: "outside_organisation", address: "/v1/outside-organisations/",
        words: """
            An outside organisation that rents or shares the premises. If it has access to the \
            school's network or equipment, or is there with pupils or in school time, the school's \
            agreements are mandatory for it; if neither, it is noted that it has its own policy \
            and agreement (ORG-11).
            """,
        time: .inForce, readers: .settingReaders + [.schoolAdministrator],
        writers: [.headteacher, .office, .schoolAdministrator],
        fields: [
            .line("name", "What it is called.", needed: true, as: "After-school club"),
            .line("contact", "Whom the school asks, and how.", as: "01632 960001"),
            .yesOrNo(
                "has_access", "Whether it has access to the school's network or equipment.",
                needed: true),
            .yesOrNo(
                "is_there_with_pupils",
                "Whether it operates in school time, or with pupils on site.", needed: true),
            .prose(
                "own_policy", "Its own online safety policy and agreement; where neither is so.",
                as: "Its policy of 2026, seen by the office"),
        ],
        computed: [
            .init(
                "agreements_are_mandatory",
                "Whether the school's agreements are mandatory for it: either fact makes them so.",
                where: mandatory)
        ],
        faults: { entry in
            let isMandatory = entry.isTrue("has_access") || entry.isTrue("is_there_with_pupils")
            guard !isMandatory, !entry.has("own_policy") else { return [] }
            return [.wanted("own_policy", "Say which policy and agreement of its own it has")]
        })

    private static let mandatory: SQL = """
        (entry._content ->> 'has_access')::boolean
            or (entry._content ->> 'is_there_with_pupils')::boolean
        """
}

/// Where pupils are educated off site (ORG-12).
enum OffSitePlacement: RegisterKind {
    static let register = SmallRegister(
        kind: "off_site_placement", address: "/v1/off-site-placements/",
        words: """
            A provider, partner setting, trip or residential at which pupils are educated off \
            site, and that online safety arrangements were agreed (ORG-12).
            """,
        time: .inForce, readers: .employed,
        writers: [
            .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .office,
        ],
        fields: [
            .word("kind", OffSiteKind.self, "What it is.", needed: true),
            .line("name", "What it is called, or where it goes.", needed: true, as: "Forest camp"),
            .line("contact", "Whom to ask there, and how.", as: "01632 960002"),
            .prose("arrangements", "What was agreed.", as: "Devices stay with the leaders"),
            .person("agreed_by", "Who agreed it for the school."),
            .line("agreed_with", "With whom there.", as: "The camp's manager"),
            .day("agreed_on", "When it was agreed."),
        ],
        computed: [
            .init(
                "is_agreed", "Whether online safety arrangements were agreed: by whom, and when.",
                where: "entry._content ?& array['arrangements', 'agreed_by_id', 'agreed_on']")
        ],
        faults: { entry in
            let parts = ["arrangements", "agreed_by_id", "agreed_on"]
            guard parts.contains(where: entry.has) || entry.has("agreed_with") else { return [] }
            return parts.filter { !entry.has($0) }.map {
                .wanted($0, "Say what was agreed, by whom and when; or none of it yet")
            }
        })
}

/// Where pupils are educated off site.
enum OffSiteKind: String, Words {
    case provider
    case partnerSetting = "partner_setting"
    case trip
    case residential

    var label: String {
        switch self {
        case .provider: "Off-site provider"
        case .partnerSetting: "Partner setting"
        case .trip: "Trip"
        case .residential: "Residential"
        }
    }
}

/// Committees and bodies that approve and are reported to (ORG-13).
enum Committee: RegisterKind {
    static let register = SmallRegister(
        kind: "committee", address: "/v1/committees/",
        words: "A committee or approving body, so that approvals and reports name it (ORG-13).",
        time: .inForce, readers: .ofASchool,
        writers: [.headteacher, .office, .schoolAdministrator],
        fields: [
            .word("kind", CommitteeKind.self, "What it is.", needed: true),
            .line("name", "What it is called.", needed: true, as: "School Development Committee"),
            .yesOrNo("approves", "Whether it approves policies and other things.", needed: true),
        ])
}

/// What a committee is.
enum CommitteeKind: String, Words {
    case seniorLeadership = "senior_leadership"
    case governingBody = "governing_body"
    case committeeOfGovernors = "committee_of_governors"
    case other

    var label: String {
        switch self {
        case .seniorLeadership: "Senior leadership or management team"
        case .governingBody: "Governing body"
        case .committeeOfGovernors: "Committee of the governing body"
        case .other: "Another body"
        }
    }
}

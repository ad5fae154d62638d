import JSON
import OpenAPI

/// A system to which a school gives access, with the rules that hold (ACC-02).
struct AccessSystem: Resource {
    let id: ID<AccessSystem>
    let schoolID: ID<School>
    let kind: AccessSystemKind
    let name: String
    let rules: AccessRules
    let setBy: String
    let setAt: Instant
    let etag: String

    static let words = "A system to which a school gives access, with the rules that hold."
    static let address: StaticString? = "/v1/access-systems/"
    static var example: AccessSystem {
        AccessSystem(
            id: .example, schoolID: .example, kind: .learningPlatform, name: "Purple Mash",
            rules: .example, setBy: "Amina Yusuf", setAt: .example, etag: "\"1\"")
    }

    enum CodingKeys: String, FieldWords {
        case id, kind, name, rules, etag
        case schoolID = "school_id"
        case setBy = "set_by"
        case setAt = "set_at"

        var words: String {
            switch self {
            case .id: "The system."
            case .schoolID: "The school."
            case .kind: "What kind of system it is."
            case .name: "What the school calls it."
            case .rules: "By which rules access to it is given."
            case .setBy: "Who set them."
            case .setAt: "When."
            case .etag: "Their version, to be sent as If-Match."
            }
        }
    }

    /// A new one.
    struct Said: Body {
        let schoolID: ID<School>?
        let kind: AccessSystemKind
        let name: Text<100>
        let rules: AccessRules

        static let schemaName = "AccessSystemSaid"
        static let words = "A system to which a school gives access."
        static var example: Said {
            Said(schoolID: nil, kind: .learningPlatform, name: "Purple Mash", rules: .example)
        }

        enum CodingKeys: String, FieldWords {
            case kind, name, rules
            case schoolID = "school_id"

            var words: String {
                switch self {
                case .schoolID: "The school; needed where the caller writes for several."
                case .kind: "What kind of system it is."
                case .name: "What the school calls it; it keeps that name."
                case .rules: "By which rules access to it is given."
                }
            }
        }

        var faults: [JSONFault] {
            rules.faults.map {
                JSONFault(pointer: "/rules\($0.pointer)", code: $0.code, detail: $0.detail)
            }
        }
    }
}

/// What kind of system it is (ACC-02).
enum AccessSystemKind: String, Words {
    case network
    case curriculumServer = "curriculum_server"
    case staffEmail = "staff_email"
    case pupilEmail = "pupil_email"
    case mis
    case safeguardingRecords = "safeguarding_records"
    case learningPlatform = "learning_platform"
    case trackingApp = "tracking_app"
    case filteringPortal = "filtering_portal"
    case videoconferencing
    case websiteAdministration = "website_administration"
    case socialMedia = "social_media"
    case wireless
    case governorHub = "governor_hub"
    case parentsPortal = "parents_portal"
    case other

    var label: String {
        switch self {
        case .network: "Network"
        case .curriculumServer: "Curriculum server"
        case .staffEmail: "E-mail of staff"
        case .pupilEmail: "E-mail of pupils"
        case .mis: "Management information system (MIS)"
        case .safeguardingRecords: "Safeguarding records"
        case .learningPlatform: "Learning platform"
        case .trackingApp: "App that tracks progress"
        case .filteringPortal: "Filtering portal"
        case .videoconferencing: "Administration of videoconferences"
        case .websiteAdministration: "Administration of the school's website"
        case .socialMedia: "Social media account of the school"
        case .wireless: "Wireless network"
        case .governorHub: "Governors' documents"
        case .parentsPortal: "Parents' portal"
        case .other: "Another system"
        }
    }
}

import JSON
import OpenAPI

/// That a device is kept as evidence: by whose order, where and by whom, until an agency has
/// advised (DEV-25). It has the id of the device.
struct DeviceHold: Resource {
    let id: ID<Device>
    let schoolID: ID<School>
    let isHeld: Bool
    let acts: [DeviceHoldActDone]
    let mayDo: [DeviceHoldAct]

    static let isTagged = false
    static let words = "That a device is or was kept as evidence, with its chain of custody."
    static var example: DeviceHold {
        DeviceHold(
            id: .example, schoolID: .example, isHeld: true, acts: [.example],
            mayDo: [.moved, .released])
    }

    enum CodingKeys: String, FieldWords {
        case id, acts
        case schoolID = "school_id"
        case isHeld = "is_held"
        case mayDo = "may_do"

        var words: String {
            switch self {
            case .id: "The hold: the id of the device."
            case .schoolID: "The school."
            case .isHeld: "Whether it is held."
            case .acts: "The chain of custody, in order."
            case .mayDo: "What the caller may do with it as it stands."
            }
        }
    }

    /// What is done with what is held.
    struct Said: RecordBody, ActBody {
        let act: DeviceHoldAct
        let custodian: Text<200>?
        let keptAt: Text<200>?
        let reason: Text<1000>
        let agency: Text<200>?
        let incidentID: ID<Incident>?

        static let schemaName = "DeviceHoldActSaid"
        static let words = "That a device is held as evidence, moved, or released."
        static var example: Said {
            Said(
                act: .ordered, custodian: "Amina Yusuf", keptAt: "The safe in the head's office",
                reason: "Until the police have advised", agency: nil, incidentID: nil)
        }

        enum CodingKeys: String, FieldWords {
            case act, custodian, reason, agency
            case keptAt = "kept_at"
            case incidentID = "incident_id"

            var words: String { DeviceHoldWords.of(self) }
        }
    }
}

/// What is done with what is held as evidence.
enum DeviceHoldAct: String, ActWords {
    case ordered, moved, released

    var label: String {
        switch self {
        case .ordered: "Ordered to be held"
        case .moved: "Handed to another custodian, or kept elsewhere"
        case .released: "Released on an agency's advice"
        }
    }

    var fields: ActFields<DeviceHold.Said.CodingKeys> {
        switch self {
        case .ordered:
            ActFields(needed: [.custodian, .keptAt, .reason], taken: [.incidentID])
        case .moved: ActFields(needed: [.custodian, .keptAt, .reason])
        case .released: ActFields(needed: [.reason, .agency])
        }
    }

    var deed: StaticString {
        switch self {
        case .ordered: "device_hold_ordered"
        case .moved: "device_hold_moved"
        case .released: "device_hold_released"
        }
    }
}

/// A link of the chain of custody.
struct DeviceHoldActDone: Codable, Exemplary {
    let act: DeviceHoldAct
    let custodian: String?
    let keptAt: String?
    let reason: String
    let agency: String?
    let incidentID: ID<Incident>?
    let doneBy: String
    let doneAt: Instant

    static var example: DeviceHoldActDone {
        DeviceHoldActDone(
            act: .ordered, custodian: "Amina Yusuf", keptAt: "The safe in the head's office",
            reason: "Until the police have advised", agency: nil, incidentID: nil,
            doneBy: "Amina Yusuf", doneAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case act, custodian, reason, agency
        case keptAt = "kept_at"
        case incidentID = "incident_id"
        case doneBy = "done_by"
        case doneAt = "done_at"

        var words: String {
            switch self {
            case .doneBy: "Who did it."
            case .doneAt: "When."
            default: DeviceHold.Said.CodingKeys(rawValue: rawValue).map(DeviceHoldWords.of) ?? ""
            }
        }
    }
}

/// What the contract says of each field of a hold.
enum DeviceHoldWords {
    static func of(_ key: DeviceHold.Said.CodingKeys) -> String {
        switch key {
        case .act: DeviceHoldAct.words("What is done.")
        case .custodian: "Who keeps it from now on."
        case .keptAt: "Where it is kept, locked away."
        case .reason: "Why; of a release what the agency has advised."
        case .agency: "Which agency has advised to release it, by whom and with which reference."
        case .incidentID: "The incident to which it belongs, one that is open to the caller."
        }
    }
}

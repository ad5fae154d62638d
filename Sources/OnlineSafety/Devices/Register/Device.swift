import JSON
import OpenAPI

/// A device as it stands: the school's, or somebody's own (DEV-01).
struct Device: Resource {
    let id: ID<Device>
    let schoolID: ID<School>
    let kind: DeviceKind
    let ownership: DeviceOwnership
    let name: String?
    let tag: String?
    let serial: String?
    let model: String?
    let holdsPersonalData: Bool?
    let dataSafeguard: DataSafeguard?
    let recordsLearners: Bool?
    let isMonitored: Bool?
    let monitoredBy: String?
    let isNewTechnology: Bool?
    let riskAssessment: String?
    let mayWalkAlone: String?
    let state: DeviceState
    let since: Day?
    let isHeld: Bool
    let ownerID: ID<Person>?
    let owner: String?
    let holderID: ID<Person>?
    let holder: String?
    let room: String?
    let keptWhere: String?
    let dutiesConfirmed: Bool?
    let untilOn: Day?
    let offSiteUntil: Day?
    let hasStandingPermission: Bool?
    let permittedUntil: Day?
    let network: DeviceNetwork?
    let statement: String?
    let filterProfile: FilterProfile?
    let reading: DeviceReading?
    let lockMinutesAsked: Int?
    let failing: [String]?
    let isClean: Bool?
    let scannedOn: Day?
    let doubt: String?
    let isHandedIn: Bool?
    let registeredAt: Instant
    let isPersonal: Bool
    let acts: [DeviceActDone]?
    let mayDo: [DeviceAct]?

    static let isTagged = false
    static let words = "A device as it stands: the school's, or somebody's own."
    static let address: StaticString? = "/v1/devices/"
    static var example: Device {
        Device(
            id: .example, schoolID: .example, kind: .tablet, ownership: .schoolSingle,
            name: "Class 2 iPad 3", tag: "HW-0142", serial: "DMPXK2ABCD12", model: "iPad 10",
            holdsPersonalData: true, dataSafeguard: nil, recordsLearners: false, isMonitored: true,
            monitoredBy: "The technician", isNewTechnology: nil, riskAssessment: nil,
            mayWalkAlone: nil, state: .assigned, since: .example, isHeld: false, ownerID: nil,
            owner: nil,
            holderID: .example, holder: "Ben Carver", room: nil,
            keptWhere: "Classroom cupboard, out of sight", dutiesConfirmed: true,
            untilOn: .example, offSiteUntil: nil, hasStandingPermission: false, permittedUntil: nil,
            network: nil,
            statement: nil, filterProfile: .staff, reading: .example, lockMinutesAsked: 90,
            failing: [], isClean: nil, scannedOn: nil, doubt: nil, isHandedIn: nil,
            registeredAt: .example, isPersonal: false, acts: [.example],
            mayDo: [.takenOffSite, .doubted])
    }

    enum CodingKeys: String, FieldWords {
        case id, kind, ownership, name, tag, serial, model, state, since, owner, holder, room
        case network, statement, reading, failing, doubt, acts
        case schoolID = "school_id"
        case holdsPersonalData = "holds_personal_data"
        case dataSafeguard = "data_safeguard"
        case recordsLearners = "records_learners"
        case isMonitored = "is_monitored"
        case monitoredBy = "monitored_by"
        case isNewTechnology = "is_new_technology"
        case riskAssessment = "risk_assessment"
        case mayWalkAlone = "may_walk_alone"
        case isHeld = "is_held"
        case ownerID = "owner_id"
        case holderID = "holder_id"
        case keptWhere = "kept_where"
        case dutiesConfirmed = "duties_confirmed"
        case untilOn = "until_on"
        case offSiteUntil = "off_site_until"
        case hasStandingPermission = "has_standing_permission"
        case permittedUntil = "permitted_until"
        case filterProfile = "filter_profile"
        case lockMinutesAsked = "lock_minutes_asked"
        case isClean = "is_clean"
        case scannedOn = "scanned_on"
        case isHandedIn = "is_handed_in"
        case registeredAt = "registered_at"
        case isPersonal = "is_personal"
        case mayDo = "may_do"

        var words: String { DeviceFieldWords.of(self) }
    }

    /// A device that is entered in the register.
    struct Said: JudgedBody {
        let schoolID: ID<School>?
        let facts: DeviceFacts
        let ownerID: ID<Person>?
        let holdsNothingIllegal: Bool?

        static let schemaName = "DeviceSaid"
        static let words = "A device of the school's; or one that somebody declares."
        static var example: Said {
            Said(schoolID: nil, facts: .example, ownerID: nil, holdsNothingIllegal: nil)
        }

        enum CodingKeys: String, FieldWords {
            case facts
            case schoolID = "school_id"
            case ownerID = "owner_id"
            case holdsNothingIllegal = "holds_nothing_illegal"

            var words: String {
                switch self {
                case .schoolID: "The school; needed where the caller writes for several."
                case .facts: "What it is and what it is called."
                case .ownerID: "Whose it is, where it is somebody's own."
                case .holdsNothingIllegal:
                    "That its owner has confirmed that nothing illegal or inappropriate is on it; "
                        + "needed where it is somebody's own (DEV-34)."
                }
            }
        }

        var ownFaults: [JSONFault] {
            var faults = facts.faults(at: "/facts")
            func note(_ pointer: String, _ code: String, _ detail: String) {
                faults.append(JSONFault(pointer: pointer, code: code, detail: detail))
            }
            guard facts.ownership.isPersonal else {
                if ownerID != nil {
                    note("/owner_id", "not_wanted", "It goes with somebody's own device")
                }
                if holdsNothingIllegal != nil {
                    note(
                        "/holds_nothing_illegal", "not_wanted",
                        "It goes with somebody's own device")
                }
                return faults
            }
            if ownerID == nil { note("/owner_id", "required", "Say whose it is") }
            if holdsNothingIllegal != true {
                note(
                    "/holds_nothing_illegal", "unconfirmed",
                    "Its owner confirms that nothing illegal or inappropriate is on it")
            }
            return faults
        }
    }
}

/// What was read of a device's security, and how long ago (DEV-11).
struct DeviceReading: Codable, Exemplary {
    let hasAntiVirus: Bool?
    let isUpdated: Bool?
    let isEncrypted: Bool?
    let hasPasscode: Bool?
    let lockMinutes: Int?
    let ageDays: Int

    static var example: DeviceReading {
        DeviceReading(
            hasAntiVirus: true, isUpdated: true, isEncrypted: true, hasPasscode: true,
            lockMinutes: 15, ageDays: 3)
    }

    enum CodingKeys: String, FieldWords {
        case hasAntiVirus = "has_anti_virus"
        case isUpdated = "is_updated"
        case isEncrypted = "is_encrypted"
        case hasPasscode = "has_passcode"
        case lockMinutes = "lock_minutes"
        case ageDays = "age_days"

        var words: String {
            switch self {
            case .hasAntiVirus: DeviceActWords.of(.hasAntiVirus)
            case .isUpdated: DeviceActWords.of(.isUpdated)
            case .isEncrypted: DeviceActWords.of(.isEncrypted)
            case .hasPasscode: DeviceActWords.of(.hasPasscode)
            case .lockMinutes: DeviceActWords.of(.lockMinutes)
            case .ageDays: "How many days ago that was read."
            }
        }
    }
}

/// What the contract says of each field of a device.
enum DeviceFieldWords {
    static func of(_ key: Device.CodingKeys) -> String {
        switch key {
        case .id: "The device."
        case .schoolID: "The school."
        case .kind: DeviceFacts.CodingKeys.kind.words
        case .ownership: DeviceFacts.CodingKeys.ownership.words
        case .name: DeviceFacts.CodingKeys.name.words
        case .tag: "The school's tag on it."
        case .serial: "Its serial number."
        case .model: DeviceFacts.CodingKeys.model.words
        case .holdsPersonalData: DeviceFacts.CodingKeys.holdsPersonalData.words
        case .dataSafeguard: DeviceFacts.CodingKeys.dataSafeguard.words
        case .recordsLearners: DeviceFacts.CodingKeys.recordsLearners.words
        case .isMonitored: DeviceFacts.CodingKeys.isMonitored.words
        case .monitoredBy: DeviceFacts.CodingKeys.monitoredBy.words
        case .isNewTechnology: DeviceFacts.CodingKeys.isNewTechnology.words
        case .riskAssessment: DeviceFacts.CodingKeys.riskAssessment.words
        case .mayWalkAlone: DeviceFacts.CodingKeys.mayWalkAlone.words
        case .state: "Where it stands."
        case .since: "Since when; absent while it is held."
        case .isHeld:
            "Whether it is held as evidence: do not touch it. Whoever may not order that learns no "
                + "more of it than what it is (DEV-25)."
        case .ownerID: "Whose it is, where it is somebody's own."
        case .owner: "Their name."
        case .holderID: "Who has it."
        case .holder: "Their name."
        case .room: "In which room or class it is, where it is for several."
        case .keptWhere: DeviceActWords.of(.keptWhere)
        case .dutiesConfirmed: DeviceActWords.of(.dutiesConfirmed)
        case .untilOn: "By when it is due back."
        case .offSiteUntil: "Until when it may be off the site."
        case .hasStandingPermission:
            "Whether who has it may take it off the site without being asked each time (DEV-08)."
        case .permittedUntil: "Until when it is permitted."
        case .network: DeviceActWords.of(.network)
        case .statement: "What its owner was told: for what the school is not responsible."
        case .filterProfile: "What the filter lets through on it; the pupils' unless it is staff's."
        case .reading: "What was last read of its security."
        case .lockMinutesAsked: "After how many minutes the school asks it to lock."
        case .failing: "What of its security is not as the school asks, by codes."
        case .isClean: "Whether the last scan found nothing."
        case .scannedOn: "When that was."
        case .doubt: "What somebody doubted of its security since it was last read."
        case .isHandedIn: "Whether it is handed in for the day."
        case .registeredAt: "When it was entered in the register."
        case .isPersonal: "Whether it is somebody's own."
        case .acts:
            "What was done with it, in order, as far as the caller may know; of what is read, "
                + "scanned or handed in day by day the latest four hundred. Where it is read by "
                + "itself."
        case .mayDo:
            "What the caller may do with it as it stands, likewise; which fields go with each, the "
                + "body of the act says, and the vocabulary `device_acts`. Something may still "
                + "stand against it."
        }
    }
}

import JSON
import OpenAPI

/// What a device is and what it is called, all of it at once (DEV-01, DEV-23, DEV-33).
struct DeviceFacts: Body {
    let kind: DeviceKind
    let ownership: DeviceOwnership
    let name: Text<100>?
    let tag: Text<60>?
    let serial: Text<100>?
    let model: Text<100>?
    let holdsPersonalData: Bool?
    let dataSafeguard: DataSafeguard?
    let recordsLearners: Bool?
    let isMonitored: Bool?
    let monitoredBy: Text<200>?
    let isNewTechnology: Bool?
    let riskAssessment: Text<200>?
    let mayWalkAlone: Text<200>?

    static let words = "What a device is and what it is called, all of it at once."
    static var example: DeviceFacts {
        DeviceFacts(
            kind: .tablet, ownership: .schoolSingle, name: "Class 2 iPad 3", tag: "HW-0142",
            serial: "DMPXK2ABCD12", model: "iPad 10", holdsPersonalData: true,
            dataSafeguard: nil, recordsLearners: false, isMonitored: true,
            monitoredBy: "The technician",
            isNewTechnology: nil, riskAssessment: nil, mayWalkAlone: nil)
    }

    enum CodingKeys: String, FieldWords {
        case kind, ownership, name, tag, serial, model
        case holdsPersonalData = "holds_personal_data"
        case dataSafeguard = "data_safeguard"
        case recordsLearners = "records_learners"
        case isMonitored = "is_monitored"
        case monitoredBy = "monitored_by"
        case isNewTechnology = "is_new_technology"
        case riskAssessment = "risk_assessment"
        case mayWalkAlone = "may_walk_alone"

        var words: String {
            switch self {
            case .kind: "What it is."
            case .ownership: "Whose it is, and for how many."
            case .name: "What it is called."
            case .tag: "The school's tag on it; no other device of the school has it."
            case .serial: "Its serial number; no other device of the school has it."
            case .model: "Its make and model."
            case .holdsPersonalData:
                "Whether personal data are on it; of somebody's own: school e-mail or data."
            case .dataSafeguard:
                "Of somebody's own, how the school's e-mail and data on it are kept safe; needed "
                    + "where the school asks for it (DEV-22)."
            case .recordsLearners:
                "Whether an app on it records learners' details, attainment or photographs: "
                    + "never on a personal device (DEV-23)."
            case .isMonitored:
                "Whether it can be watched by itself through the filtering portal (DEV-33)."
            case .monitoredBy: "By whom; needed where it can be."
            case .isNewTechnology:
                "Whether it is technology that is new to the school, so that a risk assessment "
                    + "comes before it (DEV-26)."
            case .riskAssessment:
                "Where the assessment of its risks is found: technology of the school's that is "
                    + "new is given to nobody without. Of somebody's own it goes with the act by "
                    + "which it is permitted."
            case .mayWalkAlone:
                "Of a pupil's phone that is handed in for the day: who permits the pupil to walk "
                    + "alone, and how (DEV-17)."
            }
        }
    }

    /// What of it does not go together.
    var faults: [JSONFault] { faults(at: "") }

    func faults(at pointer: String) -> [JSONFault] {
        var faults: [JSONFault] = []
        if !ownership.isPersonal, tag == nil, serial == nil {
            faults.append(
                DeviceFault.fault("\(pointer)/tag", "known_by_nothing"))
        }
        if isMonitored == true, monitoredBy == nil {
            faults.append(
                JSONFault(
                    pointer: "\(pointer)/monitored_by", code: "required",
                    detail: "Say who can watch it"))
        }
        if dataSafeguard != nil, !ownership.isPersonal || holdsPersonalData != true {
            faults.append(
                JSONFault(
                    pointer: "\(pointer)/data_safeguard", code: "not_wanted",
                    detail: "It goes with data of the school's on somebody's own device"))
        }
        if ownership.isPersonal, recordsLearners == true {
            faults.append(
                DeviceFault.fault("\(pointer)/records_learners", "only_on_school_devices"))
        }
        if ownership.isPersonal, riskAssessment != nil {
            faults.append(
                JSONFault(
                    pointer: "\(pointer)/risk_assessment", code: "not_wanted",
                    detail: "Of somebody's own it goes with the act by which it is permitted"))
        }
        if mayWalkAlone != nil, ownership != .studentOwned || kind != .phone {
            faults.append(DeviceFault.fault("\(pointer)/may_walk_alone", "not_a_pupils_phone"))
        }
        return faults
    }
}

/// What a device is to be said to be instead: a JSON merge patch, in which null empties a field.
struct DeviceFactsChange: Body {
    let kind: Change<DeviceKind>
    let ownership: Change<DeviceOwnership>
    let name: Patch<Text<100>>
    let tag: Patch<Text<60>>
    let serial: Patch<Text<100>>
    let model: Patch<Text<100>>
    let holdsPersonalData: Patch<Bool>
    let dataSafeguard: Patch<DataSafeguard>
    let recordsLearners: Patch<Bool>
    let isMonitored: Patch<Bool>
    let monitoredBy: Patch<Text<200>>
    let isNewTechnology: Patch<Bool>
    let riskAssessment: Patch<Text<200>>
    let mayWalkAlone: Patch<Text<200>>

    static let words = """
        What is to be said of a device instead: what is left out stays, and null empties.
        """
    static var example: DeviceFactsChange {
        DeviceFactsChange(
            kind: .absent, ownership: .absent, name: .value("Class 3 iPad 3"), tag: .absent,
            serial: .absent, model: .absent, holdsPersonalData: .value(false),
            dataSafeguard: .absent, recordsLearners: .absent, isMonitored: .absent,
            monitoredBy: .null,
            isNewTechnology: .absent, riskAssessment: .absent, mayWalkAlone: .absent)
    }

    typealias CodingKeys = DeviceFacts.CodingKeys

    /// What is then said of what this was said of before.
    func changing(_ before: EntryContent) throws -> DeviceFacts {
        guard case .object(let said) = try JSON.value(of: self) else { return try before.facts }
        let changes = said.members.map { ($0.name, $0.value) }
        return try before.changed(by: Dictionary(changes, uniquingKeysWith: { $1 })).facts
    }
}

extension EntryContent {
    fileprivate var facts: DeviceFacts {
        get throws {
            let members = values.map { JSONObject.Member($0.key, $0.value) }
            return try JSON.decode(DeviceFacts.self, from: .object(JSONObject(members)))
        }
    }
}

/// What a device is (DEV-01).
enum DeviceKind: String, Words {
    case computer, laptop, tablet, chromebook, phone, camera, videoconference
    case gamesConsole = "games_console"
    case penDrive = "pen_drive"
    case other

    var label: String {
        switch self {
        case .computer: "Computer"
        case .laptop: "Laptop"
        case .tablet: "Tablet, such as an iPad"
        case .chromebook: "Chromebook"
        case .phone: "Phone"
        case .camera: "Camera, webcam or video camera"
        case .videoconference: "Videoconferencing equipment"
        case .gamesConsole: "Games console"
        case .penDrive: "Pen drive or other portable media"
        case .other: "Another device"
        }
    }
}

/// What stands against a device or what is done with it, for people.
enum DeviceFault {
    static func fault(_ pointer: String, _ code: String) -> JSONFault {
        JSONFault(pointer: pointer, code: code, detail: words[code] ?? "Not as things stand")
    }

    static func stands(_ code: String, at pointer: String = "") -> Fault {
        Fault(pointer: pointer, code: code, detail: words[code] ?? "Not as things stand")
    }

    static let words = [
        "known_by_nothing": "A device of the school's has a tag or a serial number",
        "only_on_school_devices":
            "Apps that record learners are on devices of the school's only",
        "not_a_pupils_phone": "Only of a pupil's own phone",
        "not_their_class": "The class of device is not that of its owner",
        "tag_taken": "Another device of the school has this tag",
        "serial_taken": "Another device of the school has this serial number",
        "school_data_forbidden": "The school keeps its data off personal devices",
        "data_unsafe": "The school has its data there with a safeguard alone: say which",
        "held": "Held, do not touch",
        "before_the_last": "Something later is on record of it: give that day, or a day after",
        "not_yours_to_say": "Who may walk alone is the office's to say",
        "is_retired": "It is retired here, and its management still knows it",
        "another_owner": "A personal device stays its owner's, and the school's the school's",
        "for_one_person": "It is for a single user: name the person",
        "for_several": "It is for several users: name the room or class",
        "no_anti_virus": "It has no anti-virus",
        "not_updated": "Its updates are missing",
        "not_encrypted": "It is not known to be encrypted",
        "no_passcode": "It has no passcode",
        "locks_late": "It locks later than the school asks",
        "read_long_ago": "Its security was read too long ago",
        "never_read": "Its security was never read",
        "duties_unconfirmed": "The holder's duties of care must be confirmed",
        "not_scanned_clean":
            "Portable media, and what joins the school's network, needs a scan that found nothing",
        "risk_not_assessed": "New technology needs a risk assessment first",
        "not_networked": "Nobody has permitted it on the network",
        "not_of_staff": "Only a device of staff may have the staff profile",
        "not_in_that_year":
            "Phones of that year are not handed in here (the setting `device-hand-in-year`)",
        "may_not_walk_alone": "Nobody has permitted the pupil to walk alone",
        "handed_in_already": "It is handed in already",
        "not_handed_in": "It is not handed in",
        "no_reading": "Say at least one thing that was read",
        "unknown_device": "There is no such device, or it is not the caller's to know",
        "not_held": "It is not held",
    ]
}

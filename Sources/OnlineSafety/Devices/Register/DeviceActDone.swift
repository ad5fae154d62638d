import JSON
import OpenAPI

/// Something that was done with a device.
struct DeviceActDone: Codable, Exemplary {
    let act: DeviceAct
    let fromOn: Day
    let untilOn: Day?
    let personID: ID<Person>?
    let room: String?
    let keptWhere: String?
    let dutiesConfirmed: Bool?
    let reason: String?
    let certifiedBy: String?
    let wasUnattended: Bool?
    let wasAccidental: Bool?
    let isUninsured: Bool?
    let dataMayBeExposed: Bool?
    let incidentID: ID<Incident>?
    let network: DeviceNetwork?
    let riskAssessment: String?
    let isClean: Bool?
    let filterProfile: FilterProfile?
    let hasAntiVirus: Bool?
    let isUpdated: Bool?
    let isEncrypted: Bool?
    let hasPasscode: Bool?
    let lockMinutes: Int?
    let facts: DeviceFacts?
    let isOfBatch: Bool?
    let doneBy: String
    let doneAt: Instant

    static var example: DeviceActDone {
        DeviceActDone(
            act: .assigned, fromOn: .example, untilOn: .example, personID: .example, room: nil,
            keptWhere: "Classroom cupboard, out of sight", dutiesConfirmed: true, reason: nil,
            certifiedBy: nil, wasUnattended: nil, wasAccidental: nil, isUninsured: nil,
            dataMayBeExposed: nil, incidentID: nil, network: nil, riskAssessment: nil,
            isClean: nil, filterProfile: nil, hasAntiVirus: nil, isUpdated: nil,
            isEncrypted: nil, hasPasscode: nil, lockMinutes: nil, facts: nil, isOfBatch: nil,
            doneBy: "Technician", doneAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case act, room, reason, network, facts
        case fromOn = "from_on"
        case untilOn = "until_on"
        case personID = "person_id"
        case keptWhere = "kept_where"
        case dutiesConfirmed = "duties_confirmed"
        case certifiedBy = "certified_by"
        case wasUnattended = "was_unattended"
        case wasAccidental = "was_accidental"
        case isUninsured = "is_uninsured"
        case dataMayBeExposed = "data_may_be_exposed"
        case incidentID = "incident_id"
        case riskAssessment = "risk_assessment"
        case isClean = "is_clean"
        case filterProfile = "filter_profile"
        case hasAntiVirus = "has_anti_virus"
        case isUpdated = "is_updated"
        case isEncrypted = "is_encrypted"
        case hasPasscode = "has_passcode"
        case lockMinutes = "lock_minutes"
        case isOfBatch = "is_of_batch"
        case doneBy = "done_by"
        case doneAt = "done_at"

        var words: String {
            switch self {
            case .act: "What."
            case .fromOn: "On which day."
            case .isUninsured:
                "Whether no insurance covers it, so that the holder may have to replace it."
            case .incidentID: "The incident that came of it, for those to whom it is open."
            case .facts: "What it is and what it is called, as it was said then, all of it."
            case .isOfBatch:
                "Whether a batch of the device management told it: that answers no doubt."
            case .doneBy: "Who did it."
            case .doneAt: "When it was put down."
            default: DeviceAct.Said.CodingKeys(rawValue: rawValue).map(DeviceActWords.of) ?? ""
            }
        }
    }
}

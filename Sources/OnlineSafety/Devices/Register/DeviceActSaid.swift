import JSON
import OpenAPI

extension DeviceAct {
    /// What is done with a device, with what belongs to it.
    struct Said: RecordBody, ActBody {
        let act: DeviceAct
        let on: Day?
        let personID: ID<Person>?
        let room: Text<100>?
        let untilOn: Day?
        let keptWhere: Text<200>?
        let dutiesConfirmed: Bool?
        let reason: Text<1000>?
        let certifiedBy: Text<200>?
        let wasUnattended: Bool?
        let wasAccidental: Bool?
        let dataMayBeExposed: Bool?
        let incidentID: ID<Incident>?
        let network: DeviceNetwork?
        let riskAssessment: Text<200>?
        let isClean: Bool?
        let filterProfile: FilterProfile?
        let hasAntiVirus: Bool?
        let isUpdated: Bool?
        let isEncrypted: Bool?
        let hasPasscode: Bool?
        let lockMinutes: WholeNumber<0, 1440>?
        let facts: DeviceFactsChange?

        static let schemaName = "DeviceActSaid"
        static let words = "Something that is done with a device; each act has its own fields."
        static var example: Said {
            Said(
                act: .doubted, on: nil, personID: nil, room: nil, untilOn: nil, keptWhere: nil,
                dutiesConfirmed: nil, reason: "It asks for a password twice", certifiedBy: nil,
                wasUnattended: nil, wasAccidental: nil, dataMayBeExposed: nil, incidentID: nil,
                network: nil, riskAssessment: nil, isClean: nil, filterProfile: nil,
                hasAntiVirus: nil, isUpdated: nil, isEncrypted: nil, hasPasscode: nil,
                lockMinutes: nil, facts: nil)
        }

        enum CodingKeys: String, FieldWords {
            case act, on, room, reason, network, facts
            case personID = "person_id"
            case untilOn = "until_on"
            case keptWhere = "kept_where"
            case dutiesConfirmed = "duties_confirmed"
            case certifiedBy = "certified_by"
            case wasUnattended = "was_unattended"
            case wasAccidental = "was_accidental"
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

            var words: String { DeviceActWords.of(self) }
        }

        var togetherFaults: [JSONFault] {
            var faults: [JSONFault] = []
            switch act {
            case _ where DeviceAct.beginnings.contains(act):
                faults.append(
                    JSONFault(
                        pointer: "/act", code: "not_so", detail: "Register the device instead"))
            case .assigned:
                if (personID == nil) == (room == nil) {
                    faults.append(
                        JSONFault(
                            pointer: "/person_id", code: "exactly_one",
                            detail: "Name a person or a room"))
                }
                if personID != nil, dutiesConfirmed != true {
                    faults.append(DeviceFault.fault("/duties_confirmed", "duties_unconfirmed"))
                }
            case .takenOffSite where dutiesConfirmed == false:
                faults.append(DeviceFault.fault("/duties_confirmed", "duties_unconfirmed"))
            case .read where !given.contains(where: { DeviceAct.isReading($0.name) }):
                faults.append(DeviceFault.fault("", "no_reading"))
            default: break
            }
            if incidentID != nil, dataMayBeExposed != true {
                faults.append(
                    JSONFault(
                        pointer: "/incident_id", code: "not_wanted",
                        detail: "It goes with data that may be exposed"))
            }
            return faults
        }

        /// What all those read of it who may know of the device: it names nobody of the roster.
        var texts: [PlacedText] { reason.map { [PlacedText("/reason", $0.string)] } ?? [] }

        /// What of it is kept with the act, as JSON, and whether a loss is one that no insurance
        /// covers (DEV-10).
        var content: String {
            let apart: [CodingKeys] = [.act, .on, .personID, .untilOn, .incidentID]
            let names = apart.map(\.rawValue)
            var object = JSONObject(given.filter { !names.contains($0.name) })
            if act.isLoss {
                object["is_uninsured"] = .bool(wasUnattended == true || wasAccidental == true)
            }
            return JSON.string(of: JSONValue.object(object))
        }
    }
}

extension DeviceAct.Said {
    /// That somebody is given one, and has confirmed to care for it.
    init(assigning person: ID<Person>, until: Day?, keptWhere: Text<200>?) {
        self.init(
            act: .assigned, on: nil, personID: person, room: nil, untilOn: until,
            keptWhere: keptWhere, dutiesConfirmed: true, reason: nil, certifiedBy: nil,
            wasUnattended: nil, wasAccidental: nil, dataMayBeExposed: nil, incidentID: nil,
            network: nil, riskAssessment: nil, isClean: nil, filterProfile: nil,
            hasAntiVirus: nil, isUpdated: nil, isEncrypted: nil, hasPasscode: nil,
            lockMinutes: nil, facts: nil)
    }
}

/// What the contract says of each field of an act.
enum DeviceActWords {
    static func of(_ key: DeviceAct.Said.CodingKeys) -> String {
        switch key {
        case .act: DeviceAct.words("What is done.")
        case .on:
            "On which day, up to a year back, and not before what it takes the place of; today "
                + "when not given."
        case .personID: "Who has it from now on."
        case .room: "In which room or class it is from now on."
        case .untilOn:
            "Until which day: it is due back, on the site again, or no longer permitted."
        case .keptWhere: "Where it is kept, overnight and when nobody uses it (DEV-07)."
        case .dutiesConfirmed:
            "Whether the holder has confirmed to care for it, keep it charged, and lock it away "
                + "when it is not used (DEV-07)."
        case .reason:
            "Why, how it came about, or what was found; the name of no child, nor of anybody "
                + "else of the roster."
        case .certifiedBy:
            "Who certifies that it was wiped. What is lost or stolen is retired without, for a "
                + "reason."
        case .wasUnattended: "Whether it was stolen from an unattended car: nothing insures that."
        case .wasAccidental: "Whether it was damaged by accident: nothing insures that."
        case .dataMayBeExposed:
            "Whether data may be exposed; then an incident is opened, unless one is named: whoever "
                + "had it, it concerns children, whose data they are."
        case .incidentID: "The incident that there is already, one that is open to the caller."
        case .network: "On which network it may be."
        case .riskAssessment: "Where the assessment of the risks is found; for new technology."
        case .isClean: "Whether nothing was found."
        case .filterProfile: "Which profile it gets."
        case .hasAntiVirus: "Whether it has anti-virus and anti-spyware."
        case .isUpdated: "Whether its operating system is up to date."
        case .isEncrypted: "Whether its drive is encrypted."
        case .hasPasscode: "Whether it asks for a passcode, password or PIN."
        case .lockMinutes: "After how many minutes it locks; 0 where it never does."
        case .facts:
            "What is to be said of it instead: what is left out stays, and null empties what may "
                + "be empty."
        }
    }
}

import JSON
import OpenAPI

/// What is done with a device (24.4).
enum DeviceAct: String, ActWords {
    case registered, declared, described, assigned
    case takenOffSite = "taken_off_site"
    case broughtBack = "brought_back"
    case returned, wiped, lost, stolen, damaged, recovered, retired
    case permitted, refused, withdrawn, scanned, profiled, read, doubted
    case handedIn = "handed_in"
    case collected

    var label: String {
        switch self {
        case .registered: "Entered in the register"
        case .declared: "Declared by its owner, or for them"
        case .described: "Described anew"
        case .assigned: "Assigned to a person or a room"
        case .takenOffSite: "Permitted off the site, until a day"
        case .broughtBack: "Brought back to the site"
        case .returned: "Returned"
        case .wiped: "Checked and wiped"
        case .lost: "Lost"
        case .stolen: "Stolen"
        case .damaged: "Damaged"
        case .recovered: "Found or mended"
        case .retired: "Retired"
        case .permitted: "Permitted"
        case .refused: "Refused"
        case .withdrawn: "The permission was withdrawn"
        case .scanned: "Scanned for viruses and malware"
        case .profiled: "Given a filter profile"
        case .read: "Its security was read"
        case .doubted: "Somebody doubted its security"
        case .handedIn: "Handed in for the day"
        case .collected: "Collected at the end of the day"
        }
    }

    /// What the audit calls it.
    var deed: StaticString {
        switch self {
        case .registered: "device_registered"
        case .declared: "device_declared"
        case .described: "device_described"
        case .assigned: "device_assigned"
        case .takenOffSite: "device_taken_off_site"
        case .broughtBack: "device_brought_back"
        case .returned: "device_returned"
        case .wiped: "device_wiped"
        case .lost: "device_lost"
        case .stolen: "device_stolen"
        case .damaged: "device_damaged"
        case .recovered: "device_recovered"
        case .retired: "device_retired"
        case .permitted: "device_permitted"
        case .refused: "device_refused"
        case .withdrawn: "device_withdrawn"
        case .scanned: "device_scanned"
        case .profiled: "device_profiled"
        case .read: "device_read"
        case .doubted: "device_doubted"
        case .handedIn: "device_handed_in"
        case .collected: "device_collected"
        }
    }

    /// With these a device begins; they are no act that is sent.
    static let beginnings: [DeviceAct] = [.registered, .declared]

    /// Where it must stand for this to be done.
    ///
    /// As 24.4 has it, and besides: what is in no hands may be lost, stolen or damaged, too; what
    /// was found or mended stands as if returned, to be checked; what is gone for good is retired;
    /// what was declared may be withdrawn before anybody has decided; and what was handed in is
    /// collected, whatever was decided meanwhile.
    var states: [DeviceState] {
        switch self {
        case .registered, .declared: []
        case .assigned: [.registered]
        case .takenOffSite, .returned: [.assigned]
        case .broughtBack: [.offSite]
        case .wiped: [.returned]
        case .lost, .stolen, .damaged: [.registered, .assigned, .offSite, .returned]
        case .recovered: [.lost, .stolen, .damaged]
        case .retired: [.registered, .lost, .stolen, .damaged]
        case .permitted, .refused: [.declared]
        case .withdrawn: [.declared, .permitted]
        case .handedIn: [.declared, .permitted]
        case .collected: [.declared, .permitted, .refused, .withdrawn]
        case .scanned: [.declared, .permitted, .registered, .assigned, .offSite, .returned]
        case .profiled: [.declared, .permitted, .registered, .assigned, .offSite]
        case .described, .read, .doubted:
            DeviceState.allCases.filter { ![.retired, .held].contains($0) }
        }
    }

    /// Those whose place it takes: its day is not before theirs.
    ///
    /// When a device was entered here tells nothing of when it came.
    var follows: [DeviceAct] {
        switch self {
        case .registered, .declared: []
        case .described: [.described]
        case .read, .doubted: [.read, .doubted]
        case .scanned: [.scanned]
        case .profiled: [.profiled]
        case .handedIn, .collected: [.handedIn, .collected]
        case .assigned, .takenOffSite, .broughtBack, .returned, .wiped, .lost, .stolen, .damaged,
            .recovered, .retired, .permitted, .refused, .withdrawn:
            [
                .assigned, .takenOffSite, .broughtBack, .returned, .wiped, .lost, .stolen,
                .damaged, .recovered, .retired, .permitted, .refused, .withdrawn,
            ]
        }
    }

    var fields: ActFields<Said.CodingKeys> {
        var fields = ownFields
        fields.taken.insert(.on, at: 0)
        return fields
    }

    /// Beside the day.
    private var ownFields: ActFields<Said.CodingKeys> {
        switch self {
        case .registered, .declared: ActFields()
        case .described: ActFields(needed: [.facts])
        case .assigned:
            ActFields(taken: [.personID, .room, .untilOn, .keptWhere, .dutiesConfirmed])
        case .takenOffSite: ActFields(needed: [.untilOn, .dutiesConfirmed], taken: [.reason])
        case .broughtBack, .returned, .handedIn, .collected: ActFields(taken: [.reason])
        case .wiped: ActFields(needed: [.certifiedBy], taken: [.reason])
        case .retired: ActFields(taken: [.certifiedBy, .reason])
        case .lost: ActFields(needed: [.reason, .dataMayBeExposed], taken: [.incidentID])
        case .stolen:
            ActFields(
                needed: [.reason, .dataMayBeExposed], taken: [.wasUnattended, .incidentID])
        case .damaged:
            ActFields(needed: [.reason, .dataMayBeExposed], taken: [.wasAccidental, .incidentID])
        case .recovered, .refused, .withdrawn, .doubted: ActFields(needed: [.reason])
        case .permitted: ActFields(needed: [.network], taken: [.untilOn, .riskAssessment, .reason])
        case .scanned: ActFields(needed: [.isClean], taken: [.reason])
        case .profiled: ActFields(needed: [.filterProfile], taken: [.reason])
        case .read: ActFields(taken: Self.readings)
        }
    }

    /// What is read of a device's security (DEV-11).
    static let readings: [Said.CodingKeys] = [
        .hasAntiVirus, .isUpdated, .isEncrypted, .hasPasscode, .lockMinutes,
    ]

    static func isReading(_ field: String) -> Bool {
        readings.contains { $0.rawValue == field }
    }

    /// Whether it is a loss of which an incident may come (DEV-10).
    var isLoss: Bool { self == .lost || self == .stolen || self == .damaged }
}

/// Where a device stands, by what was done with it and by the day (24.4).
enum DeviceState: String, Words {
    case registered, assigned
    case offSite = "off_site"
    case returned, lost, stolen, damaged, retired
    case declared, permitted, refused, withdrawn
    case held

    var label: String {
        switch self {
        case .registered: "In nobody's hands"
        case .assigned: "Assigned to a person or a room"
        case .offSite: "Off the site, with permission"
        case .returned: "Returned, and to be checked and wiped"
        case .lost: "Lost"
        case .stolen: "Stolen"
        case .damaged: "Damaged"
        case .retired: "Retired"
        case .declared: "Declared, and not decided yet"
        case .permitted: "Permitted"
        case .refused: "Refused"
        case .withdrawn: "No longer permitted"
        case .held: "Held, do not touch"
        }
    }
}

/// On which network a personal device may be.
enum DeviceNetwork: String, Words {
    case full, internet, none

    var label: String {
        switch self {
        case .full: "The school's network"
        case .internet: "The internet only"
        case .none: "None"
        }
    }
}

/// What a filter lets through (DEV-04).
enum FilterProfile: String, Words {
    case pupil, staff

    var label: String {
        switch self {
        case .pupil: "As for pupils, the primary one"
        case .staff: "As for staff"
        }
    }
}

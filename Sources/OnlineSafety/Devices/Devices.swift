import Postgres

/// Which devices may be used by whom, where, and on which network (DEV).
enum Devices {
    static let area = Area(
        name: "Devices",
        words: "Which devices there are, who has them, and which may be used by whom and where.",
        routes: DeviceRules.routes + DeviceRegister.routes + HoldingDevices.routes
            + IssuingDevices.routes + DecidingOnDevices.routes + BatchesOfDevices.routes,
        conflicts: [
            "device_is_acted_on_once_at_a_time": "Somebody else did something with it just now.",
            "device_hold_is_acted_on_once_at_a_time": "Somebody else did something just now.",
        ],
        faults: DeviceFault.words.merging(DeviceDecision.codes) { first, _ in first },
        vocabularies: [
            Vocabulary("device_ownerships", DeviceOwnership.self),
            Vocabulary("device_permissions", DevicePermission.self),
            Vocabulary("matrix_answers", MatrixAnswer.self),
            Vocabulary("device_audiences", DeviceAudience.self),
            Vocabulary("device_places", DevicePlace.self),
            Vocabulary("device_times", DeviceTime.self),
            Vocabulary("use_answers", UseAnswer.self),
            Vocabulary("school_data_elsewhere", SchoolDataElsewhere.self),
            Vocabulary("data_safeguards", DataSafeguard.self),
            Vocabulary("device_kinds", DeviceKind.self),
            Vocabulary("device_acts", acts: DeviceAct.self),
            Vocabulary("device_states", DeviceState.self),
            Vocabulary("device_hold_acts", acts: DeviceHoldAct.self),
            Vocabulary("device_failings", DeviceFailing.self),
            Vocabulary("device_networks", DeviceNetwork.self),
            Vocabulary("device_decisions", DeviceDecision.Answer.self),
            Vocabulary("device_decision_networks", DeviceDecision.Network.self),
            Vocabulary("device_batch_outcomes", DeviceBatch.Outcome.self),
            Vocabulary("filter_profiles", FilterProfile.self),
        ],
        deeds: ["device_rules_set", "device_entered"] + DeviceAct.allCases.map(\.deed.description)
            + DeviceHoldAct.allCases.map(\.deed.description),
        unlikeTheirEntries: ["select school_id, id from device_unlike_its_entry"],
        settings: DeviceSettings.all,
        toDo: [toReturn, toCheck, toDecide, toConnect, toCollect],
        duties: [
            DutyKind(
                kind: "device_return_due", words: "A device is to be given back",
                link: "/v1/devices/{record}"),
            DutyKind(
                kind: "device_off_site_ends", words: "A device is to be back on the site",
                link: "/v1/devices/{record}"),
            DutyKind(
                kind: "device_to_read", words: "The security of a device is to be read",
                link: "/v1/devices/{record}"),
            DutyKind(
                kind: "device_doubted", words: "Somebody doubts the security of a device",
                link: "/v1/devices/{record}"),
            DutyKind(
                kind: "personal_device_to_decide", words: "A personal device awaits a decision",
                link: "/v1/devices/{record}"),
            DutyKind(
                kind: "device_to_connect",
                words: "A personal device is to be registered for the wireless",
                link: "/v1/devices/{record}"),
            DutyKind(
                kind: "phone_to_collect", words: "A phone is to be collected at the end of the day",
                link: "/v1/devices/{record}"),
            DutyKind(
                kind: "confiscated_device_to_return",
                words: "A confiscated device is to be returned",
                link: "/v1/confiscations/{record}"),
            DutyKind(
                kind: "temporary_images_to_move",
                words: "Images are to be moved off a class's device, or deleted",
                link: "/v1/temporary-images/{record}"),
        ],
        chronology: [.ofDevices],
        holds: [.devices])

    private static let toReturn = ToDo.duties(
        "device_to_return", "A device that is to be given back, or to be on the site again",
        of: ["device_return_due", "device_off_site_ends"], for: .ofASchool
    ) { _ in "select * from device_duty" }

    private static let toCheck = ToDo.duties(
        "device_to_check", "A device whose security is to be read, or is doubted",
        of: ["device_to_read", "device_doubted"], for: technicians
    ) { _ in "select * from device_duty" }

    private static let toDecide = ToDo.duties(
        "personal_device_to_decide", "A personal device that awaits a decision",
        of: ["personal_device_to_decide"], for: rulers
    ) { _ in "select * from device_duty" }

    private static let toConnect = ToDo.duties(
        "device_to_connect",
        "A personal device that is permitted, and waits for the wireless and its filter profile",
        of: ["device_to_connect"], for: technicians
    ) { _ in "select * from device_duty" }

    private static let toCollect = ToDo.duties(
        "phone_to_collect", "A phone that was handed in, and is to be collected",
        of: ["phone_to_collect"], for: [.office]
    ) { _ in "select * from device_duty" }

    /// Those who decide what is permitted.
    static let rulers: [Role] = [.headteacher, .seniorLeader]

    /// Those who see to their security and to the network.
    static let technicians: [Role] = [.technician, .schoolAdministrator]

    /// Those who look after the school's devices.
    static let keepers: [Role] = [.technician, .office, .schoolAdministrator]

    /// Those who may know of all of them; everybody else knows their own (section 25).
    static let readers: [Role] = [
        .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .office,
        .technician, .schoolAdministrator,
    ]

    static let admitted =
        readers.admitted(.devicesOfSchool)
        + [Role].ofASchool.filter { !readers.contains($0) }.admitted(.ownDevices)
}

import JSON
import Postgres

/// Who was given the key of a wireless network (DEV-05).
enum WirelessKeyIssue: RegisterKind {
    static let register = SmallRegister(
        kind: "wireless_key_issue", address: "/v1/wireless-key-issues/",
        words: """
            That somebody was given the key of a wireless network; never the key itself, and what \
            looks like one is refused (DEV-05).
            """,
        time: .happened, readers: .deviceReaders, writers: .deviceKeepers,
        fields: [
            .person("person", "To whom.", needed: true),
            .line("network", "Of which network.", needed: true, as: "Guests"),
            .line("for_what", "For which device, and for what.", as: "The peripatetic's laptop"),
        ],
        faults: { entry in
            ["network", "for_what"].filter { entry.text($0)?.looksLikeAKey == true }.map {
                JSONFault(
                    pointer: "/\($0)", code: "looks_like_a_key",
                    detail: "Name the network, and never its key")
            }
        })
}

/// An app that is authorised on devices (DEV-14).
enum DeviceApp: RegisterKind {
    static let register = SmallRegister(
        kind: "device_app", address: "/v1/device-apps/",
        words: "An app that is authorised on a device or a group of devices (DEV-14).",
        time: .inForce, readers: .employed, writers: .deviceKeepers + .leaders,
        fields: [
            .line("name", "The app.", needed: true, as: "Book Creator"),
            .line(
                "devices", "On which device, by its tag, or on which group.", needed: true,
                as: "Tablets of Year 2"),
            .person("authorised_by", "Who has authorised it.", needed: true),
            .yesOrNo(
                "records_learners",
                "Whether it records learners' details, attainment or photographs: then on devices "
                    + "of the school's only (DEV-23).", needed: true, as: false),
        ])
}

/// Something that is let be beside the rules of use (DEV-19).
enum DeviceException: RegisterKind {
    static let register = SmallRegister(
        kind: "device_exception", address: "/v1/device-exceptions/",
        words: """
            That somebody may use a phone or device, or take images, beside the rules of use: \
            arranged beforehand, and never afterwards (DEV-19). `device-decisions` goes by it.
            """,
        time: .inForce, readers: .employed, writers: .leaders,
        fields: [
            .anybody("person", "Who.", needed: true),
            .line("what", "What they may do.", needed: true, as: "Keep the phone on, on silent"),
            .line("why", "For what.", needed: true, as: "A relative is in hospital"),
            .words(
                "places", DevicePlace.self,
                "Where; when not given, everywhere but in toilets and changing rooms."),
            .line("when", "At which times.", as: "During the autumn play"),
            .person("approver", "Who has agreed to it.", needed: true, holding: .approvers),
        ], isAhead: true)
}

/// A phone of a member of staff that goes on a trip (DEV-20).
enum TripPhone: RegisterKind {
    static let register = SmallRegister(
        kind: "trip_phone", address: "/v1/trip-phones/",
        words: """
            That a member of staff takes a personal phone on a trip, for emergencies only (DEV-20).
            """,
        time: .inForce, readers: .employed, writers: .employed,
        fields: [
            .person("person", "Whose phone.", needed: true),
            .line("trip", "Which trip.", needed: true, as: "Year 4 to the museum"),
            .yesOrNo(
                "emergencies_only", "Whether it is for emergencies only.", needed: true),
        ],
        standsAgainst: { entry in
            entry.isTrue("emergencies_only")
                ? []
                : [
                    Fault(
                        pointer: "/emergencies_only", code: "not_permitted",
                        detail: "A personal phone goes on a trip for emergencies only")
                ]
        })
}

/// A device that a contractor uses for their work (DEV-21).
enum ContractorDevice: RegisterKind {
    static let register = SmallRegister(
        kind: "contractor_device", address: "/v1/contractor-devices/",
        words: """
            That a contractor uses a device of theirs for forms and evidence of the job, who \
            watches over it, and that it takes no images of children and no personal information \
            (DEV-21).
            """,
        time: .inForce, readers: .deviceReaders, writers: .deviceKeepers + .leaders,
        fields: [
            .line("contractor", "Who they are.", needed: true, as: "Two fitters of ACME Heating"),
            .line("device", "Which device.", needed: true, as: "A tablet"),
            .line(
                "for_what", "For what.", needed: true, as: "Job sheets, photographs of the boiler"),
            .person("watched_by", "Who watches over it.", needed: true),
            .yesOrNo(
                "captures_nobody",
                "Whether it takes no image of a child and no personal information.",
                needed: true),
        ],
        standsAgainst: { entry in
            entry.isTrue("captures_nobody")
                ? []
                : [
                    Fault(
                        pointer: "/captures_nobody", code: "not_permitted",
                        detail: "No image of a child and no personal information may be taken")
                ]
        })
}

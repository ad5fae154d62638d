import JSON
import Postgres

/// A device that was taken from somebody (DEV-24).
enum Confiscation: RegisterKind {
    static let register = SmallRegister(
        kind: "confiscation", address: "/v1/confiscations/",
        words: """
            That a device was taken from somebody: by whom, on which authority, where it is kept, \
            and to whom it was returned, or handed over, and when (DEV-24). Staff record what they \
            took, and read that alone. While the device that is named is held as evidence it is \
            not returned (DEV-25).
            """,
        time: .happened,
        readers: [
            .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .office,
        ],
        writers: [.dsl, .deputyDSL, .office], recorders: [.staff],
        fields: [
            .anybody("person", "From whom.", needed: true),
            .line("device", "What.", needed: true, as: "A black phone, cracked at the corner"),
            .device("device_id", "The device, if it is of the register."),
            .person("taken_by", "By whom.", needed: true),
            .line(
                "authority", "On which authority.", needed: true,
                as: "Behaviour policy, section 9; Education Act 2011"),
            .line("kept_at", "Where it is kept.", needed: true, as: "The office safe"),
            .day("return_by", "By when it is to be returned."),
            .day(
                "returned_on", "When it was returned, or handed over.", onceReleased: "device_id"),
            .line("returned_to", "To whom.", as: "Her mother"),
        ],
        faults: { entry in
            entry.has("returned_on") == entry.has("returned_to")
                ? []
                : [
                    .wanted(
                        entry.has("returned_on") ? "returned_to" : "returned_on",
                        "Say when it was returned, and to whom")
                ]
        })
}

/// A check of equipment for calls, or of the tool by which pupils report (DEV-28, DEV-30).
enum EquipmentCheck: RegisterKind {
    static let register = SmallRegister(
        kind: "equipment_check", address: "/v1/equipment-checks/",
        words: """
            That equipment for videoconferences or a webcam was checked, or that the tool by which \
            pupils report is there and works (DEV-28, DEV-30). What is not so is a finding.
            """,
        time: .happened, readers: .deviceReaders,
        writers: .deviceKeepers + [.onlineSafetyCoordinator, .dsl, .deputyDSL],
        fields: [
            .word("what", CheckedEquipment.self, "What was checked.", needed: true),
            .line("devices", "Which devices.", needed: true, as: "Chromebooks of Year 5"),
            .person("checked_by", "Who checked it.", needed: true),
            .words(
                "sound", EquipmentMark.self, "What was found to be so.", needed: true),
            .prose(
                "finding", "What was not so, and what is to be done.",
                as: "Chromebook 7 lacks the button"),
        ])
}

/// What is checked.
enum CheckedEquipment: String, Words {
    case videoconference, webcam
    case reportTool = "report_tool"

    var label: String {
        switch self {
        case .videoconference: "Equipment for videoconferences"
        case .webcam: "A webcam"
        case .reportTool: "The tool by which pupils report"
        }
    }
}

/// What ought to be so of it.
enum EquipmentMark: String, Words {
    case offWhenUnused = "off_when_unused"
    case noAutoAnswer = "no_auto_answer"
    case lockedOrDisabled = "locked_or_disabled"
    case numbersShown = "numbers_shown"
    case addressNotDisclosed = "address_not_disclosed"
    case contactsNotPublic = "contacts_not_public"
    case toolIsThere = "tool_is_there"
    case toolWorks = "tool_works"

    var label: String {
        switch self {
        case .offWhenUnused: "Off when nobody uses it"
        case .noAutoAnswer: "Not set to answer by itself"
        case .lockedOrDisabled: "Locked away or disabled when nobody uses it"
        case .numbersShown: "E.164 numbering and the H.323 name are shown"
        case .addressNotDisclosed: "The external IP address is not disclosed"
        case .contactsNotPublic: "Contact details are not public"
        case .toolIsThere: "The tool is there"
        case .toolWorks: "The tool works"
        }
    }
}

/// Images on a class's device that are to be moved or deleted (DEV-29).
enum TemporaryImage: RegisterKind {
    static let register = SmallRegister(
        kind: "temporary_image", address: "/v1/temporary-images/",
        words: """
            That images of a session are on a class's device, until they are moved to a store that \
            the school has agreed, or deleted (DEV-29). Only school equipment takes them.
            """,
        time: .happened, readers: .employed, writers: .employed,
        fields: [
            .line("device", "On which device, by its tag.", needed: true, as: "HW-0142"),
            .yesOrNo("is_schools", "Whether it is the school's.", needed: true),
            .line("session", "Of what.", needed: true, as: "The Year 2 assembly"),
            .person("keeper", "Who moves or deletes them.", needed: true),
            .day("gone_on", "When they were moved or deleted."),
            .entry(
                "store", of: "secure_store", "To which store they were moved; none, if deleted.",
                inForce: true),
        ],
        standsAgainst: { entry in
            entry.isTrue("is_schools")
                ? []
                : [
                    Fault(
                        pointer: "/is_schools", code: "not_permitted",
                        detail: "Only equipment of the school's takes images")
                ]
        })
}

/// Phones and numbers by which staff are in touch with pupils and parents (DEV-35).
enum ContactPhone: RegisterKind {
    static let register = SmallRegister(
        kind: "contact_phone", address: "/v1/contact-phones/",
        words: """
            A phone or number of the school's that is issued for contact with pupils and parents, \
            or that none is (DEV-35).
            """,
        time: .inForce, readers: .employed, writers: .deviceKeepers + .leaders,
        fields: [
            .yesOrNo("is_issued", "Whether one is issued.", needed: true),
            .line("number", "Which phone or number.", as: "The trip phone, 01632 960001"),
            .person("person", "To whom."),
        ],
        faults: { entry in
            guard entry.isTrue("is_issued") == entry.has("number") else {
                return [.wanted("number", "Name it where one is issued, and not where none is")]
            }
            return []
        })
}

extension [Role] {
    /// Those who may know of the school's devices.
    static let deviceReaders = Devices.readers

    /// Those who look after them.
    static let deviceKeepers = Devices.keepers

    /// Those who lead, and arrange what is beside the rules.
    static let leaders: [Role] = [.headteacher, .seniorLeader]

    /// Those who may agree to an exception.
    static let approvers: [Role] = leaders + [.dsl, .deputyDSL, .onlineSafetyCoordinator]
}

extension String {
    /// Whether a word in it looks like a key: ten characters and more, letters and digits mixed.
    var looksLikeAKey: Bool {
        split(whereSeparator: \.isWhitespace).contains { word in
            word.count >= 10 && word.contains(where: \.isNumber)
                && word.contains(where: \.isLetter)
        }
    }
}

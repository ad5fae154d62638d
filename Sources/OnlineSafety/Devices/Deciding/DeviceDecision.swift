import JSON
import OpenAPI
import Postgres

/// Whether a device may be used by somebody somewhere, on which network and with which filter
/// profile; and why, or why not (DEV-32).
struct DeviceDecision: Resource {
    let schoolID: ID<School>
    let deviceID: ID<Device>?
    let personID: ID<Person>
    let place: DevicePlace
    let time: DeviceTime?
    let decision: Answer
    let reasons: [String]
    let network: Network
    let networkReasons: [String]
    let undecided: [String]
    let filterProfile: FilterProfile
    let bounds: [String]
    let times: [DeviceTime]?
    let schoolData: SchoolDataElsewhere?

    static let isTagged = false
    static let words =
        "Whether a device may be used there by somebody, on which network, and why not."
    static var example: DeviceDecision {
        DeviceDecision(
            schoolID: .example, deviceID: .example, personID: .example, place: .classroom,
            time: nil, decision: .yes, reasons: [], network: .full, networkReasons: [],
            undecided: [], filterProfile: .pupil, bounds: ["Pupils have restricted access"],
            times: nil, schoolData: nil)
    }

    enum CodingKeys: String, FieldWords {
        case place, time, decision, reasons, network, undecided, bounds, times
        case schoolID = "school_id"
        case deviceID = "device_id"
        case personID = "person_id"
        case networkReasons = "network_reasons"
        case filterProfile = "filter_profile"
        case schoolData = "school_data"

        var words: String {
            switch self {
            case .schoolID: "The school."
            case .deviceID: "The device; absent of one that is not registered."
            case .personID: "Who would use it."
            case .place: "Where."
            case .time: "When, where that was asked."
            case .decision: "Whether it may be used there by them."
            case .reasons: "What stands against that, by codes of the vocabulary `fault_codes`."
            case .network: "On which network."
            case .networkReasons: "What keeps it off, or to less, by the same codes."
            case .undecided:
                "What the school has not decided, and would have to, by the same codes."
            case .filterProfile:
                "What the filter lets through on it: as for staff only where they are staff."
            case .bounds: "Within which bounds, in the school's own words."
            case .times: "At which times only, where no time was asked."
            case .schoolData: "Of a personal device, whether school e-mail and data may be on it."
            }
        }
    }

    /// Whether it may be used.
    enum Answer: String, Words {
        case yes, no
        case notDecided = "not_decided"

        var label: String {
            switch self {
            case .yes: "Yes"
            case .no: "No"
            case .notDecided: "The school has not decided"
            }
        }
    }

    /// On which network.
    enum Network: String, Words {
        case full, internet, none
        case notDecided = "not_decided"

        var label: String {
            switch self {
            case .full: DeviceNetwork.full.label
            case .internet: DeviceNetwork.internet.label
            case .none: DeviceNetwork.none.label
            case .notDecided: "The school has not decided"
            }
        }
    }

    /// What the codes mean that only a decision tells of.
    static let codes = [
        "anothers": "It is for somebody else alone",
        "not_assigned": "It is in nobody's hands",
        "not_in_use": "It is lost, damaged, returned or retired",
        "not_permitted_off_site": "It has no permission to leave the site",
        "not_registered": "It is not registered, and so not permitted on the network",
        "not_permitted_yet": "It is declared, and nobody has permitted it yet",
        "was_refused": "It was refused",
        "no_longer_permitted": "It is no longer permitted",
        "matrix_says_no": "The school's device matrix says no",
        "rule_says_no": "The school's rules of use say no",
        "permission_needed": "It must be arranged beforehand",
        "matrix_is_blank": "The school's device matrix says nothing of it",
        "network_is_blank": "The school's device matrix names no network for it",
    ]
}

/// Which device, by whom, where and when.
struct DeviceQuestion: Filter {
    let device: ID<Device>?
    let ownership: DeviceOwnership?
    let person: ID<Person>
    let place: DevicePlace
    let time: DeviceTime?

    init(_ query: inout QueryReader) {
        device = query.id("device_id", of: Device.self)
        ownership = query.word("ownership", DeviceOwnership.self)
        person = query.id("person_id", of: Person.self) ?? .example
        place = query.word("place", DevicePlace.self) ?? .classroom
        time = query.word("time", DeviceTime.self)
        for name in ["person_id", "place"] where query.value(of: name) == nil {
            query.note(name, "required", "Give this, too")
        }
        let given = ["device_id", "ownership"].filter { query.value(of: $0) != nil }
        if given.count != 1 {
            query.note(
                "device_id", given.isEmpty ? "required" : "exactly_one",
                "Give a device, or the class of one")
        }
    }

    static let parameters: [Parameter] = [
        .query("device_id", "Which device.", .id, nil),
        .words(
            "ownership", "Or of which class one that is not registered is; one word.",
            DeviceOwnership.self),
        Parameter(
            "person_id", in: .query, "Who would use it.", schema: .id, isRequired: true,
            example: .string(ID<Person>.example.string)),
        Parameter(
            "place", in: .query, "Where.", schema: DevicePlace.schema, isRequired: true,
            example: "classroom"),
        .words("time", "When; one word.", DeviceTime.self),
    ]
}

import OpenAPI

/// Whose a device is, and for how many: the columns of source 000's matrix (DEV-02).
enum DeviceOwnership: String, Words {
    case schoolSingle = "school_single"
    case schoolMultiple = "school_multiple"
    case authorised
    case studentOwned = "student_owned"
    case staffOwned = "staff_owned"
    case visitorOwned = "visitor_owned"

    var label: String {
        switch self {
        case .schoolSingle: "The school's, for a single user"
        case .schoolMultiple: "The school's, for several users"
        case .authorised: "Authorised by the school, such as one of the trust's"
        case .studentOwned: "A pupil's own"
        case .staffOwned: "Staff's or a governor's own"
        case .visitorOwned: "A visitor's own, or a parent's"
        }
    }

    /// Those that the school answers for; the others are somebody's own.
    static let ofTheSchool: [DeviceOwnership] = [.schoolSingle, .schoolMultiple, .authorised]

    var isPersonal: Bool { !Self.ofTheSchool.contains(self) }
}

/// What a device may be permitted: the rows of the matrix.
enum DevicePermission: String, Words {
    case inSchool = "in_school"
    case fullNetwork = "full_network"
    case internetOnly = "internet_only"
    case noNetwork = "no_network"

    var label: String {
        switch self {
        case .inSchool: "Allowed in school"
        case .fullNetwork: "Full network access"
        case .internetOnly: "Internet only"
        case .noNetwork: "No network access"
        }
    }
}

/// What a cell of the matrix says. A cell that says neither is left out: nobody has decided.
enum MatrixAnswer: String, Words {
    case yes, no

    var label: String {
        switch self {
        case .yes: "Yes; within the bound that the words give, where they give one"
        case .no: "No"
        }
    }
}

/// Whose own device it is, as rules of use tell them apart (DEV-18).
enum DeviceAudience: String, Words {
    case pupil, staff, visitor, contractor

    var label: String {
        switch self {
        case .pupil: "Pupils"
        case .staff: "Staff and governors"
        case .visitor: "Visitors, parents and volunteers"
        case .contractor: "Contractors"
        }
    }
}

/// Where a device would be used.
enum DevicePlace: String, Words {
    case classroom, office, corridor, hall, playground, entrance, trip
    case staffRoom = "staff_room"
    case planningArea = "planning_area"
    case earlyYears = "early_years"
    case toilets
    case offSite = "off_site"
    case elsewhere

    var label: String {
        switch self {
        case .classroom: "A classroom"
        case .office: "An office area"
        case .corridor: "A corridor"
        case .hall: "The hall, at an event too"
        case .playground: "The playground"
        case .entrance: "The entrance or reception"
        case .trip: "A school trip"
        case .staffRoom: "The staff room"
        case .planningArea: "The area for planning and preparation (PPA)"
        case .earlyYears: "Early years"
        case .toilets: "Toilets and changing rooms"
        case .offSite: "Off the school's site"
        case .elsewhere: "Elsewhere in school"
        }
    }
}

/// When a device would be used.
enum DeviceTime: String, Words {
    case beforeSchool = "before_school"
    case lesson
    case breakTime = "break"
    case lunch
    case afterSchool = "after_school"
    case event

    var label: String {
        switch self {
        case .beforeSchool: "Before school"
        case .lesson: "In lessons and formal school time"
        case .breakTime: "At break"
        case .lunch: "At lunch"
        case .afterSchool: "After school"
        case .event: "At an event"
        }
    }
}

/// What a rule of use says.
enum UseAnswer: String, Words {
    case allowed
    case withPermission = "with_permission"
    case no

    var label: String {
        switch self {
        case .allowed: "Allowed"
        case .withPermission: "By arrangement beforehand only"
        case .no: "No"
        }
    }
}

/// Where school e-mail and data may lie, from the weakest to the strongest (DEV-22, S-37).
enum SchoolDataElsewhere: String, Words {
    case allowed
    case withSecondFactor = "with_second_factor"
    case closedSystem = "closed_system"
    case forbidden

    var label: String {
        switch self {
        case .allowed: "On personal devices, too"
        case .withSecondFactor:
            "On personal devices with a second factor, attachments deleted after use"
        case .closedSystem: "On personal devices in a closed system that can be monitored only"
        case .forbidden: "Never on a personal device"
        }
    }

    /// What stands against a personal device with such data on it, kept safe so.
    func standsAgainst(_ safeguard: DataSafeguard?) -> String? {
        switch self {
        case .allowed: nil
        case .withSecondFactor: safeguard == nil ? "data_unsafe" : nil
        case .closedSystem: safeguard == .closedSystem ? nil : "data_unsafe"
        case .forbidden: "school_data_forbidden"
        }
    }
}

/// How the school's e-mail and data on a personal device are kept safe (DEV-22).
enum DataSafeguard: String, Words {
    case secondFactor = "second_factor"
    case closedSystem = "closed_system"

    var label: String {
        switch self {
        case .secondFactor: "With a second factor, and attachments are deleted after use"
        case .closedSystem: "In the closed system of the school's, which can be monitored"
        }
    }
}

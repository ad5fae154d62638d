import JSON
import OpenAPI

/// What somebody has only when what they must agree to is agreed to (AGR-12, AGR-13).
enum Access: String, Words {
    case device
    case email
    case logIn = "log_in"
    case network
    case internet
    case learningPlatform = "learning_platform"
    case workWithPupils = "work_with_pupils"

    var label: String {
        switch self {
        case .device: "A device of the school's"
        case .email: "An e-mail address of the school's"
        case .logIn: "A log-in"
        case .network: "The network"
        case .internet: "The internet"
        case .learningPlatform: "A learning platform"
        case .workWithPupils: "Working with pupils"
        }
    }
}

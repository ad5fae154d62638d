import JSON
import OpenAPI

/// What somebody has only when what they must agree to is agreed to, and a pupil only when it
/// is allowed (AGR-12, AGR-13, ACC-10).
enum Access: String, Words {
    case device
    case email
    case logIn = "log_in"
    case network
    case internet
    case learningPlatform = "learning_platform"
    case workWithPupils = "work_with_pupils"
    case onlineService = "online_service"
    case videoconference
    case pupilImages = "pupil_images"

    var label: String {
        switch self {
        case .device: "A device of the school's"
        case .email: "An e-mail address of the school's"
        case .logIn: "A log-in"
        case .network: "The network"
        case .internet: "The internet"
        case .learningPlatform: "A learning platform"
        case .workWithPupils: "Working with pupils"
        case .onlineService: "An account with an online service"
        case .videoconference: "Taking part in videoconferences"
        case .pupilImages: "The images of pupils that the school has stored"
        }
    }
}

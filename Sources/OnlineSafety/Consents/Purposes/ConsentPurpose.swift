import JSON
import OpenAPI
import Postgres

/// What somebody may be asked to consent to (CON-02). The database knows which of them adults are
/// asked for, and what each needs (`consent_purposes`).
enum ConsentPurpose: String, Words, RuleSubject {
    static let key: EntryKey? = EntryKey("purpose", "The purpose.")

    case images
    case schoolWebsite = "school_website"
    case schoolLiterature = "school_literature"
    case press
    case learningPlatform = "learning_platform"
    case socialMedia = "social_media"
    case outsideNetwork = "outside_network"
    case videoconference
    case videoconferenceRecording = "videoconference_recording"
    case tuitionRecording = "tuition_recording"
    case progressApp = "progress_app"
    case pupilEmail = "pupil_email"
    case onlineService = "online_service"

    var label: String {
        switch self {
        case .images: "Taking and storing images and video, for evidence and celebration"
        case .schoolWebsite: "The school's website"
        case .schoolLiterature: "The school's literature"
        case .press: "The press"
        case .learningPlatform: "The learning platform, inside the school"
        case .socialMedia: "The school's official social media"
        case .outsideNetwork: "Images that are handed on outside the school's network"
        case .videoconference: "Taking part in videoconferences"
        case .videoconferenceRecording: "Recording of videoconferences"
        case .tuitionRecording: "Recordings in tuition"
        case .progressApp: "An app that tracks progress"
        case .pupilEmail: "A pupil's own e-mail account"
        case .onlineService: "Signing a pupil up for an online service"
        }
    }
}

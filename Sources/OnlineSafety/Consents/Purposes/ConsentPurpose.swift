import JSON
import OpenAPI
import Postgres

/// What somebody may be asked to consent to (CON-02). The database knows which of them adults are
/// asked for, and what each needs (`consent_purposes`).
enum ConsentPurpose: String, Words, Argument {
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

/// What a school says of a purpose: whether it asks for it, and how long a yes holds (CON-02).
struct ConsentRule: Resource {
    let schoolID: ID<School>
    let purpose: ConsentPurpose
    let isAsked: Bool
    let afterMonths: Int?
    let eachSchoolYear: Bool
    let eachKeyStage: Bool
    let lapsesOn: Day?
    let setBy: String?
    let setAt: Instant?
    let etag: String

    static let words = "What a school says of a purpose: whether it asks, and how long a yes holds."
    static var example: ConsentRule {
        ConsentRule(
            schoolID: .example, purpose: .schoolWebsite, isAsked: true, afterMonths: nil,
            eachSchoolYear: false, eachKeyStage: true, lapsesOn: nil, setBy: "Amina Yusuf",
            setAt: .example, etag: "\"1\"")
    }

    enum CodingKeys: String, FieldWords {
        case purpose, etag
        case schoolID = "school_id"
        case isAsked = "is_asked"
        case afterMonths = "after_months"
        case eachSchoolYear = "each_school_year"
        case eachKeyStage = "each_key_stage"
        case lapsesOn = "lapses_on"
        case setBy = "set_by"
        case setAt = "set_at"

        var words: String {
            switch self {
            case .schoolID: "The school."
            case .purpose: "The purpose."
            case .isAsked: "Whether the school asks for it; the answer is no while it does not."
            case .afterMonths: "After how many months a yes lapses."
            case .eachSchoolYear: "Whether a yes lapses with the school year, on 1 September."
            case .eachKeyStage: "Whether a pupil's lapses when they enter the next key stage."
            case .lapsesOn: "On which day every yes of before lapses, to be asked for anew."
            case .setBy: "Who set it last; absent where nobody has."
            case .setAt: "When."
            case .etag: "Its version, to be sent as If-Match."
            }
        }
    }

    /// All of it, as somebody sets it.
    struct Said: Body {
        let isAsked: Bool
        let afterMonths: WholeNumber<1, 120>?
        let eachSchoolYear: Bool?
        let eachKeyStage: Bool?
        let lapsesOn: Day?

        static let schemaName = "ConsentRuleSaid"
        static let words = "What a school says of a purpose, all of it at once."
        static var example: Said {
            Said(
                isAsked: true, afterMonths: nil, eachSchoolYear: nil, eachKeyStage: true,
                lapsesOn: nil)
        }

        enum CodingKeys: String, FieldWords {
            case isAsked = "is_asked"
            case afterMonths = "after_months"
            case eachSchoolYear = "each_school_year"
            case eachKeyStage = "each_key_stage"
            case lapsesOn = "lapses_on"

            var words: String { ConsentRule.CodingKeys(rawValue: rawValue)?.words ?? "" }
        }
    }
}

import JSON
import OpenAPI

/// A change of what the record says (INC-21, INC-43): a JSON merge patch, in which null empties a
/// field. What triage settled is changed by another triage.
struct Amendment: RecordBody {
    let description: Change<Text<1_000_000>>
    let summary: Patch<Text<20_000>>
    let intent: Patch<Intent>
    let channel: Patch<Channel>
    let locations: Patch<Few<Location, 2>>
    let locationDetail: Patch<Text<500>>
    let socialMedia: Patch<Few<Text<80>, 50>>
    let occurredOn: Patch<Day>
    let occurredTime: Patch<TimeOfDay>
    let occurredUntil: Patch<Day>
    let occurredNote: Patch<Text<2000>>
    let isApproximate: Patch<Bool>
    let knownAt: Patch<Instant>
    let furtherStep: Patch<Text<2000>>

    static let words = "What the record is to say instead."
    static var example: Amendment {
        Amendment(
            description: .absent,
            summary: .value(
                """
                A pupil was asked for photographs in a game's chat. She told us, the account was \
                reported and her parents were informed.
                """),
            intent: .absent, channel: .absent, locations: .absent, locationDetail: .null,
            socialMedia: .absent, occurredOn: .value(.example), occurredTime: .absent,
            occurredUntil: .absent, occurredNote: .absent, isApproximate: .value(true),
            knownAt: .absent, furtherStep: .absent)
    }

    enum CodingKeys: String, FieldWords {
        case description, summary, intent, channel, locations
        case locationDetail = "location_detail"
        case socialMedia = "social_media"
        case occurredOn = "occurred_on"
        case occurredTime = "occurred_time"
        case occurredUntil = "occurred_until"
        case occurredNote = "occurred_note"
        case isApproximate = "is_approximate"
        case knownAt = "known_at"
        case furtherStep = "further_step"

        var words: String {
            switch self {
            case .description:
                "What happened, as it is now known. What was told stays beside it."
            case .summary:
                "A brief summary of incident, investigation and outcome for monitoring, which "
                    + "names nobody."
            case .furtherStep: Incident.CodingKeys.furtherStep.words
            default: Report.CodingKeys(rawValue: rawValue)?.words ?? ""
            }
        }
    }
}

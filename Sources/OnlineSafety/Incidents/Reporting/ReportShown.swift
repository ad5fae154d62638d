import JSON
import OpenAPI

/// A report as its readers see it: what was told, by whom, and what could not be taken.
struct ReportShown: Codable, Exemplary {
    let id: ID<Report>
    let reporterName: String?
    let reporterKind: ReporterKind?
    let reporterContact: String?
    let signedName: String?
    let completedOn: Day
    let spokenFor: String?
    let channel: Channel
    let locations: [Location]
    let locationDetail: String?
    let occurredOn: Day?
    let occurredTime: TimeOfDay?
    let occurredUntil: Day?
    let occurredNote: String?
    let isApproximate: Bool
    let knownAt: Instant?
    let reportedAt: Instant
    let concerns: Concern
    let matter: Matter
    let isChildAtRisk: Bool?
    let types: [IncidentType]
    let otherBreach: String?
    let intent: Intent
    let description: String
    let socialMedia: [String]
    let evidence: String?
    let people: [PersonInvolved]
    let setAside: [SetAside]

    static var example: ReportShown {
        let told = Report.example
        return ReportShown(
            id: .example, reporterName: "Amina Yusuf", reporterKind: nil, reporterContact: nil,
            signedName: "Amina Yusuf",
            completedOn: .example, spokenFor: "Robin Ash", channel: .verbal,
            locations: [.outsideSchool], locationDetail: told.locationDetail?.string,
            occurredOn: .example, occurredTime: .example, occurredUntil: nil,
            occurredNote: told.occurredNote?.string, isApproximate: true, knownAt: .example,
            reportedAt: .example, concerns: .child, matter: .event, isChildAtRisk: true,
            types: [.grooming],
            otherBreach: nil, intent: .unknown, description: told.description.string,
            socialMedia: ["Roblox"], evidence: told.evidence?.string,
            people: told.people?.elements ?? [],
            setAside: [])
    }

    enum CodingKeys: String, FieldWords {
        case id, channel, locations, concerns, matter, types, intent, description, evidence, people
        case reporterName = "reporter_name"
        case reporterKind = "reporter_kind"
        case reporterContact = "reporter_contact"
        case signedName = "signed_name"
        case completedOn = "completed_on"
        case spokenFor = "spoken_for"
        case locationDetail = "location_detail"
        case occurredOn = "occurred_on"
        case occurredTime = "occurred_time"
        case occurredUntil = "occurred_until"
        case occurredNote = "occurred_note"
        case isApproximate = "is_approximate"
        case knownAt = "known_at"
        case reportedAt = "reported_at"
        case isChildAtRisk = "is_child_at_risk"
        case otherBreach = "other_breach"
        case socialMedia = "social_media"
        case setAside = "set_aside"

        var words: String {
            switch self {
            case .id: "The report."
            case .reporterName: "Who reported; absent where nobody said."
            case .reporterKind:
                "Who they say they are; only of a report by somebody without an account."
            case .reporterContact: "How they can be reached."
            case .setAside: "What was sent and could not be taken, so that nothing is lost."
            case .reportedAt: "When it was reported."
            default: Report.CodingKeys(rawValue: rawValue)?.words ?? ""
            }
        }
    }
}

extension SetAside {
    enum CodingKeys: String, FieldWords {
        case pointer, code, detail, value

        var words: String {
            switch self {
            case .pointer: "Where in the report it stood (JSON Pointer)."
            case .code: "What was wrong."
            case .detail: "What was wrong, in words."
            case .value:
                "What was sent, as JSON text, for those who may read the report; never a picture."
            }
        }
    }
}

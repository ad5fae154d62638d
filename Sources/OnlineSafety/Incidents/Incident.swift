import JSON
import OpenAPI

/// Something that happened online. Those to whom it is open see all of it; its reporter sees that
/// it was received and seen, and nothing more (INC-14).
struct Incident: Resource {
    let id: ID<Incident>
    let schoolID: ID<School>
    let reference: String
    let status: IncidentStatus
    let reportedAt: Instant
    let etag: String
    let seenAt: Instant?
    let seenByRole: Role?
    let concerns: Concern?
    let isChildAtRisk: Bool?
    let urgency: Urgency?
    let types: [IncidentType]?
    let occurredOn: Day?
    let occurredTime: TimeOfDay?
    let occurredUntil: Day?
    let isApproximate: Bool?
    let knownAt: Instant?
    let delayDays: Int?
    let delayMinutes: Int?
    let academicYear: String?
    let reports: [ReportShown]?

    static let address: StaticString? = "/v1/incidents/"
    static let words = """
        Something that happened online. Those to whom it is open see all of it; its reporter sees \
        `id`, `school_id`, `reference`, `status`, `reported_at`, `seen_at`, `seen_by_role` and \
        `etag`, and nothing more.
        """
    static var example: Incident {
        Incident(
            id: .example, schoolID: .example, reference: "7K3Q-F2MX", status: .reported,
            reportedAt: .example, etag: "\"1\"", seenAt: nil, seenByRole: nil, concerns: .child,
            isChildAtRisk: true, urgency: .urgent, types: [.grooming], occurredOn: .example,
            occurredTime: .example, occurredUntil: nil, isApproximate: true, knownAt: .example,
            delayDays: 0, delayMinutes: 12, academicYear: "2026/27", reports: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case id, reference, status, etag, concerns, urgency, types, reports
        case schoolID = "school_id"
        case reportedAt = "reported_at"
        case seenAt = "seen_at"
        case seenByRole = "seen_by_role"
        case isChildAtRisk = "is_child_at_risk"
        case occurredOn = "occurred_on"
        case occurredTime = "occurred_time"
        case occurredUntil = "occurred_until"
        case isApproximate = "is_approximate"
        case knownAt = "known_at"
        case delayDays = "delay_days"
        case delayMinutes = "delay_minutes"
        case academicYear = "academic_year"

        var words: String {
            switch self {
            case .id: "The incident."
            case .reference: "What people call it: short, and without meaning."
            case .status:
                "Where it stands: `received` or `seen` on the receipt that its reporter has, "
                    + "`reported` on the record that its readers have."
            case .etag: "Its version, as in the ETag header."
            case .concerns: "Whom it concerns."
            case .urgency:
                "How soon somebody must look: `urgent` when a child may be at risk, when it "
                    + "concerns an adult of the school, and for grooming, sexting and terrorist "
                    + "material."
            case .types: "What kind of thing happened."
            case .reports: "What was told, as it was told; only when a single incident is read."
            case .schoolID: "The school to which it belongs."
            case .reportedAt: "When it was reported."
            case .seenAt: "When somebody whom it was sent to acknowledged it; for its reporter."
            case .seenByRole: "In which post they did; for its reporter."
            case .isChildAtRisk: "Whether a child may be at risk of harm; absent when nobody said."
            case .occurredOn: "The day on which it happened, or began."
            case .occurredTime: "The time of day in England."
            case .occurredUntil: "The last day, when it went on for several."
            case .isApproximate: "Whether the day or the time is a guess."
            case .knownAt: "When the reporter came to know of it."
            case .delayDays: "Days from its happening to its report."
            case .delayMinutes: "Minutes from its being known to its report."
            case .academicYear:
                "The school year, from September, of the day on which it happened or else was told."
            }
        }
    }
}

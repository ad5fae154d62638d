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
    let matter: Matter?
    let isChildAtRisk: Bool?
    let urgency: Urgency?
    let restrictedAs: Restriction.Kind?
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
    let recordedAt: Instant?
    let actedOnAt: Instant?
    let passedOnAt: Instant?
    let channel: Channel?
    let locations: [Location]?
    let socialMedia: [String]?
    let intent: Intent?
    let riskCategories: [RiskCategory]?
    let severity: Severity?
    let legality: Legality?
    let leadID: ID<Person>?
    let otherType: String?
    let otherBreach: String?
    let heads: [SafetyHead]?
    let occurredNote: String?
    let locationDetail: String?
    let description: String?
    let summary: String?
    let isRepeated: Bool?
    let isIntentional: Bool?
    let hasImbalanceOfPower: Bool?
    let isFilteringBreach: Bool?
    let furtherStep: String?
    let closedAs: Closure.Kind?
    let outcome: String?
    let duplicateOf: ID<Incident>?
    let closedAt: Instant?
    let closedBy: String?
    let closedByRole: Role?
    let allowedActions: [AllowedAction]?
    let people: [Involvement]?
    let actionLines: [ActionLine]?
    let parentsDecisions: [ParentsDecision]?
    let evidence: [Evidence]?
    let breaches: [Breach]?
    let links: [Link]?
    let agencyHolds: [AgencyHold]?
    let procedures: [AttachedProcedure]?

    static let address: StaticString? = "/v1/incidents/"
    static let words = """
        Something that happened online. Those to whom it is open see all of it; its reporter sees \
        `id`, `school_id`, `reference`, `status`, `reported_at`, `seen_at`, `seen_by_role`, \
        `recorded_at`, `acted_on_at`, `passed_on_at` and `etag`, and nothing more.
        """
    static var example: Incident {
        Incident(
            id: .example, schoolID: .example, reference: "7K3Q-F2MX", status: .triaged,
            reportedAt: .example, etag: "\"3\"", seenAt: nil, seenByRole: nil, concerns: .child,
            matter: .event,
            isChildAtRisk: true, urgency: .urgent,
            restrictedAs: .childProtection, types: [.grooming], occurredOn: .example,
            occurredTime: .example, occurredUntil: nil, isApproximate: true, knownAt: .example,
            delayDays: 0, delayMinutes: 12, academicYear: "2026/27", reports: [.example],
            recordedAt: nil, actedOnAt: nil, passedOnAt: nil, channel: .verbal,
            locations: [.outsideSchool], socialMedia: ["Roblox"], intent: .unknown,
            riskCategories: [.contact], severity: .high, legality: .suspected, leadID: .example,
            otherType: nil, otherBreach: nil, heads: [.grooming], occurredNote: nil,
            locationDetail: "At home, on a tablet",
            description: "Somebody whom she does not know has asked her for photographs.",
            summary: nil, isRepeated: nil, isIntentional: nil, hasImbalanceOfPower: nil,
            isFilteringBreach: nil, furtherStep: nil,
            closedAs: nil, outcome: nil, duplicateOf: nil, closedAt: nil, closedBy: nil,
            closedByRole: nil,
            allowedActions: [.example], people: [.example], actionLines: [.example],
            parentsDecisions: [.example], evidence: [.example], breaches: [.example],
            links: [.example], agencyHolds: [.example], procedures: [.example])
    }
}

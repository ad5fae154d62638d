import OpenAPI
import Postgres

/// Which incidents to list.
struct IncidentFilter: Filter {
    let school: ID<School>?
    let status: [IncidentStatus]?
    let concerns: [Concern]?
    let matter: [Matter]?
    let types: [IncidentType]?
    let urgency: [Urgency]?
    let isChildAtRisk: Bool?
    let reportedSince: Instant?
    let reportedBefore: Instant?
    let occurredSince: Day?
    let occurredBefore: Day?
    let isMine: Bool
    let sought: Sought?
    let record: RecordFilter

    /// More is asked for than school, state and time of reporting.
    private let looksFurther: Bool

    init(_ query: inout QueryReader) {
        looksFurther = Self.parameters.contains {
            !Self.plain.contains($0.name) && query.value(of: $0.name) != nil
        }
        school = query.id("school_id", of: School.self)
        status = query.words("status", IncidentStatus.self)
        concerns = query.words("concerns", Concern.self)
        matter = query.words("matter", Matter.self)
        types = query.words("type", IncidentType.self)
        urgency = query.words("urgency", Urgency.self)
        isChildAtRisk = query.flag("is_child_at_risk")
        reportedSince = query.instant("reported_since")
        reportedBefore = query.instant("reported_before")
        occurredSince = query.day("occurred_since")
        occurredBefore = query.day("occurred_before")
        isMine = query.flag("mine") ?? false
        sought = query.sought("q")
        record = RecordFilter(&query)
    }

    static let parameters = ofReports + [Sought.parameter] + RecordFilter.parameters

    private static let plain: Set = [
        "school_id", "status", "reported_since", "reported_before", "mine",
    ]

    private static let ofReports: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .words("status", "Only in these states.", IncidentStatus.self),
        .words("concerns", "Only those that concern one of these.", Concern.self),
        .words("matter", "Only those reported as one of these.", Matter.self),
        .words("type", "Only those of one of these types.", IncidentType.self),
        .words("urgency", "Only those as urgent as this.", Urgency.self),
        .query("is_child_at_risk", "Only where a child may be at risk, or not.", .boolean, true),
        .query("reported_since", "Reported at this instant or later.", Instant.schema, nil),
        .query("reported_before", "Reported before this instant.", Instant.schema, nil),
        .query("occurred_since", "Happened on this day or later.", Day.schema, nil),
        .query("occurred_before", "Happened before this day.", Day.schema, nil),
        .query("mine", "`true`: the receipts of my own reports instead.", .boolean, true),
    ]

    /// A receipt has no such fields: to leave the filter out unseen would return everything.
    func refuseWhatReceiptsLack() throws(Problem) {
        let ofReports: [(String, Bool)] = [
            ("concerns", concerns != nil), ("matter", matter != nil), ("type", types != nil),
            ("urgency", urgency != nil),
            ("is_child_at_risk", isChildAtRisk != nil), ("occurred_since", occurredSince != nil),
            ("occurred_before", occurredBefore != nil),
        ]
        let given = ofReports + [("q", sought != nil)] + record.given
        let faults = given.filter(\.1).map { name, _ in
            Fault(
                parameter: name, code: "not_on_receipts",
                detail: "Receipts can be filtered by school, status and time of reporting only")
        }
        guard faults.isEmpty else { throw Problem(parameters: faults) }
    }

    /// The condition on an incident that its readers list.
    ///
    /// What is asked for most stands in it only when it is given: a plan that is made for whatever
    /// may be given expects to find next to nothing, and does without the order of the index.
    var ofIncidents: SQL {
        (ofReceipt + (looksFurther ? [further] : [])).allOfThem
    }

    /// The condition on a receipt, of what a receipt has.
    var ofReceipts: SQL { ofReceipt.allOfThem }

    private var ofReceipt: [SQL] {
        [
            school.map { "incident.school_id = \($0)" },
            status.map { "incident.status = any(\($0))" },
            reportedSince.map { "incident.reported_at >= \($0)" },
            reportedBefore.map { "incident.reported_at < \($0)" },
        ].compactMap(\.self)
    }

    private var further: SQL {
        """
        (\(concerns)::text[] is null or incident.concerns = any(\(concerns)))
        and (\(matter)::text[] is null or incident.matter = any(\(matter)))
        and (\(types)::text[] is null or incident.types && \(types))
        and (\(urgency)::text[] is null or incident.urgency = any(\(urgency)))
        and (\(isChildAtRisk)::boolean is null or incident.is_child_at_risk = \(isChildAtRisk))
        and (\(occurredSince)::date is null or incident.occurred_on >= \(occurredSince))
        and (\(occurredBefore)::date is null or incident.occurred_on < \(occurredBefore))
        and \(record.sql)
        """
    }
}

extension [SQL] {
    /// The condition that all of these are so; so it is where there is none.
    fileprivate var allOfThem: SQL { isEmpty ? "true" : joined(separator: " and ") }
}

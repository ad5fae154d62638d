import OpenAPI
import Postgres

/// What was found of an incident, who was involved and how it ended, as something to look for
/// (INC-45).
struct RecordFilter: Sendable {
    private let riskCategories: [RiskCategory]?
    private let severity: [Severity]?
    private let legality: [Legality]?
    private let channel: [Channel]?
    private let location: [Location]?
    private let platform: String?
    private let closedAs: [Closure.Kind]?
    private let lead: ID<Person>?
    private let person: ID<Person>?
    private let yearGroup: String?
    private let parts: [RecordedPart]?
    private let isToChase: Bool?
    private let isStepOverdue: Bool?

    init(_ query: inout QueryReader) {
        riskCategories = query.words("risk_category", RiskCategory.self)
        severity = query.words("severity", Severity.self)
        legality = query.words("legality", Legality.self)
        channel = query.words("channel", Channel.self)
        location = query.words("location", Location.self)
        platform = query.text("platform", upTo: 80)
        closedAs = query.words("closed_as", Closure.Kind.self)
        lead = query.id("lead_id", of: Person.self)
        person = query.id("person_id", of: Person.self)
        yearGroup = query.text("year_group", upTo: 20)
        parts = query.words("part", RecordedPart.self)
        isToChase = query.flag("is_to_chase")
        isStepOverdue = query.flag("is_step_overdue")
    }

    static let parameters: [Parameter] = [
        .words("risk_category", "Only those in one of these categories.", RiskCategory.self),
        .words("severity", "Only those found to be as grave as this.", Severity.self),
        .words("legality", "Only those found to be so before the law.", Legality.self),
        .words("channel", "Only those that arrived by one of these.", Channel.self),
        .words("location", "Only those that took place there.", Location.self),
        .query(
            "platform", "Only those on this social medium, in capitals or not.",
            .text(minLength: 1, maxLength: 80), "Roblox"),
        .words("closed_as", "Only those that were closed as one of these.", Closure.Kind.self),
        .query("lead_id", "Only those that this person leads.", .id, nil),
        .query("person_id", "Only those in which this person was involved.", .id, nil),
        .query(
            "year_group", "Only those in which somebody of this year group was involved.",
            .text(minLength: 1, maxLength: 20), "5"),
        .words(
            "part",
            "Only those in which somebody had one of these parts: with `person_id` or "
                + "`year_group` that person, or somebody of that year group.", RecordedPart.self),
        .query(
            "is_to_chase", "`true`: only those of which an agency is to be asked again by today.",
            .boolean, true),
        .query(
            "is_step_overdue", "Only those of which a step of a procedure is overdue, or none.",
            .boolean, true),
    ]

    /// It asks for what stands beside the incident itself: its closure, its steps, or its people.
    var looksInside: Bool {
        closedAs != nil || person != nil || yearGroup != nil || parts != nil || isToChase != nil
            || isStepOverdue != nil
    }

    /// What was asked for, by the names of the parameters.
    var given: [(String, Bool)] {
        [
            ("risk_category", riskCategories != nil), ("severity", severity != nil),
            ("legality", legality != nil), ("channel", channel != nil),
            ("location", location != nil), ("platform", platform != nil),
            ("closed_as", closedAs != nil), ("lead_id", lead != nil),
            ("person_id", person != nil), ("year_group", yearGroup != nil),
            ("part", parts != nil), ("is_to_chase", isToChase != nil),
            ("is_step_overdue", isStepOverdue != nil),
        ]
    }

    /// The condition on an incident. What must be looked for beside it stands here only when it is
    /// asked for, so that a plain list is planned without it.
    var sql: SQL {
        """
        (
            \(riskCategories)::text[] is null or incident.risk_categories && \(riskCategories))
        and (\(severity)::text[] is null or incident.severity = any(\(severity)))
        and (\(legality)::text[] is null or incident.legality = any(\(legality)))
        and (\(channel)::text[] is null or incident.channel = any(\(channel)))
        and (\(location)::text[] is null or incident.locations && \(location))
        and (\(lead)::uuid is null or incident.lead_id = \(lead))
        and \(platform == nil ? "true" : ofPlatform)
        and \(closedAs == nil ? "true" : ofClosure)
        and \(isStepOverdue == nil ? "true" : ofSteps)
        and \(person == nil && yearGroup == nil && parts == nil ? "true" : ofPeople)
        and \(isToChase == nil ? "true" : ofReferrals)
        """
    }

    private var ofPlatform: SQL {
        """
        exists (
            select from unnest(incident.social_media) as used (platform)
            where lower(used.platform) = lower(\(platform)))
        """
    }

    private var ofReferrals: SQL {
        """
        \(isToChase) = exists (
            select from referral_to_chase as referral
            where referral.school_id = incident.school_id and referral.incident_id = incident.id
                and referral.due_on <= london_today())
        """
    }

    private var ofClosure: SQL {
        """
        exists (
            select from closure_standing as closure
            where closure.school_id = incident.school_id and closure._incident_id = incident.id
                and closure.kind = any(\(closedAs)))
        """
    }

    private var ofSteps: SQL {
        """
        exists (
            select from incident_step as step
            where step.school_id = incident.school_id and step._incident_id = incident.id
                and step.is_overdue
        ) = \(isStepOverdue)
        """
    }

    private var ofPeople: SQL {
        """
        exists (
            select from person_involved as involved
            where involved.school_id = incident.school_id and involved._incident_id = incident.id
                and (\(person)::uuid is null or involved.person_id = \(person))
                and (\(yearGroup)::text is null or involved.year_group = \(yearGroup))
                and (\(parts)::text[] is null or involved.parts && \(parts)))
        """
    }
}

extension QueryReader {
    /// A text that is not blank, of so many characters (Unicode scalars) at most.
    mutating func text(_ name: String, upTo limit: Int) -> String? {
        guard let text = take(name) else { return nil }
        if text.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
            note(name, "blank", "Write something here")
        } else if text.unicodeScalars.count > limit {
            note(name, "too_long", "At most \(limit) characters")
        }
        return text
    }
}

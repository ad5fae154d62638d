import JSON
import OpenAPI

extension Incident {
    enum CodingKeys: String, FieldWords {
        case id, reference, status, etag, concerns, matter, urgency, types, reports, channel,
            locations
        case intent, severity, legality, heads, description, summary, outcome, people, evidence
        case breaches, links
        case schoolID = "school_id"
        case reportedAt = "reported_at"
        case seenAt = "seen_at"
        case seenByRole = "seen_by_role"
        case isChildAtRisk = "is_child_at_risk"
        case restrictedAs = "restricted_as"
        case occurredOn = "occurred_on"
        case occurredTime = "occurred_time"
        case occurredUntil = "occurred_until"
        case isApproximate = "is_approximate"
        case knownAt = "known_at"
        case delayDays = "delay_days"
        case delayMinutes = "delay_minutes"
        case academicYear = "academic_year"
        case recordedAt = "recorded_at"
        case actedOnAt = "acted_on_at"
        case passedOnAt = "passed_on_at"
        case socialMedia = "social_media"
        case riskCategories = "risk_categories"
        case leadID = "lead_id"
        case otherType = "other_type"
        case otherBreach = "other_breach"
        case occurredNote = "occurred_note"
        case locationDetail = "location_detail"
        case isRepeated = "is_repeated"
        case isIntentional = "is_intentional"
        case hasImbalanceOfPower = "has_imbalance_of_power"
        case isFilteringBreach = "is_filtering_breach"
        case furtherStep = "further_step"
        case closedAs = "closed_as"
        case duplicateOf = "duplicate_of"
        case closedAt = "closed_at"
        case closedBy = "closed_by"
        case closedByRole = "closed_by_role"
        case allowedActions = "allowed_actions"
        case procedures
        case actionLines = "action_lines"
        case parentsDecisions = "parents_decisions"
        case agencyHolds = "agency_holds"

        var words: String {
            switch self {
            case .id: "The incident."
            case .reference: "What people call it: short, and without meaning."
            case .status:
                "Where it stands: on the receipt that its reporter has, how far it has come; on "
                    + "the record that its readers have, its state."
            case .etag: "Its version, to be sent as If-Match."
            case .concerns: "Whom it concerns."
            case .matter:
                "What it was reported as: an event, a pattern, a communication; `allegation` and "
                    + "`whistleblowing` are confidential."
            case .urgency:
                "How soon somebody must look: `urgent` when a child may be at risk, when it "
                    + "concerns an adult of the school, and for grooming, sexting and terrorist "
                    + "material."
            case .restrictedAs:
                "As what it is restricted to few; absent where it is open to all who read "
                    + "incidents."
            case .types: "What kind of thing happened."
            case .reports:
                "What was told, as it was told, by each who reported it; only when a single "
                    + "incident is read."
            case .schoolID: "The school to which it belongs."
            case .reportedAt: "When it was reported."
            case .seenAt: "When somebody whom it was sent to acknowledged it; for its reporter."
            case .seenByRole: "In which post they did; for its reporter."
            case .recordedAt: "When it was assessed and put on record; for its reporter."
            case .actedOnAt: "When it was first acted on; for its reporter."
            case .passedOnAt: "When it was passed on to somebody outside; for its reporter."
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
            case .closedAs: "As what it was closed; absent while it is open."
            case .outcome: "How it ended, with the action that was taken."
            case .duplicateOf: "The incident that was reported already."
            case .closedAt: "When it was closed."
            case .closedBy: "Who closed it."
            case .closedByRole: "In which post."
            case .description: "What happened, as it is now known; at first, as it was told."
            case .summary: "The summary for monitoring, which names nobody."
            case .allowedActions: "What I may do with it now, and what stands against the rest."
            case .people: "Those involved; with `include=people`."
            case .actionLines: "The nine action lines; with `include=action_lines`."
            case .parentsDecisions:
                "The decisions about parents; with `include=parents_decisions`."
            case .evidence: "The evidence; with `include=evidence`."
            case .breaches:
                "The agreements that were broken; with `include=breaches`."
            case .agencyHolds: "The agency holds; with `include=agency_holds`."
            case .procedures: "The procedures, step by step; with `include=procedures`."
            case .links: "The linked incidents; with `include=links`."
            case .furtherStep: "Which further step follows, where it happened before."
            default:
                Finding.CodingKeys(rawValue: rawValue)?.words
                    ?? Report.CodingKeys(rawValue: rawValue)?.words ?? ""
            }
        }
    }
}

import JSON
import OpenAPI

/// A line of the incident log, in the five columns of source 001's Appendix K (INC-24): made of the
/// record, never written by itself.
struct LogEntry: Resource {
    let dateAndTime: String
    let people: [String]?
    let nature: [String]?
    let details: String?
    let outcome: [String]?
    let reference: String?
    let status: IncidentStatus?
    let closedAs: Closure.Kind?
    let isRestricted: Bool
    let id: ID<LogEntry>
    let schoolID: ID<School>

    static let isTagged = false
    static let words = """
        A line of the incident log. With names it has all of its fields; without names no \
        `reference`, and of a restricted incident the day and no more.
        """
    static var example: LogEntry {
        LogEntry(
            dateAndTime: "2026-11-19 10:35", people: ["Robin Ash (T)"],
            nature: ["cyberbullying", "conduct"],
            details: "Called names in a game's chat.\nEvidence: A screenshot, Grace Okafor",
            outcome: ["completed: Both were talked with", "parents_informed: Both, at school"],
            reference: "7K3Q-F2MX", status: .closed, closedAs: .completed, isRestricted: false,
            id: .example, schoolID: .example)
    }

    enum CodingKeys: String, FieldWords {
        case people, nature, details, outcome, reference, status, id
        case dateAndTime = "date_and_time"
        case closedAs = "closed_as"
        case isRestricted = "is_restricted"
        case schoolID = "school_id"

        var words: String {
            switch self {
            case .dateAndTime:
                "When it happened, in England, as far as is known: `2026-11-19 10:35`, with "
                    + "`about` before a guess and `to` before the last day; when it was reported, "
                    + "where nobody said. Without names: the day."
            case .people:
                "Those involved, marked as target (T) or offender (O); of the report, until "
                    + "somebody is named in the record. Witnesses are in the record only. Without "
                    + "names: whose kind, such as `a child (T)`."
            case .nature:
                "The types and the risk categories; with names also what is written for `other`."
            case .details:
                "What happened, and the evidence, shortened to 4,000 characters. Without names: "
                    + "the summary that names nobody."
            case .outcome:
                "How it was closed, then each action line that was done, with what was said of it "
                    + "in up to 1,000 characters. Without names: only as what, and which lines."
            case .reference: "What people call the incident."
            case .status: "Where it stands; `reported` has not been assessed yet."
            case .closedAs: "As what it was closed: a mistake or a duplicate stays in the log."
            case .isRestricted: "Whether a child may be at risk."
            case .id: "The incident. Without names: a number that stands for this line only."
            case .schoolID: "The school."
            }
        }
    }
}

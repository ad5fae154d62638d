import JSON
import OpenAPI
import Postgres

/// One thing in the chronology of a child.
struct ChildEntry: Resource {
    let id: ID<ChildEntry>
    let schoolID: ID<School>
    let school: String
    let personID: ID<Person>
    let source: String
    let kind: String
    let happenedOn: Day
    let happenedAt: Instant?
    let recordedAt: Instant
    let words: String?
    let parts: [RecordedPart]?
    let by: String?
    let role: Role?
    let incidentID: ID<Incident>?
    let reference: String?
    let href: String

    static let isTagged = false
    static let words = "One thing that is known of a child: dated, in the school's words."
    static var example: ChildEntry {
        ChildEntry(
            id: .example, schoolID: .example, school: "Hawthorn Primary", personID: .example,
            source: "Case work", kind: "case_meeting", happenedOn: .example,
            happenedAt: .example, recordedAt: .example,
            words: "Both parents; They come to us first from now on", parts: nil,
            by: "Grace Okafor", role: .dsl, incidentID: .example, reference: "HW-7K2M",
            href: "/v1/incidents/\(ID<Incident>.example)/meetings")
    }

    enum CodingKeys: String, FieldWords {
        case id, school, source, kind, words, parts, by, role, reference, href
        case schoolID = "school_id"
        case personID = "person_id"
        case happenedOn = "happened_on"
        case happenedAt = "happened_at"
        case recordedAt = "recorded_at"
        case incidentID = "incident_id"

        var words: String {
            switch self {
            case .id: "The entry: the same as long as what it tells of is there."
            case .schoolID: "The school."
            case .school: "What it is called."
            case .personID: "The child."
            case .source: "From which part of the register it comes."
            case .kind: "What it is, one of the vocabulary `child_chronology_kinds`."
            case .happenedOn: "The day on which it happened; where nobody said, that of the record."
            case .happenedAt: "When, where that is known."
            case .recordedAt: "When it was put on record."
            case .words: "What was said of it."
            case .parts: "Of an incident: the part that the child had in it."
            case .by: "Who said or did it."
            case .role: "In which post."
            case .incidentID: "The incident that it belongs to."
            case .reference: "The reference of that."
            case .href: "Where it is read."
            }
        }
    }
}

/// Which entries of a chronology to list.
struct ChildEntryFilter: Filter {
    let kinds: [String]?
    let from: Day?
    let until: Day?

    init(_ query: inout QueryReader) {
        kinds = query.choices("kind", ChildChronology.kinds.map(\.kind))
        from = query.day("from")
        until = query.day("until")
        if let from, let until, until.string < from.string {
            query.note("until", "before_its_start", "Give a day that is not before `from`")
        }
    }

    static var parameters: [Parameter] {
        [
            .choices("kind", "Only of these kinds.", ChildChronology.kinds.map(\.kind)),
            .query(
                "from", "Only what happened on this day or later.", .text(format: "date"),
                "2024-09-01"),
            .query(
                "until", "Only what happened on this day or before.", .text(format: "date"),
                "2026-12-31"),
        ]
    }

    var sql: SQL {
        """
        (\(kinds)::text[] is null or entry.kind = any(\(kinds)))
        and (\(from)::date is null or entry.happened_on >= \(from)::date)
        and (\(until)::date is null or entry.happened_on <= \(until)::date)
        """
    }
}

/// The order of the years, either way.
enum ChildEntryOrder: String, SortOrder {
    case asItHappened = "date"
    case latest = "-date"

    var sql: SQL {
        self == .asItHappened
            ? "entry._order, entry.id" : "entry._order desc, entry.id desc"
    }

    var key: SQL { "entry._order::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        self == .asItHappened
            ? "(entry._order, entry.id) > (\(key)::text::timestamptz, \(id)::text::uuid)"
            : "(entry._order, entry.id) < (\(key)::text::timestamptz, \(id)::text::uuid)"
    }
}

import JSON
import OpenAPI
import Postgres

/// What a batch of a roster did, or would do.
struct RosterBatch: Resource {
    static let isTagged = false

    let id: ID<RosterBatch>?
    let schoolID: ID<School>
    let outcome: Outcome
    let mode: Mode
    let form: Form
    let isPartial: Bool
    let asOf: Day
    let rows: Int
    let added: Int
    let changed: Int
    let unchanged: Int
    let leavers: Int
    let returned: Int
    let missing: Int
    let expected: Int
    let linksAdded: Int
    let linksChanged: Int
    let linksEnded: Int
    let refused: Int
    let warned: Int
    let issues: [Issue]?
    let wouldLeave: [Leaver]?
    let appliedBy: String?
    let isByClient: Bool?
    let appliedAt: Instant?

    static let words = "What a batch of a roster did, or would do."
    static var example: RosterBatch {
        RosterBatch(
            id: .example, schoolID: .example, outcome: .applied, mode: .full, form: .csv,
            isPartial: false, asOf: .example, rows: 412, added: 3, changed: 11, unchanged: 398,
            leavers: 2, returned: 0, missing: 2, expected: 0, linksAdded: 5, linksChanged: 0,
            linksEnded: 1, refused: 0, warned: 1, issues: [.example], wouldLeave: nil,
            appliedBy: "Priya Shah", isByClient: false, appliedAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case id, outcome, mode, form, rows, added, changed, unchanged, leavers, returned
        case missing, expected, refused, warned, issues
        case schoolID = "school_id"
        case isPartial = "is_partial"
        case asOf = "as_of"
        case wouldLeave = "would_leave"
        case linksAdded = "links_added"
        case linksChanged = "links_changed"
        case linksEnded = "links_ended"
        case appliedBy = "applied_by"
        case isByClient = "is_by_client"
        case appliedAt = "applied_at"

        var words: String {
            switch self {
            case .id: "The batch; absent of one that was only tried."
            case .outcome: "How it went."
            case .mode: "Whether it had everybody of the MIS."
            case .form: "In what form the rows came."
            case .rows: "How many rows it had."
            case .added: "Persons who are new."
            case .changed: "Persons of whom something else is told."
            case .unchanged: "Persons of whom nothing else is told."
            case .leavers:
                "Persons whose last day became known; of a batch that was held, those who would "
                    + "have left."
            case .returned: "Persons who had left and are back."
            case .missing: "Persons whom a full batch did not have."
            case .expected:
                "Those who were expected to leave: the top year in the summer, parents of whose "
                    + "children none is left, and whose last day was known."
            case .refused: "Rows that were refused."
            case .warned: "Rows of which something is doubtful."
            case .issues: "What was wrong with rows, errors first; a thousand at most."
            case .wouldLeave:
                "Of a batch that is held, those who would be marked as left: by their ids, a "
                    + "hundred at most."
            case .schoolID: "The school."
            case .isPartial: "Whether good rows were applied though others were refused."
            case .asOf: "From which day on whoever is missing has left."
            case .linksAdded: "Parents and carers who are new to a child."
            case .linksChanged: "Parents and carers of whom something else is told."
            case .linksEnded:
                "Parents and carers who are a child's no more; of a batch that was held for them, "
                    + "those who would be, of children who stay."
            case .appliedBy: "Who sent it."
            case .isByClient: "Whether that was a machine."
            case .appliedAt: "When it was applied."
            }
        }
    }

    /// Somebody whom a batch that is held would mark as left.
    struct Leaver: Codable, Exemplary, Named, Sendable {
        let personID: ID<Person>
        let externalID: String

        static var schemaName: String { "RosterLeaver" }
        static var schemaWords: String? { "Somebody whom a batch would mark as left." }
        static var example: Leaver { Leaver(personID: .example, externalID: "P-1042") }

        enum CodingKeys: String, FieldWords {
            case personID = "person_id"
            case externalID = "external_id"

            var words: String {
                switch self {
                case .personID: "Who."
                case .externalID: "What the MIS calls them."
                }
            }
        }
    }

    /// What can be wrong with a row.
    struct Issue: Codable, Exemplary, Named, Sendable {
        let row: Int?
        let severity: RosterFault.Severity
        let code: String
        let pointer: String

        static var schemaName: String { "RosterIssue" }
        static var schemaWords: String? { "Something that is wrong with a row." }
        static var example: Issue {
            Issue(row: 17, severity: .warning, code: "upn_check_letter", pointer: "/upn")
        }

        enum CodingKeys: String, FieldWords {
            case row, severity, code, pointer

            var words: String {
                switch self {
                case .row:
                    "Which row: in JSON and NDJSON the first is 1, in a table the line of the "
                        + "heads. Absent where it is about somebody whom the batch did not have."
                case .severity: "Whether the row was refused for it."
                case .code: "What is wrong, as a word that never changes its meaning."
                case .pointer: "Which field of the row."
                }
            }
        }
    }

    enum Mode: String, Words {
        case upsert, full

        var label: String {
            switch self {
            case .upsert: "Some persons: nobody else is concerned"
            case .full: "All persons of the groups in it: whoever is missing has left"
            }
        }
    }

    enum Form: String, Words {
        case json, ndjson, csv

        var label: String {
            switch self {
            case .json: "JSON"
            case .ndjson: "A JSON object a line"
            case .csv: "A table"
            }
        }
    }

    enum Outcome: String, Words {
        case applied, tried, refused, blocked

        var label: String {
            switch self {
            case .applied: "It was applied"
            case .tried: "It would be applied"
            case .refused: "Rows are faulty: nothing is applied"
            case .blocked: "More would leave than is likely: nothing is applied"
            }
        }
    }
}

/// The rows of a batch, as JSON.
struct RosterRows: Body {
    let rows: Few<RosterRow, 1000>

    static let words =
        "Up to 1,000 rows as JSON; or up to 200,000 in 64 MiB, as `application/x-ndjson` (such a "
        + "row each line) or `text/csv`. " + RosterColumns.words
    static var example: RosterRows { RosterRows(rows: [.example, .exampleOfAParent]) }

    enum CodingKeys: String, FieldWords {
        case rows

        var words: String {
            switch self {
            case .rows: "The rows, each somebody."
            }
        }
    }
}

/// How a batch is to be taken.
struct RosterWish: Filter {
    let mode: RosterBatch.Mode
    let asOf: Day?
    let isTrial: Bool
    let isPartial: Bool
    let confirmedLeavers: Int?
    let confirmedLinksEnded: Int?
    let kind: PersonKind?

    init(_ query: inout QueryReader) {
        mode = query.word("mode", RosterBatch.Mode.self) ?? .upsert
        asOf = query.day("as_of")
        isTrial = query.flag("dry_run") ?? false
        isPartial = query.flag("partial") ?? false
        kind = query.word("kind", PersonKind.self)
        confirmedLeavers = query.count("confirm_leavers")
        confirmedLinksEnded = query.count("confirm_links_ended")
    }

    init(
        mode: RosterBatch.Mode, isTrial: Bool = false, isPartial: Bool = false,
        confirmedLeavers: Int? = nil, confirmedLinksEnded: Int? = nil, kind: PersonKind? = nil
    ) {
        (self.mode, self.isTrial, self.isPartial) = (mode, isTrial, isPartial)
        (asOf, self.confirmedLeavers, self.kind) = (nil, confirmedLeavers, kind)
        self.confirmedLinksEnded = confirmedLinksEnded
    }

    static let parameters: [Parameter] = [
        .query(
            "mode",
            "`upsert`: rows add and change, and say nothing of anybody else. `full`: they are all "
                + "whom the MIS has of a group (pupils; parents; everybody else), and whoever of a "
                + "group in it is missing has left.",
            .text(choices: ["upsert", "full"]), "full"),
        .query(
            "as_of",
            "From which day on whoever is missing has left, within a year back and two years "
                + "ahead; today when not given.",
            .text(format: "date"), "2026-11-20"),
        .query(
            "dry_run", "`true` answers what would happen, and does nothing.", .boolean, true),
        .query(
            "partial",
            "`true` applies the good rows though others are refused; of a full batch nobody has "
                + "left then. Without, one faulty row "
                + "refuses the batch, with what is wrong with every row.", .boolean, true),
        .query(
            "confirm_leavers",
            "After 409 `mass_leave_blocked`: the number that it named, if so many are to leave.",
            .integer(minimum: 0), 90),
        .query(
            "confirm_links_ended",
            "After 409 `mass_leave_blocked`: the number of links of parents and children who stay "
                + "that it named, if so many are to end.",
            .integer(minimum: 0), 40),
        .query(
            "kind", "Of a table without such a column: what everybody in it is.",
            .text(choices: PersonKind.allCases.map(\.rawValue)), "pupil"),
    ]

    /// As `apply_roster` takes it.
    func json(_ form: RosterBatch.Form, _ pile: RosterPile) -> String {
        var object = JSONObject([
            .init("mode", .string(mode.rawValue)), .init("form", .string(form.rawValue)),
            .init("is_partial", .bool(isPartial)), .init("is_trial", .bool(isTrial)),
        ])
        object["rows"] = .number(JSONNumber(pile.rows))
        object["more_refused"] = .number(JSONNumber(pile.moreRefused))
        object["rows_kept"] = .number(JSONNumber(pile.kept.rows))
        object["links_kept"] = .number(JSONNumber(pile.kept.links))
        object["faults_kept"] = .number(JSONNumber(pile.kept.faults))
        object["as_of"] = asOf.map { .string($0.string) }
        object["confirm_leavers"] = confirmedLeavers.map { .number(JSONNumber($0)) }
        object["confirm_links_ended"] = confirmedLinksEnded.map { .number(JSONNumber($0)) }
        return JSON.string(of: JSONValue.object(object))
    }
}

extension QueryReader {
    /// A number of things.
    fileprivate mutating func count(_ name: String) -> Int? {
        guard let text = take(name) else { return nil }
        guard (1...7).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) })
        else {
            note(name, "whole_number", "Give a whole number")
            return nil
        }
        return Int(text)
    }
}

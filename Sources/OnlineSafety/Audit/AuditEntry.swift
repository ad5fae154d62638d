import FoundationEssentials
import JSON
import OpenAPI
import Postgres

/// That somebody did something: who, when, in which post, to which record. Never what it says
/// (AUD-01).
struct AuditEntry: Resource {
    let id: ID<AuditEntry>
    let schoolID: ID<School>?
    let chain: Chain
    let at: Instant
    let by: String?
    let roles: [Role]
    let isByClient: Bool
    let deed: String
    let recordKind: String
    let recordIDs: [ID<AuditEntry>]
    let version: Int?
    let requestID: String?

    static let isTagged = false
    static let words = "That somebody did something to a record; never what the record says."
    static var example: AuditEntry {
        AuditEntry(
            id: .example, schoolID: .example, chain: .reads, at: .example,
            by: "Amina Yusuf", roles: [.staff, .dsl], isByClient: false, deed: "opened",
            recordKind: "incident", recordIDs: [.example], version: nil,
            requestID: "0199b5f61c3e7c459a3b3d7f0c1e2a44")
    }

    /// What an entry is of.
    enum Chain: String, Words {
        case changes
        case reads
        case refusals

        var label: String {
            switch self {
            case .changes: "What was done"
            case .reads: "What was listed, opened or exported"
            case .refusals: "What was refused, or was not there for who asked"
            }
        }
    }

    enum CodingKeys: String, FieldWords {
        case id, chain, at, by, roles, deed, version
        case schoolID = "school_id"
        case isByClient = "is_by_client"
        case recordKind = "record_kind"
        case recordIDs = "record_ids"
        case requestID = "request_id"

        var words: String {
            switch self {
            case .id: "The entry."
            case .schoolID: "The school; absent for signing in, which is of no school."
            case .chain: "Of which of the school's chains it is."
            case .at: "When."
            case .by:
                "Who; absent where they are not on the school's roster, or it was nobody's deed."
            case .roles: "The posts that they held at the school then."
            case .isByClient: "Whether a program did it, with a credential of its own."
            case .deed: "What they did; in a chain of refusals, `refused`."
            case .recordKind: "To what kind of record; in a chain of refusals, the operation."
            case .recordIDs: "To which records."
            case .version: "Which version of it came of that."
            case .requestID: "The request, as in its X-Request-Id."
            }
        }
    }
}

/// Which entries to list.
struct AuditFilter: Filter {
    let school: ID<School>?
    let chain: AuditEntry.Chain
    let record: ID<AuditEntry>?
    let person: ID<Person>?
    let deed: String?
    let since: Instant?
    let before: Instant?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        chain = query.word("chain", AuditEntry.Chain.self) ?? .changes
        record = query.id("record_id", of: AuditEntry.self)
        person = query.id("by", of: Person.self)
        deed = query.take("deed")
        since = query.instant("since")
        before = query.instant("before")
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .words("chain", "Of this chain: of changes, if nothing is said.", AuditEntry.Chain.self),
        .query("record_id", "Only of this record.", .id, nil),
        .query("by", "Only what this person of the roster did.", .id, nil),
        .query("deed", "Only such deeds, as `opened`.", .string(), "opened"),
        .query("since", "At this instant or later.", Instant.schema, nil),
        .query("before", "Before this instant.", Instant.schema, nil),
    ]

    /// No condition where nothing is asked, so that the rest goes by an index.
    var sql: SQL {
        var conditions: [SQL] = ["entry.chain = \(chain)"]
        if let school { conditions.append("entry.school_id = \(school)") }
        if let record { conditions.append("\(record)::uuid = any(entry.record_ids)") }
        if let deed { conditions.append("entry.deed = \(deed)") }
        if let since { conditions.append("entry.at >= \(since)::timestamptz") }
        if let before { conditions.append("entry.at < \(before)::timestamptz") }
        if let person {
            conditions.append(
                """
                entry._account_id = (
                    select _account_id from person_listed as person
                    where person.school_id = entry.school_id and person.id = \(person))
                """)
        }
        return conditions.joined(separator: " and ")
    }
}

/// The orders in which entries can be listed.
enum AuditOrder: String, SortOrder {
    case newest = "-at"
    case oldest = "at"

    var sql: SQL {
        switch self {
        case .newest: "entry.at desc, entry.id desc"
        case .oldest: "entry.at, entry.id"
        }
    }

    var key: SQL { "entry.at::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        switch self {
        case .newest: "(entry.at, entry.id) < (\(key)::timestamptz, \(id)::uuid)"
        case .oldest: "(entry.at, entry.id) > (\(key)::timestamptz, \(id)::uuid)"
        }
    }
}

import JSON
import OpenAPI
import Postgres

/// How somebody stands to a training that is asked of them (TRN-08).
struct TrainingStanding: Resource {
    let id: ID<TrainingStanding>
    let schoolID: ID<School>
    let personID: ID<Person>
    let givenName: String?
    let familyName: String?
    let kind: PersonKind
    let rule: String
    let label: String
    let state: TrainingState
    let dueOn: Day?
    let lastOn: Day?
    let recordID: ID<RegisterEntry>?

    static let isTagged = false
    static let words = "How somebody stands to a training that is asked of them."
    static var example: TrainingStanding {
        TrainingStanding(
            id: .example, schoolID: .example, personID: .example, givenName: "Grace",
            familyName: "Okafor", kind: .teacher, rule: "staff_update",
            label: "Online safety update", state: .due, dueOn: .example, lastOn: .example,
            recordID: .example)
    }

    enum CodingKeys: String, FieldWords {
        case id, kind, rule, label, state
        case schoolID = "school_id"
        case personID = "person_id"
        case givenName = "given_name"
        case familyName = "family_name"
        case dueOn = "due_on"
        case lastOn = "last_on"
        case recordID = "record_id"

        var words: String {
            switch self {
            case .id: "The same for this person and this training for ever."
            case .schoolID: "The school."
            case .personID: "Of whom it is asked."
            case .givenName: "Their given name; not told to a client."
            case .familyName: "Their family name; not told to a client."
            case .kind: "What they are to the school."
            case .rule: "What is asked: the school's code for it."
            case .label: "What the school calls it."
            case .state: "How they stand to it."
            case .dueOn: "When it is due, or was; absent where it is asked once, and done."
            case .lastOn: "When they were last so trained; absent where they never were."
            case .recordID: "The record of that."
            }
        }
    }
}

/// Which of it to list.
struct TrainingFilter: Filter {
    let school: ID<School>?
    let person: ID<Person>?
    let rule: String?
    let kinds: [PersonKind]?
    let states: [TrainingState]?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        person = query.id("person_id", of: Person.self)
        rule = query.take("rule")
        kinds = query.words("kind", PersonKind.self)
        states = query.words("state", TrainingState.self)
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .query("person_id", "Only of this person.", .id, nil),
        .query("rule", "Only of this training, by the school's code.", .text(), "dsl"),
        .words("kind", "Only of those who are one of these to the school.", PersonKind.self),
        .words("state", "Only those who stand so to it.", TrainingState.self),
    ]

    var sql: SQL {
        """
        (\(school)::uuid is null or training.school_id = \(school))
        and (\(rule)::text is null or training.rule = \(rule))
        and (\(kinds)::text[] is null or training.kind = any(\(kinds)))
        and (\(states)::text[] is null or training.state = any(\(states)))
        """
    }
}

/// The orders in which it can be listed: what is never due again comes last.
enum TrainingOrder: String, SortOrder {
    case due = "due_on"
    case latest = "-due_on"

    var sql: SQL {
        self == .due ? "training._due, training.id" : "training._due desc, training.id desc"
    }

    var key: SQL { "training._due::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        self == .due
            ? "(training._due, training.id) > (\(key)::text::date, \(id)::uuid)"
            : "(training._due, training.id) < (\(key)::text::date, \(id)::uuid)"
    }
}

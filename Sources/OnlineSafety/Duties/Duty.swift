import JSON
import OpenAPI
import Postgres

/// Something that is due, or will be.
struct Duty: Resource {
    let id: ID<Duty>
    let schoolID: ID<School>
    let kind: String
    let label: String
    let source: String
    let personID: ID<Person>?
    let who: String?
    let roles: [Role]?
    let aboutID: ID<Person>?
    let about: String?
    let recordID: ID<Duty>?
    let link: String
    let since: Day?
    let dueOn: Day?
    let state: DutyState
    let overdueDays: Int?

    static let isTagged = false
    static let words = "Something that is due, or will be: what, whose, since when and why."
    static var example: Duty {
        Duty(
            id: .example, schoolID: .example, kind: "training_due",
            label: "Online safety update", source: "T-16", personID: .example,
            who: "Grace Okafor", roles: nil, aboutID: nil, about: nil, recordID: .example,
            link: "/v1/training?person_id=\(ID<Person>.example)", since: .example, dueOn: .example,
            state: .overdue, overdueDays: 3)
    }

    enum CodingKeys: String, FieldWords {
        case id, kind, label, source, who, roles, about, link, since, state
        case schoolID = "school_id"
        case personID = "person_id"
        case aboutID = "about_id"
        case recordID = "record_id"
        case dueOn = "due_on"
        case overdueDays = "overdue_days"

        var words: String {
            switch self {
            case .id: "The same as long as the duty is."
            case .schoolID: "The school."
            case .kind: "What is to be done, one of the vocabulary `duty_kinds`."
            case .label: "What the school calls it; it names nobody."
            case .source:
                "Which rule asks for it: a line of the policies' duties with a clock (`T-16`), or "
                    + "another row of the requirements."
            case .personID:
                "Whose it is, where it is a person's; with `roles`, those see to it, since the "
                    + "person has left or never signs in."
            case .who: "Their name."
            case .roles: "Whose it is, where it is that of whoever holds one of these posts."
            case .aboutID: "The person about whom it is."
            case .about: "Their name."
            case .recordID: "The record that it is about, where there is one yet."
            case .link: "Where it is found, and done."
            case .since: "Since when it is asked."
            case .dueOn: "When it is due, or was."
            case .state: "Whether it is due."
            case .overdueDays: "For how many days it has been overdue."
            }
        }
    }
}

/// Whether something is due.
enum DutyState: String, Words {
    case upcoming
    case due
    case overdue

    var label: String {
        switch self {
        case .upcoming: "It is due on a later day, or on none that is known"
        case .due: "It is due today"
        case .overdue: "The day on which it was due has passed"
        }
    }
}

/// Which duties to list.
struct DutyFilter: Filter {
    let school: ID<School>?
    let person: ID<Person>?
    let kinds: [String]?
    let states: [DutyState]?
    let until: Day?
    let isMine: Bool
    let isAsked: Bool?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        person = query.id("person_id", of: Person.self)
        kinds = query.choices("kind", Self.kinds)
        states = query.words("state", DutyState.self)
        until = query.day("until")
        isMine = query.flag("is_mine") ?? false
        isAsked = query.flag("is_asked")
    }

    private static var kinds: [String] { areas.flatMap(\.duties).map(\.kind) }

    static var parameters: [Parameter] {
        [
            .query("school_id", "Only of this school.", .id, nil),
            .query("person_id", "Only of this person.", .id, nil),
            .choices("kind", "Only of these kinds.", kinds),
            .words("state", "Only those of which this is so.", DutyState.self),
            .query(
                "until", "Only what is due on this day or before.", .text(format: "date"),
                "2026-12-31"),
            .query(
                "is_mine", "`true` for my own alone, and those of the posts that I hold.",
                .boolean, true),
            .query(
                "is_asked", "Only what is asked by today (`since`), or is not yet.", .boolean,
                true),
        ]
    }

    var sql: SQL {
        """
        (\(school)::uuid is null or duty.school_id = \(school))
        and (\(kinds)::text[] is null or duty.kind = any(\(kinds)))
        and (\(states)::text[] is null or duty.state = any(\(states)))
        and (\(until)::date is null or duty.due_on <= \(until)::date)
        and (not \(isMine) or \(Self.isMine))
        and (\(isAsked)::boolean is null or \(Self.isAsked) = \(isAsked))
        """
    }

    /// Whether it is the caller's own, or that of a post that they hold.
    static let isMine: SQL = """
        case when duty.person_id is null or duty.roles is not null
            then coalesce(caller_seats() -> duty.school_id::text ?| duty.roles, false)
            else caller_is(duty.school_id, duty.person_id) end
        """

    /// Whether it is asked by today.
    static let isAsked: SQL = "coalesce(duty.since <= london_today(), true)"
}

/// The orders in which they can be listed: what has no day comes last.
enum DutyOrder: String, SortOrder {
    case due = "due_on"

    var sql: SQL { "duty._due, duty.id" }
    var key: SQL { "duty._due::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        "(duty._due, duty.id) > (\(key)::text::date, \(id)::uuid)"
    }
}

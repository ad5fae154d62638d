import JSON
import OpenAPI
import Postgres

/// Which entries of a register to list.
struct EntryFilter<Kind: RegisterKind>: Filter {
    let school: ID<School>?
    let person: ID<Person>?
    let from: Day?
    let until: Day?
    let day: Day?
    let isWithdrawn: Bool?
    private let words: [SQL]

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        person = Kind.register.namesPeople ? query.id("person_id", of: Person.self) : nil
        from = query.day("from")
        until = query.day("until")
        day = Kind.register.time == .inForce ? query.day("on") : nil
        isWithdrawn = query.flag("is_withdrawn")
        if let from, let until, until.string < from.string {
            query.note("until", "before_its_start", "Give a day that is not before `from`")
        }
        words = Kind.register.sought.compactMap { $0.condition(&query) }
    }

    static var parameters: [Parameter] {
        let register = Kind.register
        let people: [Parameter] = [
            .query("person_id", "Only those that name this person.", .id, nil)
        ]
        let day: [Parameter] = [
            .query(
                "on", "Only what is in force on this day.", .text(format: "date"), "2026-11-20")
        ]
        return [.query("school_id", "Only of this school.", .id, nil)]
            + (register.namesPeople ? people : [])
            + [
                .query(
                    "from", "Only what was in force, or happened, on this day or later.",
                    .text(format: "date"), "2026-09-01"),
                .query(
                    "until", "Only what was in force, or happened, on this day or before.",
                    .text(format: "date"), "2027-08-31"),
            ] + (register.time == .inForce ? day : [])
            + [
                .query(
                    "is_withdrawn", "`true` for what was withdrawn, and nothing else.", .boolean,
                    false)
            ] + register.sought.map(\.parameter)
    }

    var sql: SQL {
        let asked: SQL = """
            (\(school)::uuid is null or entry.school_id = \(school))
            and (\(person)::uuid is null or \(person)::uuid = any(entry._people))
            and (\(from)::date is null or coalesce(entry._until_on, 'infinity') >= \(from)::date)
            and (\(until)::date is null or entry._from_on <= \(until)::date)
            and (
                \(day)::date is null
                or \(day)::date between entry._from_on and coalesce(entry._until_on, 'infinity'))
            and entry.is_withdrawn = \(isWithdrawn ?? false)
            """
        return ([asked] + words).joined(separator: " and ")
    }
}

extension SmallRegister {
    /// Whether any of its entries can name somebody.
    var namesPeople: Bool {
        fields.contains(where: \.namesPeople)
    }

    /// The fields by whose words entries can be sought.
    fileprivate var sought: [RegisterField] { fields.filter { !$0.choices.isEmpty } }
}

extension RegisterField {
    /// Whether what it names are persons.
    var namesPeople: Bool {
        switch reference {
        case .person, .anybody: true
        case .entry, .device, .involved, .part, .evidence, .incident, nil: false
        }
    }

    fileprivate var parameter: Parameter {
        .choices(key.stringValue, "Only these.", choices)
    }

    /// That the field has one of the words that are asked for.
    fileprivate func condition(_ query: inout QueryReader) -> SQL? {
        let name = key.stringValue
        guard let words = query.choices(name, choices) else { return nil }
        return "entry._content -> \(name)::text ?| \(words)::text[]"
    }
}

/// The orders in which entries can be listed, by their first day.
enum EntryOrder: String, SortOrder {
    case latest = "-date"
    case earliest = "date"

    var sql: SQL {
        self == .latest ? "entry._from_on desc, entry.id desc" : "entry._from_on, entry.id"
    }

    var key: SQL { "entry._from_on::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        self == .latest
            ? "(entry._from_on, entry.id) < (\(key)::text::date, \(id)::text::uuid)"
            : "(entry._from_on, entry.id) > (\(key)::text::date, \(id)::text::uuid)"
    }
}

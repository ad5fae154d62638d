import OpenAPI
import Postgres

/// Which signing links to list.
struct SigningLinkFilter: Filter {
    let school: ID<School>?
    let person: ID<Person>?
    let statuses: [SigningLink.Status]?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        person = query.id("person_id", of: Person.self)
        statuses = query.words("status", SigningLink.Status.self)
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .query("person_id", "Only those of this person.", .id, nil),
        .words("status", "Only those that stand so.", SigningLink.Status.self),
    ]

    var sql: SQL {
        """
        (\(school)::uuid is null or signing_link.school_id = \(school))
        and (\(person)::uuid is null or signing_link.person_id = \(person))
        and (\(statuses)::text[] is null or signing_link.status = any(\(statuses)))
        """
    }
}

/// The order in which they are listed.
enum SigningLinkOrder: String, SortOrder {
    case newest = "-sent_at"

    var sql: SQL { "signing_link.sent_at desc, signing_link.id desc" }

    var key: SQL { "signing_link.sent_at::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        "(signing_link.sent_at, signing_link.id) < (\(key)::text::timestamptz, \(id)::uuid)"
    }
}

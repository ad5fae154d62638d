import JSON
import OpenAPI
import Postgres

/// The persons of a school's roster.
enum People {
    static let area = Area(
        name: "People",
        words: "The persons of a school's roster, by whom records can be linked.",
        routes: [
            .get(
                "/v1/people", "List people",
                """
                By family name; `q` finds the beginnings of names. `effects` says what is not to \
                be done, and never why. Taking it as a table is on record.
                """,
                for: [Role].employed.admitted(.ownRoster), by(list)
            ).openTo(.peopleRead, .ownRoster).recordingTables(),
            .get(
                "/v1/people/{person}", "Read a person", "One person of the roster.",
                for: [Role].employed.admitted(.ownRoster), by(read)
            ).openTo(.peopleRead, .ownRoster),
        ] + VulnerabilityMarkers.routes,
        conflicts: [
            "vulnerability_marker_is_ended_once": "This marker has been ended already."
        ],
        vocabularies: [
            Vocabulary("person_kinds", PersonKind.self),
            Vocabulary("person_effects", Person.Effect.self),
            Vocabulary("vulnerability_markers", VulnerabilityMarker.Kind.self),
        ],
        deeds: ["marker_recorded", "marker_ended", "marker_told"],
        unlikeTheirEntries: ["select school_id, id from vulnerability_marker_unlike_its_entry"])

    static func list(
        _ filter: PersonFilter, _ page: PageRequest<PersonOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<Person> {
        tx.page(page, onRecord: page.form == .json ? nil : ("exported", "person")) { page in
            page.rows(
                of: "person_listed", as: "person", .ownRoster, within: reach, where: filter.sql)
        }
    }

    static func read(
        _ id: ID<Person>, within reach: Reach, in tx: Transaction
    ) -> Stored<Person> {
        tx.stored(
            """
            select person.* from person_listed as person
            where person.id = \(id) and \(reach.sql(.ownRoster))
            """)
    }
}

extension Relation {
    /// Everybody on the roster of a school in which the post is held.
    static let ownRoster = Relation(
        "own school's roster", "Persons of the schools in which the post is held (ORG-14)."
    ) { _, schools in "person.school_id = any(\(schools))" }
}

/// Which persons to list.
struct PersonFilter: Filter {
    let school: ID<School>?
    let kind: [PersonKind]?
    let beginnings: [String]?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        kind = query.words("kind", PersonKind.self)
        beginnings = query.text("q", upTo: 200)?.split(whereSeparator: \.isWhitespace).map(
            String.init)
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .words("kind", "Only persons of these kinds.", PersonKind.self),
        .query(
            "q", "The beginnings of names, all of which they must have, in any order.",
            .text(minLength: 1, maxLength: 200), "Robin Ash"),
    ]

    var sql: SQL {
        """
        (\(school)::uuid is null or person.school_id = \(school))
        and (\(kind)::text[] is null or person.kind = any(\(kind)))
        and not exists (
            select from unnest(\(beginnings)::text[]) as sought (beginning)
            where not starts_with(
                    lower(person.given_name || ' ' || person.family_name), lower(beginning))
                and position(
                    ' ' || lower(beginning)
                    in lower(person.given_name || ' ' || person.family_name)) = 0)
        """
    }
}

/// The orders in which persons can be listed.
enum PersonOrder: String, SortOrder {
    case name

    var sql: SQL { "person.family_name, person.given_name, person.id" }
    /// A cursor travels in addresses, which are logged on the way: it holds no name, and the place
    /// is found again by the person.
    var key: SQL { "''" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        """
        (person.family_name, person.given_name, person.id) > (
            select last.family_name, last.given_name, last.id from person_listed as last
            where last.id = \(id)::uuid and last.school_id = any(rosters_of_the_caller()))
        """
    }
}

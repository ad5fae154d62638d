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
                be done, and never why. Whoever has left is not among them, unless `left` asks. \
                Taking it as a table is on record.
                """,
                for: [Role].employed.admitted(.ownRoster), by(list)
            ).openTo(.peopleRead, .ownRoster).recordingTables(),
            .get(
                "/v1/people/{person}", "Read a person", "One person of the roster.",
                for: [Role].employed.admitted(.ownRoster), by(read)
            ).openTo(.peopleRead, .ownRoster),
        ] + VulnerabilityMarkers.routes + PeopleByHand.routes + Families.routes,
        conflicts: [
            "vulnerability_marker_is_ended_once": "This marker has been ended already.",
            "person_has_one_external_id": "Somebody else on this roster has this external id.",
            "person_leaves_after_joining": "They would leave before they join.",
        ],
        vocabularies: [
            Vocabulary("person_kinds", PersonKind.self),
            Vocabulary("person_effects", Person.Effect.self),
            Vocabulary("vulnerability_markers", VulnerabilityMarker.Kind.self),
        ],
        deeds: [
            "marker_recorded", "marker_ended", "marker_told", "person_added", "person_changed",
        ],
        unlikeTheirEntries: ["select school_id, id from vulnerability_marker_unlike_its_entry"],
        chronology: [.ofYears, .ofMarkers], holds: [.people, .markers])

    static func list(
        _ filter: PersonFilter, _ page: PageRequest<PersonOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<Person> {
        tx.page(page, onRecord: page.asTable("person")) { page in
            page.rows(
                of: "person_listed", as: "person", .ownRoster, within: reach, where: filter.sql)
        }
    }

    static func read(
        _ id: ID<Person>, within reach: Reach, in tx: Transaction
    ) -> Stored<Person> {
        tx.stored(
            """
            select person.*, private.upn, private.date_of_birth, private.email
            from person_listed as person
            left join lateral person_private(person.school_id, person.id) as private on true
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
    let className: String?
    let yearGroup: YearGroup?
    let externalID: String?
    let left: Bool
    let beginnings: [String]?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        kind = query.words("kind", PersonKind.self)
        className = query.text("class", upTo: 50)
        externalID = query.text("external_id", upTo: 100)
        left = query.flag("left") ?? false
        let year = query.text("year_group", upTo: 40)
        yearGroup = year.flatMap(YearGroup.init)
        if year != nil, yearGroup == nil {
            query.note("year_group", YearGroup.fault.code, YearGroup.fault.detail)
        }
        beginnings = query.text("q", upTo: 200)?.split(whereSeparator: \.isWhitespace).map(
            String.init)
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .words("kind", "Only persons of these kinds.", PersonKind.self),
        .query("class", "Only of this class.", .text(minLength: 1, maxLength: 50), "5B"),
        .query(
            "year_group", "Only of this year group, as `4`, `Year 4` or `R`.", YearGroup.schema,
            "5"),
        .query(
            "external_id", "Only whom the MIS calls this.", ExternalID.schema, "SIMS-004211"),
        .query("left", "`true`: only those who have left.", .boolean, false),
        .query(
            "q", "The beginnings of names, all of which they must have, in any order.",
            .text(minLength: 1, maxLength: 200), "Robin Ash"),
    ]

    var sql: SQL {
        """
        (\(school)::uuid is null or person.school_id = \(school))
        and (\(kind)::text[] is null or person.kind = any(\(kind)))
        and (\(className)::text is null or person.class_name = \(className))
        and (\(yearGroup)::text is null or person.year_group = \(yearGroup))
        and (\(externalID)::text is null or person.external_id = \(externalID))
        and coalesce(person.left_on < london_today(), false) = \(left)::boolean
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

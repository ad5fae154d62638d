import Postgres

/// Everything that is known of a child over the years, in one dated story with its sources
/// (INC-44; KCSIE on records).
enum ChildChronology {
    static let area = Area(
        name: "Chronologies",
        words: "Everything known of a child over the years, in one dated story.",
        routes: [
            .get(
                path, "Read the chronology of a child",
                """
                What every part of the register knows of a pupil, now or formerly on roll: \
                incidents with their part in them, reports, the work on each that concerns them \
                or the incident as a whole, parents' decisions, agreements, consents, devices, \
                markers, changes of class and school. Dated by when it happened, with when it was \
                put on record, by whom, and where it is read. For those who lead safeguarding and \
                the headteacher (section 25), with a fresh proof. What is not open to the caller \
                is not in it, and nothing says that it is there (INC-47). Evidence is read with \
                its incident alone (X-04). The reading is on record, of each incident that is \
                shown.
                """,
                for: readers.admitted(.ownPupils), onRecord: true, by(list)
            ).afterStepUp()
        ] + Handovers.routes,
        vocabularies: [Vocabulary("chronology_forms", ChronologyHandover.Form.self)],
        deeds: ["chronology_handed_over"],
        unlikeTheirEntries: [
            "select school_id, id from chronology_handover_unlike_its_entry"
        ],
        chronology: [Handovers.strand],
        holds: [.chronologies])

    static let path = "/v1/people/{person}/chronology"

    /// Those who hand it to another school's DSL; the headteacher reads it besides.
    static let writers: [Role] = [.dsl, .deputyDSL]
    static let readers: [Role] = writers + [.headteacher]

    /// What entries are called, of every area.
    static var kinds: [Strand.Kind] { areas.flatMap(\.chronology).flatMap(\.kinds) }

    static func list(
        of person: ID<Person>, _ filter: ChildEntryFilter, _ page: PageRequest<ChildEntryOrder>,
        within reach: Reach, in tx: Transaction
    ) async throws -> Page<ChildEntry> {
        let child = try await opened(person, reach, in: tx)
        return tx.page(page, onRecord: page.inEveryForm("chronology"), naming: whatIsShown) {
            page in
            """
            select entry.*, \(page.order.key) as _key from (\(story(of: child))) as entry
            where \(filter.sql) and \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }

    /// What an entry of the audit names of what is shown: the child, and each incident.
    static let whatIsShown: SQL = "distinct coalesce(incident_id, person_id)"

    /// Throws `notFound` where there is no such child for the caller. That they looked is on
    /// record, whatever there is.
    static func opened(
        _ person: ID<Person>, _ reach: Reach, in tx: Transaction
    ) async throws -> Strand.Child {
        let found = try await tx.run(
            Audit.reading(
                "opened", "chronology", limit: 1,
                """
                select person.school_id, person.id from person_listed as person
                where person.id = \(person) and person.kind = 'pupil' and \(reach.sql(.ownPupils))
                """))
        guard let school = found.uuid(0, "school_id") else { throw Problem(.notFound) }
        return Strand.Child(id: person, school: ID(school))
    }

    /// The strands of all areas as one: a day without a time is before its hours, unless it was put
    /// on record on that very day.
    static func story(of child: Strand.Child) -> SQL {
        let strands = areas.flatMap { area in
            area.chronology.map { strand -> SQL in
                "select \(area.name)::text, strand.* from (\(strand.rows(child))) as strand"
            }
        }
        return """
            with involved as materialized (
                select * from incidents_with_child(\(child.school), \(child.id))
            ), told as (\(([Strand.none] + strands).joined(separator: " union all ")))
            select md5(concat_ws(' ', told.source, told.kind, told.id))::uuid as id,
                \(child.school)::uuid as school_id, school.name as school,
                \(child.id)::uuid as person_id, told.source, told.kind, told.happened_on,
                told.happened_at, told.recorded_at, told.words, told.parts, told.by, told.role,
                told.incident_id, told.reference, told.href,
                coalesce(
                    told.happened_at,
                    case when london_day(told.recorded_at) = told.happened_on
                        then told.recorded_at end,
                    day_begins_at(told.happened_on)) as _order
            from told
            cross join school
            where school.id = \(child.school)
            """
    }
}

import Postgres

/// Who has signed, who is outstanding and who is overdue (AGR-20).
enum ListingAgreements {
    static let routes: [Route] = [
        .get(
            "/v1/agreements", "List agreements",
            """
            What is put to whom today and how it stands: signed, outstanding, overdue; also where \
            nothing was issued yet. Taking it as a table is on record.
            """,
            for: Agreements.admitted, by(list)
        ).recordingTables(),
        .get(
            "/v1/agreement-completion", "Read how far agreements are signed",
            "For each template, by class, year group or kind of person; of those who are there.",
            for: Agreements.admitted.filter { $0.relation == .agreementsOfSchool },
            by(completion)),
        .get(
            "/v1/people/{person}/agreements", "List the agreements of a person",
            "All that were ever put before them, the newest first.",
            for: Agreements.admitted, by(history)),
    ]

    static func list(
        _ filter: StandingFilter, _ page: PageRequest<StandingOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<AgreementStanding> {
        tx.page(page, onRecord: page.asTable("agreement"), naming: "person_id") { page in
            """
            select standing.*, standing.person_id as _id, \(page.order.key) as _key
            from (\(standings(of: filter.person, reach))) as standing
            where \(filter.sql) and \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }

    static func completion(
        _ filter: CompletionFilter, within reach: Reach, in tx: Transaction
    ) -> Listed<Completion> {
        tx.listed(
            """
            select standing.school_id, standing.template_id, standing.template,
                \(filter.by.sql) as "group", count(*)::integer as put_to,
                (count(*) filter (where standing.is_current))::integer as current,
                (count(*) filter (where not standing.is_current))::integer as outstanding,
                (count(*) filter (where standing.is_overdue))::integer as overdue,
                (100 * count(*) filter (where standing.is_current) / count(*))::integer as rate
            from (\(standings(of: nil, reach))) as standing
            where (\(filter.school)::uuid is null or standing.school_id = \(filter.school))
                and standing.since <= london_today()
            group by standing.school_id, standing.template_id, standing.template,
                \(filter.by.sql)
            order by standing.school_id, standing.template, "group" nulls first
            limit 5000
            """)
    }

    static func history(
        of person: ID<Person>, within reach: Reach, in tx: Transaction
    ) -> Listed<Agreement> {
        tx.listed(
            """
            select agreement.*
            from person
            cross join lateral agreements_shown_of(person.school_id, array[person.id]) as agreement
            where person.id = \(person) and \(reach.agreements)
            order by agreement.issued_on desc, agreement._place desc, agreement.id
            limit 200
            """)
    }

    /// What is put to everybody of the schools that the caller oversees, and to the caller in the
    /// others. Materialized, so that a school is asked once, and not once for each person.
    private static func standings(of person: ID<Person>?, _ reach: Reach) -> SQL {
        let overseen = reach.schools(.agreementsOfSchool)
        let own = reach.schools(.ownAgreements).filter { !overseen.contains($0) }
        return """
            with standing as materialized (
                select standing.*
                from (
                    select school_id, case when \(person)::uuid is not null then
                        array[\(person)::uuid] end as people
                    from unnest(\(overseen)::uuid[]) as overseen (school_id)
                    union all
                    select own.school_id, array(
                        select mine.id from person as mine
                        where mine.school_id = own.school_id
                            and mine.account_id = caller_account())
                    from unnest(\(own)::uuid[]) as own (school_id)
                ) as own
                cross join lateral agreements_on(
                    own.school_id, own.people, london_today()) as standing
            )
            select standing.agreement_id as id, standing.school_id, standing.person_id,
                person.given_name, person.family_name, person.kind, person.year_group,
                person.class_name, standing.template_id, template.name as template,
                standing.version_id, standing.state, standing.since, standing.due_on,
                not standing.is_current and standing.due_on < london_today() as is_overdue,
                standing.is_current, standing.current_until, standing.signed_on
            from standing
            join person
                on person.school_id = standing.school_id and person.id = standing.person_id
            join agreement_template as template
                on template.school_id = standing.school_id and template.id = standing.template_id
            """
    }
}

import Postgres

/// What is due, of whom, since when and why.
enum ListingDuties {
    static let routes: [Route] = [
        .get(
            "/v1/duties", "List duties",
            """
            Everything of every area that recurs or falls due and is not done: agreements, \
            training, inductions, accounts, images to remove, reviews, actions. It is worked out \
            when it is asked for, and disappears when it is done. Those who lead see their \
            school's; everybody their own, and those of the posts that they hold. Taking it as a \
            table is on record.
            """,
            for: Duties.overseers.admitted(.dutiesOfSchool)
                + [Role].ofASchool.filter { !Duties.overseers.contains($0) }
                .admitted(.ownDuties),
            by(list)
        ).recordingTables()
    ]

    static func list(
        _ filter: DutyFilter, _ page: PageRequest<DutyOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<Duty> {
        let reading = page.asTable("duty")
        let all = reach.schools(.dutiesOfSchool, or: .ownDuties)
        let schools = filter.school.map { wanted in all.filter { $0 == wanted } } ?? all
        let people = filter.person.map { [$0] }
        return tx.page(page, onRecord: reading) { page in
            """
            with duty as materialized (
                select found.*, coalesce(found.due_on, 'infinity') as _due,
                    case
                        when found.due_on < london_today() then 'overdue'
                        when found.due_on = london_today() then 'due'
                        else 'upcoming'
                    end as state,
                    case when found.due_on < london_today()
                        then london_today() - found.due_on end as overdue_days
                from duties_of(\(schools)::uuid[], \(people)::uuid[]) as found
            ), shown as materialized (
                select duty.*, duty.id as _id, \(page.order.key) as _key from duty
                where (\(reach.sql(.dutiesOfSchool)) or \(reach.sql(.ownDuties)))
                    and \(filter.sql) and \(page.after)
                order by \(page.order.sql)
                limit \(page.limit + 1)
            )
            select shown.*, person.given_name || ' ' || person.family_name as who,
                about.given_name || ' ' || about.family_name as about,
                replace(
                    replace(
                        replace(known.link, '{school}', shown.school_id::text),
                        '{record}', coalesce(shown.record_id::text, '')),
                    '{person}', coalesce(shown.person_id::text, shown.about_id::text, '')) as link
            from shown
            join \(DutyKind.links) as known (kind, link) on known.kind = shown.kind
            left join person
                on person.school_id = shown.school_id and person.id = shown.person_id
            left join person as about
                on about.school_id = shown.school_id and about.id = shown.about_id
            order by shown._due, shown.id
            """
        }
    }
}

import Postgres

/// What may be done with each of a class, and of whom an answer is wanted (CON-03, CON-07).
enum ListingConsents {
    static let routes: [Route] = [
        .get(
            "/v1/permission-list", "Read the permission list",
            """
            What may be done today with each pupil, by class, of all that the school asks for, and \
            never why not. Taking it as a table is on record.
            """,
            for: Consents.askers.admitted(.consentAnswers), by(permissions)
        ).recordingTables(),
        .get(
            "/v1/consents-sought", "List consents sought",
            """
            Of whom nobody has answered yet whose answer counts, or of whom what was allowed has \
            lapsed: also of those who are still to join. The reading is on record.
            """,
            for: Consents.obeyers.admitted(.consentAnswers), onRecord: true, by(sought)),
    ]

    static func permissions(
        _ filter: ConsentListFilter, _ page: PageRequest<PersonOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<PermissionLine> {
        tx.page(page, onRecord: page.asTable("consent"), naming: "person_id") { page in
            """
            with listed as materialized (\(page.rows(
                of: "person_listed", as: "person", .consentAnswers, within: reach,
                where: filter.sql))
            ), answered as materialized (
                select told.* from (
                    select listed.school_id, array_agg(listed.id) as people
                    from listed
                    group by listed.school_id
                ) as own
                cross join lateral consent_answers(own.school_id, own.people, array(
                    select rule.purpose
                    from consent_rules_on(own.school_id, london_today()) as rule
                    where rule.is_asked and \(asked(filter, "rule.purpose"))
                ), london_today()) as told
            ), ruled as materialized (
                select own.school_id,
                    identification_in_images(own.school_id, london_today()) as identification
                from (select distinct school_id from listed) as own
            ), summed as (
                select answered.person_id,
                    \(purposes("answered.is_allowed", of: "answered")) as allowed,
                    \(purposes("not answered.is_allowed", of: "answered")) as not_allowed,
                    array_agg(answered.purpose || ': ' || answered.scope
                        order by \(place("answered.purpose")))
                        filter (where answered.scope is not null) as scopes
                from answered
                group by answered.person_id
            )
            select person.id as person_id, person.school_id, person.given_name,
                person.family_name, person.year_group, person.class_name,
                coalesce(summed.allowed, '{}') as allowed,
                coalesce(summed.not_allowed, '{}') as not_allowed, summed.scopes,
                ruled.identification, person.id as _id, person._key
            from listed as person
            join ruled on ruled.school_id = person.school_id
            left join summed on summed.person_id = person.id
            order by \(page.order.sql)
            """
        }
    }

    static func sought(
        _ filter: ConsentListFilter, _ page: PageRequest<PersonOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<SoughtConsent> {
        tx.page(page, onRecord: page.inEveryForm("consent"), naming: "person_id") { page in
            """
            with wanted as materialized (
                select * from consents_sought(array(
                    select person.id from person_listed as person
                    where \(reach.sql(.consentAnswers)) and \(filter.sql) and \(page.after)
                    order by \(page.order.sql)
                ), \(filter.purposes)::text[], \(page.limit + 1))
            )
            select person.id as person_id, person.school_id, person.kind, person.given_name,
                person.family_name, person.year_group, person.class_name, person.joined_on,
                coalesce(wanted.no_answer, '{}') as no_answer,
                coalesce(wanted.lapsed, '{}') as lapsed, person.id as _id,
                \(page.order.key) as _key
            from wanted
            join person_listed as person on person.id = wanted.person_id
            where \(reach.sql(.consentAnswers))
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }

    /// The purposes of a group of which something is so, in the order of the vocabulary.
    private static func purposes(_ condition: SQL, of row: SQL) -> SQL {
        """
        array_agg(\(row).purpose order by \(place("\(row).purpose"))) filter (where \(condition))
        """
    }

    private static func place(_ purpose: SQL) -> SQL {
        "array_position(\(ConsentPurpose.allCases.map(\.rawValue))::text[], \(purpose))"
    }

    private static func asked(_ filter: ConsentListFilter, _ purpose: SQL) -> SQL {
        "(\(filter.purposes)::text[] is null or \(purpose) = any(\(filter.purposes)))"
    }
}

import Postgres

/// May this be done with this child, for this purpose, today (CON-05)?
enum CheckingConsents {
    static let routes: [Route] = [
        .get(
            "/v1/consent-check", "Check a consent",
            """
            Whether something may be done with somebody on a day. Everybody who works with pupils \
            is answered, and nobody is told why not.
            """,
            for: Consents.askers.admitted(.consentAnswers), by(check)
        ).openTo(.consentsRead, .consentAnswers),
        .query(
            "/v1/consent-check", "Check the consents of many",
            """
            About up to 2,000 persons and several purposes in one call, 6,000 answers at most, \
            each as by itself; nothing changes.
            """,
            for: Consents.askers.admitted(.consentAnswers), by(checkMany)
        ).takingBodies(upTo: 128 << 10).openTo(.consentsRead, .consentAnswers),
        .get(
            "/v1/people/{person}/consents", "Read the consents of a person",
            """
            How each purpose stands today, what stands against it, and the latest word of each \
            whose answer counts. What follows from a vulnerability marker is named to those who \
            read markers, after a fresh proof; the others who must obey it learn that the school \
            withholds it, from which they may conclude that there is a marker, and not which, \
            since the answers and the effect are both theirs to know; whoever protects data is \
            told what the answers allow. The reading is on record.
            """,
            for: Consents.readingAdmitted, onRecord: true, by(standings)),
    ]

    static func check(
        _ question: ConsentQuestion, within reach: Reach, in tx: Transaction
    ) -> Stored<ConsentCheck> {
        tx.stored(answers([question.person], [question.purpose], question.asOf, reach))
    }

    static func checkMany(
        _ question: ConsentCheck.Question, within reach: Reach, in tx: Transaction
    ) -> Listed<ConsentCheck> {
        tx.listed(
            answers(
                question.personIDs.elements, question.purposes.elements, question.asOf, reach))
    }

    static func standings(
        of person: ID<Person>, within reach: Reach, in tx: Transaction
    ) async throws -> Listed<ConsentStanding> {
        guard let school = try await reach.school(of: person, in: tx)?.id else {
            throw Problem(.notFound)
        }
        return tx.listed(
            """
            with recorded as (
                insert into event (
                    organisation_id, chain, deed, record_kind, record_ids, request_id)
                values (\(school), 'reads', 'opened', 'consent', array[\(person)::uuid], '')
            )
            select stands.*, \(school) as school_id
            from consent_standings(
                \(school), array[\(person)]::uuid[], null, london_today()) as stands
            order by \(order("stands.purpose"))
            """)
    }

    /// An answer for each person and purpose, in the order in which they were named.
    private static func answers(
        _ people: [ID<Person>], _ purposes: [ConsentPurpose], _ asOf: Day?, _ reach: Reach
    ) -> SQL {
        let day: SQL = "coalesce(\(asOf)::date, london_today())"
        return """
            with found as materialized (
                select own.school_id, told.*, case when known.keeps_images
                    then identification_in_images(own.school_id, \(day)) end as identification
                from unnest(\(reach.schools(.consentAnswers))::uuid[]) as own (school_id)
                cross join lateral consent_answers(
                    own.school_id, \(people)::uuid[], \(purposes)::text[], \(day)) as told
                join consent_purposes() as known on known.purpose = told.purpose
            )
            select person.id as person_id, found.school_id, asked.purpose, \(day) as as_of,
                coalesce(found.is_allowed, false) as is_allowed, found.until, found.scope,
                found.identification
            from unnest(\(people)::uuid[]) with ordinality as person (id, place)
            cross join unnest(\(purposes)::text[]) with ordinality as asked (purpose, place)
            left join found on found.person_id = person.id and found.purpose = asked.purpose
            order by person.place, asked.place
            """
    }

    /// The order of the vocabulary.
    private static func order(_ purpose: SQL) -> SQL {
        "array_position(\(ConsentPurpose.allCases.map(\.rawValue))::text[], \(purpose))"
    }
}

import Postgres

/// Is this person's agreement current, which version, until when (AGR-21)?
enum CheckingAgreements {
    static let routes: [Route] = [
        .get(
            "/v1/agreement-check", "Check the agreements of a person",
            """
            All that is put to them: whether it holds on a day, by which version, and until when. \
            Whoever may ask the gate about somebody may ask this, and nobody is told why not; of \
            somebody of whom the asker may not know it says nothing.
            """,
            for: Gate.admitted, by(check)
        ).openTo(.gateRead, .peopleAtTheGate),
        .query(
            "/v1/agreement-check", "Check the agreements of many",
            "Of up to 500 persons in one call, each as by itself; nothing changes.",
            for: Gate.admitted, by(checkMany)
        ).takingBodies(upTo: 64 << 10).openTo(.gateRead, .peopleAtTheGate),
    ]

    static func check(
        _ question: AgreementQuestion, within reach: Reach, in tx: Transaction
    ) -> Listed<AgreementCheck> {
        tx.listed(answers([question.person], question.asOf, reach))
    }

    static func checkMany(
        _ question: AgreementCheck.Question, within reach: Reach, in tx: Transaction
    ) -> Listed<AgreementCheck> {
        tx.listed(answers(question.personIDs.elements, question.asOf, reach))
    }

    /// What is put to each, in the order in which they were named.
    private static func answers(_ people: [ID<Person>], _ asOf: Day?, _ reach: Reach) -> SQL {
        let day: SQL = "coalesce(\(asOf)::date, london_today())"
        return """
            with found as materialized (
                select own.school_id, told.*
                from unnest(\(reach.schools(.peopleAtTheGate))::uuid[]) as own (school_id)
                cross join lateral agreement_checks(
                    own.school_id, \(people)::uuid[], \(day)) as told
            )
            select found.*, \(day) as as_of
            from unnest(\(people)::uuid[]) with ordinality as person (id, place)
            join found on found.person_id = person.id
            order by person.place, found.template, found.template_id
            """
    }
}

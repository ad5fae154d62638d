import JSON
import Postgres

/// What each school asks of new adults, from a day on.
enum InductionRules {
    static let routes: [Route] = [
        .get(
            "/v1/schools/{school}/induction-rules", "Read the induction rules",
            """
            What is asked of whoever begins today: which steps, of whom, by when. A school that \
            has set nothing asks what the policies do.
            """,
            for: [Role].ofASchool.admitted(.ownInductionRules), by(read)),
        .put(
            "/v1/schools/{school}/induction-rules", "Set the induction rules",
            """
            From which day on new adults are inducted here, and how: a step that is left out is \
            not asked. Whoever began before that day is asked what was set before, or nothing. \
            Requires If-Match.
            """,
            for: Inductions.rulers.admitted(.ownInductionRules), by(set)),
    ]

    static func read(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Stored<InductionRule> {
        tx.stored(one(school, reach))
    }

    static func set(
        of school: ID<School>, to said: InductionRule.Said, ifMatch: IfMatch,
        within reach: Reach, in tx: Transaction
    ) async throws -> Stored<InductionRule> {
        let now = try await tx.run(one(school, reach))
        guard let etag = now.text(0, "etag"), let version = now.int(0, "_version") else {
            throw Problem(.notFound)
        }
        try ifMatch.check(etag)
        tx.add(
            Audit.written(
                "induction_rules_set", "induction_rule",
                """
                insert into induction_rule (
                    school_id, id, version, from_on, steps, set_by_name)
                values (
                    \(school), \(ID<InductionRule>()), \(version + 1), \(said.fromOn),
                    \(JSON.string(of: said.steps))::jsonb, \(reach.caller.name))
                """))
        return tx.stored(one(school, reach))
    }

    private static func one(_ school: ID<School>, _ reach: Reach) -> SQL {
        """
        select rule.* from induction_rule_shown as rule
        where rule.school_id = \(school) and \(reach.sql(.ownInductionRules))
        """
    }
}

extension Relation {
    static let ownInductionRules = Relation(
        "own school's induction rules",
        "What is asked of new adults in the schools in which the post is held (USR-14)."
    ) { _, schools in "rule.school_id = any(\(schools))" }
}

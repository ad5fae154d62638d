import JSON
import Postgres

/// What training each school asks, from a day on.
enum TrainingRules {
    static let routes: [Route] = [
        .get(
            "/v1/schools/{school}/training-rules", "Read the training rules",
            """
            What training the school has said last that it asks, and from which day on: of whom, \
            what satisfies it, how often. One that has said nothing asks what the policies do.
            """,
            for: [Role].ofASchool.admitted(.ownTrainingRules), by(read)),
        .put(
            "/v1/schools/{school}/training-rules", "Set the training rules",
            """
            What training is asked here from a day on, all of it at once: what is left out is \
            not asked any more. Requires If-Match.
            """,
            for: Training.rulers.admitted(.ownTrainingRules), by(set)),
    ]

    static func read(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Stored<TrainingRule> {
        tx.stored(one(school, reach))
    }

    static func set(
        of school: ID<School>, to said: TrainingRule.Said, ifMatch: IfMatch,
        within reach: Reach, in tx: Transaction
    ) async throws -> Stored<TrainingRule> {
        let now = try await tx.run(one(school, reach))
        guard let etag = now.text(0, "etag"), let version = now.int(0, "_version") else {
            throw Problem(.notFound)
        }
        try ifMatch.check(etag)
        tx.add(
            Audit.written(
                "training_rules_set", "training_rule",
                """
                insert into training_rule (
                    school_id, id, version, from_on, rules, set_by_name)
                values (
                    \(school), \(ID<TrainingRule>()), \(version + 1),
                    coalesce(\(said.fromOn)::date, london_today()),
                    \(JSON.string(of: said.rules))::jsonb, \(reach.caller.name))
                """))
        return tx.stored(one(school, reach))
    }

    private static func one(_ school: ID<School>, _ reach: Reach) -> SQL {
        """
        select rule.* from training_rule_shown as rule
        where rule.school_id = \(school) and \(reach.sql(.ownTrainingRules))
        """
    }
}

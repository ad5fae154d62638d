import Postgres

/// Which reviews a school holds, how often and by whom (REV-18, S-09).
enum ReviewRules {
    /// Its own routes and answers: a rule is shown with what is next, and to set one plans that.
    static let kind = RuleKind(name: "review", deed: "review_rule_set")

    static let routes: [Route] = [
        .get(
            "/v1/schools/{school}/review-rules", "List the review rules",
            """
            Of each kind whether it is held, how often, by whom, and what is next. A school that \
            has set nothing has what the policies have. What they have "regularly" has no period \
            until the school gives it one, and `lacks_period` tells so.
            """,
            for: Reviews.readers.admitted(.reviewRulesOfSchool), by(list)),
        .put(
            "/v1/schools/{school}/review-rules/{review_kind}", "Set a review rule",
            """
            From now on, also of what is planned. Where it is held in a period the next one is \
            planned with it, or moved where the period is another. Requires If-Match.
            """,
            for: Reviews.rulers.admitted(.reviewRulesOfSchool), by(set)),
    ]

    static func list(
        of school: ID<School>, within reach: Reach, in tx: Transaction
    ) -> Listed<ReviewRule> {
        tx.listed(
            """
            select rule.* from review_rule_shown as rule
            where rule.school_id = \(school) and \(reach.sql(.reviewRulesOfSchool))
            order by rule._place
            """)
    }

    static func set(
        of school: ID<School>, _ kind: ReviewKind, to said: ReviewRule.Said, ifMatch: IfMatch,
        within reach: Reach, in tx: Transaction
    ) async throws -> Stored<ReviewRule> {
        tx.add("select hold_school(\(school))")
        try await said.judge(
            besides: ReviewDays.faults(
                said.nextDueOn.map { [("/next_due_on", $0)] } ?? [], in: tx))
        let (now, version) = try await Self.kind.next(
            after: one(school, kind, reach), ifMatch, in: tx)
        let isAnotherPeriod =
            now.text(0, "period") != said.period?.rawValue
            || now.int(0, "months") != said.months?.number
        Self.kind.write(
            said.kept, of: kind.rawValue, version, at: school, by: reach.caller, in: tx)
        if said.isHeld, said.period != .asNeeded {
            ReviewCycle(kind: kind, school: school).plan(
                said.nextDueOn, isAnotherPeriod: isAnotherPeriod, by: reach.caller, in: tx)
        }
        return tx.stored(one(school, kind, reach))
    }

    private static func one(_ school: ID<School>, _ kind: ReviewKind, _ reach: Reach) -> SQL {
        """
        select rule.* from review_rule_shown as rule
        where rule.school_id = \(school) and rule.kind = \(kind)
            and \(reach.sql(.reviewRulesOfSchool))
        """
    }
}

extension Relation {
    static let reviewRulesOfSchool = Relation(
        "own school's review rules",
        "How reviews are held in the schools in which the post is held (section 25)."
    ) { _, schools in "rule.school_id = any(\(schools))" }
}

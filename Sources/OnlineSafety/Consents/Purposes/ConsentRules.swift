import Postgres

/// For what each school asks, and for how long a yes holds (CON-02).
enum ConsentRules {
    static let routes: [Route] = [
        .get(
            "/v1/consent-rules", "List consent rules",
            "Of each purpose whether the school asks for it, and how long a yes holds.",
            for: [Role].ofASchool.admitted(.consentRules), by(list)),
        .put(
            "/v1/schools/{school}/consent-rules/{purpose}", "Set a consent rule",
            """
            Holds from today. What a school does not ask for is no, whatever was answered; a yes \
            lapses as is said here, and a no never does.
            """,
            for: [.headteacher, .dsl, .deputyDSL].admitted(.consentRules), by(set)),
    ]

    static func list(
        _ filter: OfSchool, within reach: Reach, in tx: Transaction
    ) -> Listed<ConsentRule> {
        tx.listed(
            """
            select rule.* from consent_rule_shown as rule
            where \(reach.sql(.consentRules))
                and (\(filter.school)::uuid is null or rule.school_id = \(filter.school))
            order by rule.school_id,
                array_position(\(ConsentPurpose.allCases.map(\.rawValue))::text[], rule.purpose)
            """)
    }

    static func set(
        of school: ID<School>, for purpose: ConsentPurpose, to said: ConsentRule.Said,
        ifMatch: IfMatch, within reach: Reach, in tx: Transaction
    ) async throws -> Stored<ConsentRule> {
        let rule: SQL = """
            select rule.* from consent_rule_shown as rule
            where rule.school_id = \(school) and rule.purpose = \(purpose)
                and \(reach.sql(.consentRules))
            """
        let now = try await tx.run(rule)
        guard let etag = now.text(0, "etag"), let version = now.int(0, "_version") else {
            throw Problem(.notFound)
        }
        try ifMatch.check(etag)
        tx.add(
            Audit.written(
                "consent_rule_set", "consent_rule",
                """
                insert into consent_rule (
                    school_id, purpose, version, id, is_asked, after_months, each_school_year,
                    each_key_stage, lapses_on, set_by_name)
                values (
                    \(school), \(purpose), \(version + 1), \(ID<ConsentRule>()), \(said.isAsked),
                    \(said.afterMonths?.number)::integer, \(said.eachSchoolYear ?? false),
                    \(said.eachKeyStage ?? false), \(said.lapsesOn)::date, \(reach.caller.name))
                """))
        return tx.stored(rule)
    }
}

extension Relation {
    static let consentRules = Relation(
        "own school's consent rules",
        "What the schools ask consent for in which the post is held (CON-02)."
    ) { _, schools in "rule.school_id = any(\(schools))" }
}

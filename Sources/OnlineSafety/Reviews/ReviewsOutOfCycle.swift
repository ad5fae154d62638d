import Postgres

/// Reviews of the policy that the work on an incident calls for (REV-05): they open of themselves,
/// so that nobody has to think of it, and follow the walls of their incident.
enum ReviewsOutOfCycle {
    /// Opens one because of an incident, by a day; within the time in which the school is told of
    /// such a review, where none is named. Nothing where one is open because of that incident
    /// already.
    static func open(
        because trigger: ReviewTrigger, of incident: ID<Incident>, at school: ID<School>,
        by day: Day? = nil, opener: Caller, in tx: Transaction
    ) {
        tx.add(
            Audit.written(
                "review_planned", "review", version: "null",
                """
                insert into review (
                    school_id, id, kind, trigger, due_on, incident_id, opened_by_name)
                select rule.school_id, \(ID<Review>()), rule.kind, \(trigger), coalesce(
                        \(day)::date,
                        london_today() + (rule.rule ->> 'notice_days')::integer
                    ), \(incident), \(opener.name)
                from review_rule_now as rule
                where rule.school_id = \(school) and rule.kind = \(ReviewKind.policy)
                    and not exists (
                        select from review_shown as before
                        where before.school_id = rule.school_id and before.kind = rule.kind
                            and before.incident_id = \(incident)
                            and before.state in ('scheduled', 'due', 'overdue', 'in_progress'))
                """))
    }
}

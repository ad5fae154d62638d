import JSON
import Postgres

/// The reviews of one kind that follow each other in a school, as its rule has it. The school is
/// held, so that nobody plans another meanwhile.
struct ReviewCycle {
    let kind: ReviewKind
    let school: ID<School>

    /// Plans the next, where none is: for a day, or a period after the last or from today. Where
    /// one is planned it is moved, if a day is named or the period is another.
    func plan(
        _ day: Day?, isAnotherPeriod: Bool = false, by caller: Caller, in tx: Transaction
    ) {
        let wanted: SQL = """
            select rule.school_id, coalesce(
                    \(day)::date, (
                        select review_due_after(
                            rule.school_id, rule.rule, review.due_on, review.held_on)
                        from review_shown as review
                        where review.school_id = rule.school_id and review.kind = rule.kind
                            and review.trigger = 'cycle' and review.held_on is not null
                        order by review.held_on desc
                        limit 1),
                    review_first_due(rule.school_id, rule.rule, london_today())) as due_on
            from review_rule_now as rule
            where rule.school_id = \(school) and rule.kind = \(kind)
            """
        let open = self.open
        // First: what is planned below is moved no more.
        if day != nil || isAnotherPeriod {
            tx.add(
                ReviewCycle.act(
                    .moved,
                    """
                    select review.school_id, review.id, review.kind, 'moved', null::date,
                        wanted.due_on, null::jsonb, 'The rule was set anew',
                        post_for_a_review(review.school_id, review.kind, 'moved'), \(caller.name)
                    from (\(wanted)) as wanted
                    join (\(open)) as review on review.due_on <> wanted.due_on
                    """))
        }
        tx.add(
            opened(
                """
                select wanted.school_id, wanted.due_on from (\(wanted)) as wanted
                where not exists (\(open))
                """, by: caller))
    }

    /// Plans the one after a review that was held on a day, of the cycle or because of something,
    /// or after one of the cycle that was cancelled.
    func follow(_ id: ID<Review>, heldOn day: SQL, by caller: Caller, in tx: Transaction) {
        tx.add(
            opened(
                """
                select review.school_id, next.due_on
                from review_shown as review
                cross join lateral (
                    select review_due_after(
                        review.school_id, review._rule, review.due_on, \(day)) as due_on
                ) as next
                where review.school_id = \(school) and review.id = \(id)
                    and (review.trigger = 'cycle' or review.held_on is not null)
                    and (review._rule ->> 'is_held')::boolean
                    and next.due_on is not null and not exists (\(open))
                """, by: caller))
    }

    /// The one that is planned.
    var open: SQL {
        """
        select planned.* from review_shown as planned
        where planned.school_id = \(school) and planned.kind = \(kind)
            and planned.trigger = 'cycle'
            and planned.state in ('scheduled', 'due', 'overdue', 'in_progress')
        """
    }

    private func opened(_ days: SQL, by caller: Caller) -> SQL {
        Audit.written(
            "review_planned", "review", version: "null",
            """
            insert into review (school_id, id, kind, trigger, due_on, opened_by_name)
            select planned.school_id, \(ID<Review>()), \(kind), 'cycle', planned.due_on,
                \(caller.name)
            from (\(days)) as planned
            """)
    }

    /// Writes an act: its rows are of `school_id, review_id, kind, act, held_on, due_on, record,
    /// reason, done_as, done_by_name`; `party` is an expression over `done`.
    static func act(_ act: ReviewAct, as party: SQL = "null::text", _ rows: SQL) -> SQL {
        Audit.written(
            act.deed, "review_act", version: "null",
            """
            insert into review_act (
                school_id, id, review_id, kind, place, act, held_on, due_on, record, reason,
                party, done_as, done_by_name)
            select done.school_id, \(ID<ReviewAct>()), done.review_id, done.kind, (
                    select coalesce(max(before.place), 0) + 1 from review_act as before
                    where before.school_id = done.school_id
                        and before.review_id = done.review_id
                ), done.act, done.held_on, done.due_on, done.record, done.reason, \(party),
                done.done_as, done.done_by_name
            from (\(rows)) as done (
                school_id, review_id, kind, act, held_on, due_on, record, reason, done_as,
                done_by_name)
            """)
    }
}

/// Days for which something can be planned.
enum ReviewDays {
    /// Those that are more than a year back or five ahead.
    static func faults(
        _ days: [(pointer: String, day: Day)], in tx: Transaction
    ) async throws -> [JSONFault] {
        try await those(
            of: days, "said.day::date not between london_today() - 366 and london_today() + 1827",
            "out_of_range", "From a year back to five years ahead", in: tx)
    }

    /// Those that have passed: nothing is moved to them, so that nothing is late by a slip.
    static func over(
        _ days: [(pointer: String, day: Day)], in tx: Transaction
    ) async throws -> [JSONFault] {
        try await those(
            of: days, "said.day::date between london_today() - 366 and london_today() - 1",
            "in_the_past", "Today, or a day to come", in: tx)
    }

    private static func those(
        of days: [(pointer: String, day: Day)], _ condition: SQL, _ code: String,
        _ detail: String, in tx: Transaction
    ) async throws -> [JSONFault] {
        guard !days.isEmpty else { return [] }
        let found = try await tx.run(
            """
            select said.place::integer as place
            from unnest(\(days.map(\.day.string))::text[]) with ordinality as said (day, place)
            where \(condition)
            order by said.place
            """)
        return (0..<found.count).map { row in
            JSONFault(
                pointer: days[(found.int(row, "place") ?? 1) - 1].pointer, code: code,
                detail: detail)
        }
    }
}

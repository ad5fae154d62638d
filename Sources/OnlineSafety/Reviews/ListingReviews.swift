import JSON
import OpenAPI
import Postgres

/// The reviews of the schools that the caller may know of, and planning one.
enum ListingReviews {
    static let routes: [Route] = [
        .get(
            "/v1/reviews", "List reviews",
            """
            What was held and what is to be held, and where each stands today. One that goes back \
            to an incident is there for those to whom that is open.
            """,
            for: Reviews.readers.admitted(.reviewsOfSchool) + Reviews.parties, by(list)
        ).recordingTables(),
        .post(
            "/v1/reviews", "Plan a review",
            """
            Out of its cycle, because of a debrief, new guidance, a concern, a change or a finding \
            (REV-05); or the first of a cycle. By those who lead online safety, and by the posts \
            that hold the kind.
            """,
            for: Reviews.planners.admitted(.reviewsOfSchool), by(plan)),
        .get(
            "/v1/reviews/{review}", "Read a review",
            """
            With why it is held, what it records, who was there, and what was done with it. The \
            reading is on record.
            """,
            for: Reviews.readers.admitted(.reviewsOfSchool) + Reviews.parties, onRecord: true,
            by(read)),
    ]

    static func list(
        _ filter: ReviewFilter, _ page: PageRequest<ReviewOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<Review> {
        tx.page(page, onRecord: page.asTable("review")) { page in
            """
            select review.*, review.id as _id, \(page.order.key) as _key
            from review_shown as review
            where \(reach.reviews) and \(filter.sql) and \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }

    static func read(
        _ id: ID<Review>, within reach: Reach, in tx: Transaction
    ) -> Stored<Review> {
        tx.stored(Audit.reading("opened", "review", limit: 1, one(id, reach)))
    }

    static func plan(
        _ said: Review.Said, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Review> {
        let school = try reach.school(said.schoolID, .reviewsOfSchool)
        tx.add("select hold_school(\(school))")
        try await check(said, at: school, in: tx)
        let id = ID<Review>()
        let trigger = said.trigger ?? .byHand
        let first: SQL = """
            select review_first_due(rule.school_id, rule.rule, london_today())
            from review_rule_now as rule
            where rule.school_id = \(school) and rule.kind = \(said.kind)
            """
        tx.add(
            Audit.written(
                "review_planned", "review", version: "null",
                """
                insert into review (
                    school_id, id, kind, title, trigger, due_on, words, incident_id,
                    policy_id, opened_by_name)
                values (
                    \(school), \(id), \(said.kind), \(said.title), \(trigger),
                    coalesce(\(said.dueOn)::date, (\(first))), \(said.words), \(said.incidentID),
                    \(said.policyID), \(reach.caller.name))
                """))
        if let policy = said.policyID {
            ActingOnPolicies.putUnderReview(
                policy, at: school, because: id, trigger.label, by: reach.caller, in: tx)
        }
        return Created(tx.stored(one(id, reach)))
    }

    /// Throws what is wrong with it, all at once; then what stands against it.
    private static func check(
        _ said: Review.Said, at school: ID<School>, in tx: Transaction
    ) async throws {
        let cycle = ReviewCycle(kind: said.kind, school: school)
        let found = try await tx.run(
            """
            select (rule.rule ->> 'is_held')::boolean as is_held,
                rule.rule ->> 'period' in ('months', 'termly') as has_period,
                exists (\(cycle.open)) as is_open,
                caller_plans_reviews(\(school))
                    or post_for_a_review(\(school), \(said.kind), 'completed') is not null as may,
                incident_may_be_named(\(school), \(said.incidentID)) as is_known,
                \(said.policyID)::uuid is null or exists (
                    select from policy_shown as policy
                    where policy.school_id = \(school) and policy.id = \(said.policyID)
                        and policy._version_id is not null) as is_policy
            from review_rule_now as rule
            where rule.school_id = \(school) and rule.kind = \(said.kind)
            """)
        guard found.bool(0, "may") == true else {
            throw Problem(.forbidden, "By those who lead online safety, and who hold the kind.")
        }
        var faults = try await PlacedText.faults(of: said.texts, at: school, in: tx)
        faults += try await ReviewDays.faults(said.dueOn.map { [("/due_on", $0)] } ?? [], in: tx)
        if found.bool(0, "is_known") != true {
            faults.append(
                JSONFault(
                    pointer: "/incident_id", code: "unknown_incident",
                    detail: "Name an incident of the school that is open to you"))
        }
        if found.bool(0, "is_policy") != true {
            faults.append(PolicyFault.fault("/policy_id", "unknown_policy"))
        }
        if said.trigger == .cycle, said.dueOn == nil, found.bool(0, "has_period") != true {
            faults.append(ReviewFault.fault("/due_on", "no_period"))
        }
        try said.judge(besides: faults)
        guard said.trigger == .cycle else { return }
        if found.bool(0, "is_held") != true { throw ReviewFault.conflict(["not_held"]) }
        if found.bool(0, "is_open") == true { throw ReviewFault.conflict(["planned_already"]) }
    }

    /// One with its record, and what was and can be done with it.
    static func one(_ id: ID<Review>, _ reach: Reach) -> SQL {
        """
        select review.*, review._words as words, review._record - 'attendees' as record,
            attendees_of_a_review(review.school_id, review._record) as attendees,
            acts_on_a_review(review.school_id, review.id) as acts,
            acts_open_on_a_review(
                review.school_id, review.kind, review.state, review._completed_by,
                review._rule, review.awaits, review._has_joined) as may_do
        from review_shown as review
        where review.id = \(id) and \(reach.reviews)
        """
    }
}

/// Which reviews to list.
struct ReviewFilter: Filter {
    let school: ID<School>?
    let kinds: [ReviewKind]?
    let states: [ReviewState]?
    let triggers: [ReviewTrigger]?
    let isOverdue: Bool?
    let heldSince: Day?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        kinds = query.words("kind", ReviewKind.self)
        states = query.words("state", ReviewState.self)
        triggers = query.words("trigger", ReviewTrigger.self)
        isOverdue = query.flag("is_overdue")
        heldSince = query.day("held_since")
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .words("kind", "Only of these kinds.", ReviewKind.self),
        .words("state", "Only what stands so today.", ReviewState.self),
        .words("trigger", "Only what was opened because of these.", ReviewTrigger.self),
        .query("is_overdue", "Only what should have been held, or nothing.", .boolean, true),
        .query(
            "held_since", "Only what was held on this day or later.", .text(format: "date"),
            "2026-09-01"),
    ]

    var sql: SQL {
        """
        (\(school)::uuid is null or review.school_id = \(school))
        and (\(kinds)::text[] is null or review.kind = any(\(kinds)))
        and (\(states)::text[] is null or review.state = any(\(states)))
        and (\(triggers)::text[] is null or review.trigger = any(\(triggers)))
        and (\(isOverdue)::boolean is null or review.is_overdue = \(isOverdue))
        and (\(heldSince)::date is null or review.held_on >= \(heldSince)::date)
        """
    }
}

/// The orders in which they can be listed.
enum ReviewOrder: String, SortOrder {
    case earliest = "due_on"
    case latest = "-due_on"

    var sql: SQL {
        self == .latest ? "review.due_on desc, review.id desc" : "review.due_on, review.id"
    }

    var key: SQL { "review.due_on::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        self == .latest
            ? "(review.due_on, review.id) < (\(key)::text::date, \(id)::uuid)"
            : "(review.due_on, review.id) > (\(key)::text::date, \(id)::uuid)"
    }
}

import FoundationEssentials
import OnlineSafety
import Postgres

extension Demo {
    /// The meeting of the term, held, signed and with what came of it; the one that follows; and
    /// the look through the log, which is due.
    func loadReviews(in school: DemoSchool) throws {
        let meeting = try plan("dsl_governor_meeting", dueInDays: -18, in: school)
        try act(
            "completed", on: meeting, place: 1, as: "deputy_dsl", in: school,
            record: #"""
                {"attendees": [
                    {"role": "deputy_dsl", "words": "The deputy DSL"},
                    {"role": "governor", "words": "The governor for safeguarding"}],
                "matters": ["Group chats in Year 6", "Training of governors"]}
                """#)
        try act("signed_off", on: meeting, place: 2, as: "dsl", in: school)
        try plan(
            "An evening for parents on group chats", owner: "online_safety_coordinator",
            dueInDays: 21, of: meeting, in: school)
        let book = try plan(
            "Book the training of governors", owner: "deputy_dsl", dueInDays: -4, of: meeting,
            in: school)
        try plan(
            "Put the report button on Chromebook 3", owner: "technician", dueInDays: 2, of: nil,
            in: school)
        try finish(book, in: school)
        _ = try plan("dsl_governor_meeting", dueInDays: 80, in: school)
        _ = try plan("incident_log", dueInDays: 10, in: school)
    }

    private func plan(_ kind: String, dueInDays days: Int, in school: DemoSchool) throws -> UUID {
        let (id, author) = (UUID(), try become("deputy_dsl", of: school))
        try keep(
            "review_planned", "review",
            """
            insert into review (
                school_id, id, kind, trigger, due_on, opened_by_name, opened_at)
            values (
                \(school.id), \(id), \(kind), 'cycle', london_today() + \(days)::integer,
                \(author), rowan_now() - make_interval(days => 40))
            """)
        return id
    }

    private func act(
        _ act: String, on meeting: UUID, place: Int, as post: String, in school: DemoSchool,
        record: String? = nil
    ) throws {
        let author = try become(post, of: school)
        try keep(
            "review_\(act)", "review_act",
            """
            insert into review_act (
                school_id, id, review_id, kind, place, act, held_on, record, done_as,
                done_by_name, done_at)
            values (
                \(school.id), \(UUID()), \(meeting), 'dsl_governor_meeting', \(place)::integer,
                \(act), case when \(act)::text = 'completed' then london_today() - 20 end,
                \(record)::jsonb, \(post), \(author),
                rowan_now() - make_interval(days => 20 - \(place)::integer))
            """)
    }

    @discardableResult
    private func plan(
        _ words: String, owner: String, dueInDays days: Int, of review: UUID?,
        in school: DemoSchool
    ) throws -> UUID {
        let (id, author) = (UUID(), try become("deputy_dsl", of: school))
        try keep(
            "action_planned", "planned_action",
            """
            insert into planned_action (
                school_id, id, words, owner_role, due_on, review_id, made_by_name)
            values (
                \(school.id), \(id), \(words), \(owner), london_today() + \(days)::integer,
                \(review)::uuid, \(author))
            """)
        return id
    }

    private func finish(_ action: UUID, in school: DemoSchool) throws {
        let author = try become("deputy_dsl", of: school)
        try keep(
            "action_done", "planned_action_act",
            """
            insert into planned_action_act (
                school_id, id, action_id, place, act, words, done_by_name)
            values (
                \(school.id), \(UUID()), \(action), 1, 'done', 'For the first week of term',
                \(author))
            """)
    }

    /// What the governors were told, up to ten days ago.
    func loadGovernorReport(in school: DemoSchool) throws {
        let author = try become("deputy_dsl", of: school)
        try keep(
            "governor_report_issued", "governor_report",
            """
            insert into governor_report (
                school_id, id, number, from_on, until_on, commentary, figures, received_by,
                issued_by_name)
            values (
                \(school.id), \(UUID()), 1, london_today() - 90, london_today() - 10,
                'Most were met in the first weeks of term; every class has had the lesson.',
                governor_figures(
                    \(school.id), london_today() - 90, london_today() - 10,
                    \(GovernorReportCells.measures), \(GovernorReportCells.words)),
                recipients_of_reports(\(school.id), 'governors'), \(author))
            """)
    }
}

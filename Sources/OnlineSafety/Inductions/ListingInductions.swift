import OpenAPI
import Postgres

/// Whose induction is outstanding, and one of them in full (USR-14).
enum ListingInductions {
    static let routes: [Route] = [
        .get(
            "/v1/inductions", "List inductions",
            """
            Of all adults who are there or will be, and began since the school inducts here: what \
            is still to be done, or that nothing is. Nothing opens it: it follows from when they \
            join. Taking it as a table is on record.
            """,
            for: Inductions.admitted, by(list)
        ).recordingTables(),
        .get(
            "/v1/inductions/{induction}", "Read an induction",
            """
            Each step with the day on which it was done and who told it, or that the register \
            knows it of what was signed or answered; and all that was told. Also after they left. \
            The reading is on record.
            """,
            for: Inductions.admitted, onRecord: true, by(read)),
    ]

    /// What is outstanding, for those who see to it.
    static let toDo = ToDo(
        kind: "induction", words: "A new adult who is to be inducted", roles: Inductions.keepers,
        link: "/v1/inductions?school_id={school}&is_complete=false"
    ) { _, schools in
        """
        select step.school_id, min(step.due_on) as due_on
        from induction_steps(\(schools), null) as step
        where step.outcome is null
        group by step.school_id, step.person_id
        order by min(step.due_on)
        """
    }

    static func list(
        _ filter: InductionFilter, _ page: PageRequest<InductionOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<Induction> {
        tx.page(page, onRecord: page.asTable("induction")) { page in
            """
            with induction as materialized (\(inductions(of: filter.person.map { [$0] }, reach)))
            select induction.*, induction.id as _id, \(page.order.key) as _key
            from induction
            where \(reach.inductions) and \(filter.sql) and \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }

    static func read(
        _ id: ID<Induction>, within reach: Reach, in tx: Transaction
    ) -> Stored<Induction> {
        tx.stored(Audit.reading("opened", "induction", limit: 1, one(id, reach)))
    }

    /// One with its steps, and what was told of them.
    static func one(_ id: ID<Induction>, _ reach: Reach) -> SQL {
        """
        select induction.*, (
                select jsonb_agg(
                    jsonb_strip_nulls(jsonb_build_object(
                        'step', step.step, 'words', step.words, 'due_on', step.due_on,
                        'is_overdue', step.outcome is null and step.due_on < london_today(),
                        'is_known', step.is_known, 'outcome', step.outcome,
                        'done_on', step.done_on, 'source', step.source, 'note', step.note,
                        'told_by', step.told_by, 'told_at', instant(step.told_at)))
                    order by step.place)
                from induction_steps(array[induction.school_id], array[induction.id]) as step
            ) as steps,
            images_answered(induction.school_id, induction.id) as images, (
                select coalesce(jsonb_agg(
                    jsonb_strip_nulls(jsonb_build_object(
                        'step', act.step, 'outcome', act.outcome, 'done_on', act.done_on,
                        'note', act.note, 'told_by', act.told_by_name,
                        'told_at', instant(act.told_at)))
                    order by act.told_at, act.step, act.place), '[]')
                from induction_act as act
                where act.school_id = induction.school_id and act.person_id = induction.id
            ) as acts
        from (\(inductions(of: [ID(id.uuid)], reach))) as induction
        where \(reach.inductions)
        """
    }

    /// What became of each of them as a whole.
    private static func inductions(of people: [ID<Person>]?, _ reach: Reach) -> SQL {
        """
        select person.id, step.school_id, person.id as person_id, person.given_name,
            person.family_name, step.kind, step.began_on,
            bool_and(step.outcome is not null) as is_complete,
            case when bool_and(step.outcome is not null) then max(step.done_on) end
                as completed_on,
            coalesce(
                array_agg(step.step order by step.place) filter (where step.outcome is null), '{}')
                as outstanding,
            min(step.due_on) filter (where step.outcome is null) as due_on,
            coalesce(
                min(step.due_on) filter (where step.outcome is null) < london_today(), false)
                as is_overdue
        from induction_steps(\(reach.schoolsOfInductions)::uuid[], \(people)::uuid[]) as step
        join person on person.school_id = step.school_id and person.id = step.person_id
        group by person.id, step.school_id, person.given_name, person.family_name, step.kind,
            step.began_on
        """
    }
}

/// Which inductions to list.
struct InductionFilter: Filter {
    let school: ID<School>?
    let person: ID<Person>?
    let kinds: [PersonKind]?
    let outstanding: [InductionStep]?
    let isComplete: Bool?
    let isOverdue: Bool?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        person = query.id("person_id", of: Person.self)
        kinds = query.words("kind", PersonKind.self)
        outstanding = query.words("outstanding", InductionStep.self)
        isComplete = query.flag("is_complete")
        isOverdue = query.flag("is_overdue")
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .query("person_id", "Only of this person, also after they left.", .id, nil),
        .words("kind", "Only of those who are inducted as one of these.", PersonKind.self),
        .words("outstanding", "Only where one of these is to be done.", InductionStep.self),
        .query("is_complete", "Only those that are complete, or are not.", .boolean, false),
        .query(
            "is_overdue", "Only where something should have been done, or nothing.", .boolean,
            true),
    ]

    var sql: SQL {
        """
        (\(school)::uuid is null or induction.school_id = \(school))
        and (\(kinds)::text[] is null or induction.kind = any(\(kinds)))
        and (\(outstanding)::text[] is null or induction.outstanding && \(outstanding)::text[])
        and (\(isComplete)::boolean is null or induction.is_complete = \(isComplete))
        and (\(isOverdue)::boolean is null or induction.is_overdue = \(isOverdue))
        """
    }
}

/// The orders in which they can be listed.
enum InductionOrder: String, SortOrder {
    case latest = "-began_on"
    case earliest = "began_on"

    var sql: SQL {
        self == .latest
            ? "induction.began_on desc, induction.id desc" : "induction.began_on, induction.id"
    }

    var key: SQL { "induction.began_on::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        self == .latest
            ? "(induction.began_on, induction.id) < (\(key)::text::date, \(id)::uuid)"
            : "(induction.began_on, induction.id) > (\(key)::text::date, \(id)::uuid)"
    }
}

import JSON
import OpenAPI
import Postgres

/// The action plan: what is to be done, by whom and by when (REV-17).
enum PlannedActions {
    static let routes: [Route] = [
        .get(
            "/v1/actions", "List actions",
            """
            The action plan of a school for those who read its reviews; for everybody else of the \
            school what is theirs to do.
            """,
            for: admitted, by(list)
        ).recordingTables(),
        .post(
            "/v1/actions", "Plan an action",
            """
            Because of a review, an audit, a meeting or an incident, with whoever is to do it and \
            by when. What passes to somebody else is dropped, and planned anew.
            """,
            for: Reviews.leaders.admitted(.actionsOfSchool), by(plan)),
        .get(
            "/v1/actions/{action}", "Read an action", "With what was done with it.",
            for: admitted, by(read)),
        .post(
            "/v1/actions/{action}/acts", "Act on an action",
            """
            Done, by whose it is or by those who plan; dropped, moved or opened again with the \
            reason, by those who plan.
            """,
            for: admitted, by(act)),
    ]

    private static let admitted =
        Reviews.readers.admitted(.actionsOfSchool)
        + [Role].ofASchool.filter { !Reviews.readers.contains($0) }.admitted(.ownActions)

    /// What somebody is to do, and its day has come or nearly so.
    static let toDo = ToDo(
        kind: "action", words: "An action of the action plan", roles: .ofASchool,
        link: "/v1/actions?school_id={school}&state=open&is_own=true"
    ) { _, schools in
        """
        select action.school_id, action.due_on
        from planned_action_shown as action
        where action.school_id = any(\(schools)) and action.state = 'open' and action.is_own
        order by action.due_on
        """
    }

    static func list(
        _ filter: ActionFilter, _ page: PageRequest<ActionOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<PlannedAction> {
        tx.page(page, onRecord: page.asTable("planned_action")) { page in
            """
            select action.*, action.id as _id, \(page.order.key) as _key
            from planned_action_shown as action
            where \(reach.actions) and \(filter.sql) and \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }

    static func read(
        _ id: ID<PlannedAction>, within reach: Reach, in tx: Transaction
    ) -> Stored<PlannedAction> {
        tx.stored(one(id, reach))
    }

    static func plan(
        _ said: PlannedAction.Said, within reach: Reach, in tx: Transaction
    ) async throws -> Created<PlannedAction> {
        let school = try reach.school(said.schoolID, .actionsOfSchool)
        var faults = try await PlacedText.faults(
            of: [PlacedText("/words", said.words.string)], at: school, in: tx)
        faults += try await PlacedText.unknown(
            said.ownerID.map { [("/owner_id", $0)] } ?? [], at: school, in: tx)
        faults += try await ReviewDays.faults([("/due_on", said.dueOn)], in: tx)
        let found = try await tx.run(
            """
            select incident_may_be_named(\(school), \(said.incidentID)) as is_incident,
                \(said.reviewID)::uuid is null or review.id is not null as is_review,
                coalesce(review.incident_id <> \(said.incidentID)::uuid, false) as is_of_another
            from (select) as asked
            left join review on review.school_id = \(school) and review.id = \(said.reviewID)
            """)
        if found.bool(0, "is_incident") != true {
            faults.append(
                JSONFault(
                    pointer: "/incident_id", code: "unknown_incident",
                    detail: "Name an incident of the school that is open to you"))
        }
        if found.bool(0, "is_review") != true {
            faults.append(ReviewFault.fault("/review_id", "unknown_review"))
        }
        if found.bool(0, "is_of_another") == true {
            faults.append(ReviewFault.fault("/incident_id", "another_incident"))
        }
        guard faults.isEmpty else { throw Problem(faults) }
        let id = said.found.write(
            of: said.reviewID, said.incidentID, at: school, by: reach.caller, in: tx)
        return Created(tx.stored(one(id, reach)))
    }

    static func act(
        on id: ID<PlannedAction>, _ said: PlannedActionSaid, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<PlannedAction> {
        tx.add(
            """
            select hold_school(action.school_id) from planned_action_shown as action
            where action.id = \(id) and \(reach.actions)
            """)
        let found = try await tx.run(
            """
            select action.school_id, action.state,
                caller_plans_reviews(action.school_id)
                    or action.is_own and \(said.act)::text = 'done' as may
            from planned_action_shown as action
            where action.id = \(id) and \(reach.actions)
            """)
        guard let uuid = found.uuid(0, "school_id"),
            let state = found.text(0, "state").flatMap(ActionState.init)
        else { throw Problem(.notFound) }
        guard found.bool(0, "may") == true else {
            throw Problem(.forbidden, "By those who plan; done, by whose it is as well.")
        }
        let school = ID<School>(uuid)
        var faults = try await PlacedText.faults(
            of: said.words.map { [PlacedText("/words", $0.string)] } ?? [], at: school, in: tx)
        let days = said.dueOn.map { [("/due_on", $0)] } ?? []
        faults += try await ReviewDays.faults(days, in: tx)
        faults += try await ReviewDays.over(days, in: tx)
        try said.judge(besides: faults)
        guard said.act.states.contains(state) else {
            throw Problem(conflicts: [.wrongState(state, needs: said.act.states)])
        }
        tx.add(
            Audit.written(
                said.act.deed, "planned_action_act", version: "null",
                """
                insert into planned_action_act (
                    school_id, id, action_id, place, act, due_on, words, done_by_name)
                select \(school), \(ID<PlannedActionAct>()), \(id),
                    coalesce(max(before.place), 0) + 1, \(said.act), \(said.dueOn)::date,
                    \(said.words), \(reach.caller.name)
                from planned_action_act as before
                where before.school_id = \(school) and before.action_id = \(id)
                """))
        return Created(tx.stored(one(id, reach)))
    }

    private static func one(_ id: ID<PlannedAction>, _ reach: Reach) -> SQL {
        """
        select action.*, acts_on_an_action(action.school_id, action.id) as acts
        from planned_action_shown as action
        where action.id = \(id) and \(reach.actions)
        """
    }
}

extension Relation {
    static let actionsOfSchool = Relation(
        "own school's actions",
        "What is to be done in the schools in which the post is held (section 25)."
    ) { _, schools in "action.school_id = any(\(schools))" }

    static let ownActions = Relation(
        "own actions", "What is the caller's to do, or their post's (section 25)."
    ) { _, schools in "(action.school_id = any(\(schools)) and action.is_own)" }
}

extension Reach {
    /// The actions that the caller may know of.
    fileprivate var actions: SQL { "(\(sql(.actionsOfSchool)) or \(sql(.ownActions)))" }
}

/// Which actions to list.
struct ActionFilter: Filter {
    let school: ID<School>?
    let states: [ActionState]?
    let review: ID<Review>?
    let incident: ID<Incident>?
    let isOverdue: Bool?
    let isOwn: Bool?

    init(_ query: inout QueryReader) {
        school = query.id("school_id", of: School.self)
        states = query.words("state", ActionState.self)
        review = query.id("review_id", of: Review.self)
        incident = query.id("incident_id", of: Incident.self)
        isOverdue = query.flag("is_overdue")
        isOwn = query.flag("is_own")
    }

    static let parameters: [Parameter] = [
        .query("school_id", "Only of this school.", .id, nil),
        .words("state", "Only what stands so.", ActionState.self),
        .query("review_id", "Only what this review found.", .id, nil),
        .query("incident_id", "Only what goes back to this incident.", .id, nil),
        .query("is_overdue", "Only what should have been done, or nothing.", .boolean, true),
        .query("is_own", "Only what is the caller's to do, or nothing.", .boolean, true),
    ]

    var sql: SQL {
        """
        (\(school)::uuid is null or action.school_id = \(school))
        and (\(states)::text[] is null or action.state = any(\(states)))
        and (\(review)::uuid is null or action.review_id = \(review))
        and (\(incident)::uuid is null or action.incident_id = \(incident))
        and (\(isOverdue)::boolean is null or action.is_overdue = \(isOverdue))
        and (\(isOwn)::boolean is null or action.is_own = \(isOwn))
        """
    }
}

/// The orders in which they can be listed.
enum ActionOrder: String, SortOrder {
    case earliest = "due_on"
    case latest = "-due_on"

    var sql: SQL {
        self == .latest ? "action.due_on desc, action.id desc" : "action.due_on, action.id"
    }

    var key: SQL { "action.due_on::text" }

    func isAfter(_ key: String, _ id: String) -> SQL {
        self == .latest
            ? "(action.due_on, action.id) < (\(key)::text::date, \(id)::uuid)"
            : "(action.due_on, action.id) > (\(key)::text::date, \(id)::uuid)"
    }
}

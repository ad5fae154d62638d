import JSON
import Postgres

/// What a technician has to do so that accounts are those of who is there (ACC-08, ACC-09).
enum AccessTasks {
    static let routes: [Route] = [
        .get(
            "/v1/access-tasks", "List access tasks",
            """
            What is to be done with accounts, worked out of the roster and the rules of each \
            system: what has waited longest first. Or with `is_done` what was done, by whom and \
            when, and `since` is when that was. Taking it as a table is on record.
            """,
            for: AccessRegister.readers.admitted(.accessOfSchool), by(list)
        ).recordingTables(),
        .post(
            "/v1/access-tasks/{task}/completion", "Complete an access task",
            """
            That it was done. To give an account on joining asks the gate like any access: 409 \
            names what is missing. An account is closed by the technician. Send no password.
            """,
            for: AccessRegister.keepers.admitted(.accessOfSchool), by(complete)),
        .post(
            "/v1/access-task-completions", "Complete many access tasks",
            """
            Of one school, each as by itself and with the same outcome and note: 201 where all \
            were completed, 207 where some were not. What stands against one changes nothing of \
            the others. Send no password.
            """,
            for: AccessRegister.keepers.admitted(.accessOfSchool), by(completeMany)),
    ]

    static let toDo = ToDo(
        kind: "access_task", words: "An account to be made, closed or put into another class",
        roles: [.technician, .schoolAdministrator],
        link: "/v1/access-tasks?school_id={school}"
    ) { _, schools in
        """
        select task.school_id, task.since as due_on
        from unnest(\(schools)::uuid[]) as own (id)
        cross join lateral access_tasks(own.id) as task
        order by task.since
        """
    }

    static func list(
        _ filter: AccessTaskFilter, _ page: PageRequest<AccessTaskOrder>, within reach: Reach,
        in tx: Transaction
    ) -> Page<AccessTask> {
        let reading = page.asTable("access_task")
        let tasks: SQL =
            filter.isDone
            ? "select done.*, done.done_at as _at from access_task_done as done"
            : """
            select task.*, day_begins_at(task.since) as _at
            from unnest(\(reach.schools(.accessOfSchool))::uuid[]) as own (id)
            cross join lateral access_tasks(own.id, \(filter.system)) as task
            """
        return tx.page(page, onRecord: reading) { page in
            """
            select access.*, access.id as _id, \(page.order.key) as _key
            from (\(tasks)) as access
            where \(reach.sql(.accessOfSchool)) and \(filter.sql) and \(page.after)
            order by \(page.order.sql)
            limit \(page.limit + 1)
            """
        }
    }

    static func complete(
        _ id: ID<AccessTask>, _ said: AccessTask.Completion, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<AccessTask> {
        try await OpenedTask.open(id, reach, in: tx).complete(said, reach, in: tx)
        return Created(
            tx.stored(
                """
                select access.* from access_task_done as access
                where access.id = \(id) and \(reach.sql(.accessOfSchool))
                """))
    }

    static func completeMany(
        _ said: AccessTaskPile, within reach: Reach, in tx: Transaction
    ) async throws -> AccessTasksAnswer {
        let school = try reach.school(said.schoolID, .accessOfSchool)
        let open = try await OpenedTask.open(said.taskIDs.elements, at: school, in: tx)
        var rows: [AccessTasksCompleted.Row] = []
        for id in said.taskIDs.elements {
            tx.add("savepoint task")
            do {
                guard let task = open[id] else { throw Problem(.notFound) }
                try await task.complete(said.completion, reach, in: tx)
                tx.add("release savepoint task")
                rows.append(.init(taskID: id, status: 201, code: nil, errors: nil))
            } catch let problem as Problem {
                tx.add("rollback to savepoint task")
                rows.append(.init(id, problem))
            }
        }
        let refused = rows.count { $0.status != 201 }
        return AccessTasksAnswer(
            told: AccessTasksCompleted(
                schoolID: school, completed: rows.count - refused, refused: refused, rows: rows))
    }
}

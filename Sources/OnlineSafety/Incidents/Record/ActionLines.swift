import JSON
import Postgres

/// The nine action lines of a record.
enum ActionLines {
    static let routes: [Route] = [
        .get(
            "/v1/incidents/{incident}/action-lines", "List action lines",
            "All nine, answered or not. The reading is on record.", for: Record.readers,
            onRecord: true, by(list)),
        .put(
            "/v1/incidents/{incident}/action-lines/{line}", "Answer an action line",
            """
            Done, not needed, or still to be done. An answer can be changed while the incident is \
            open; the one before stays in the chronology. That the policy is to be reviewed opens \
            a review of it, for those to whom the incident is open (REV-05).
            """,
            for: Record.readers, by(answer)),
    ]

    static func list(
        of id: ID<Incident>, within reach: Reach, in tx: Transaction
    ) async throws -> Listed<ActionLine> {
        try await Record.list("action_line_shown", of: id, by: "part.number", reach, tx)
    }

    static func answer(
        in id: ID<Incident>, _ line: ActionLine.Line, with given: ActionLine.Given,
        ifMatch: IfMatch, within reach: Reach, in tx: Transaction
    ) async throws -> Stored<ActionLine> {
        let incident = try await OpenedIncident.open(id, for: .recording, within: reach, in: tx)
        if given.answer == .done, line.isSpecified, given.words == nil {
            throw Problem([
                JSONFault(pointer: "/words", code: "required", detail: "The form asks to specify")
            ])
        }
        try await incident.checkIsPast([], days: [("/done_on", given.doneOn)], in: tx)
        if given.answer == .done, line == .widerCommunity {
            let held = try await incident.isHeldForAnAgency(tx)
            guard held.isEmpty else { throw Problem(conflicts: held) }
        }
        let shown: SQL = """
            select part.* from action_line_shown as part
            where part.school_id = \(incident.school) and part._incident_id = \(id)
                and part.line = \(line)
            """
        let now = try await tx.run(shown)
        try ifMatch.check(now.text(0, "etag") ?? "")
        tx.add(incident.answering([(line, given)], by: reach.caller))
        if given.answer == .done {
            incident.receipts(moveOnTo: line.isPassingOn ? .passedOn : .actedOn, in: tx)
        }
        incident.openReview(calledForBy: [(line, given)], by: reach.caller, in: tx)
        return tx.stored(shown)
    }
}

extension OpenedIncident {
    /// Opens the review of the policy that an answer calls for (REV-05).
    func openReview(
        calledForBy answers: [(line: ActionLine.Line, given: ActionLine.Given)], by caller: Caller,
        in tx: Transaction
    ) {
        guard answers.contains(where: { $0.line == .policyReviewed && $0.given.answer == .done })
        else { return }
        ReviewsOutOfCycle.open(because: .incident, of: id, at: school, opener: caller, in: tx)
    }

    /// Answers to lines, each as a version of its own.
    func answering(
        _ answers: [(line: ActionLine.Line, given: ActionLine.Given)], by caller: Caller
    ) -> SQL {
        Audit.written(
            "line_answered", "incident", id: "written.incident_id",
            """
            insert into action_answer (
                school_id, incident_id, line, version, answer, words, done_on, done_by, role)
            select \(school), \(id), given.line, 1 + (
                    select count(*) from action_answer as before
                    where before.school_id = \(school) and before.incident_id = \(id)
                        and before.line = given.line),
                given.answer, given.words,
                case when given.answer = 'done' then coalesce(given.done_on, london_today()) end,
                case when given.answer = 'done' then coalesce(given.done_by, \(caller.name)) end,
                \(role)
            from unnest(
                \(answers.map(\.line))::text[], \(answers.map(\.given.answer))::text[],
                \(answers.map(\.given.words))::text[], \(answers.map(\.given.doneOn))::date[],
                \(answers.map(\.given.doneBy))::text[]
            ) as given (line, answer, words, done_on, done_by)
            """)
    }
}

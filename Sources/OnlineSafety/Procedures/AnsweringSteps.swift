import JSON
import Postgres

/// Ticking steps off, answering their questions, waiving them.
enum AnsweringSteps {
    static let routes: [Route] = [
        .put(
            "/v1/incidents/{incident}/procedures/{attachment}/steps/{step}", "Answer a step",
            """
            That it was taken, by whom and when; that it applies or does not; a yes or no to a \
            question; or, by a DSL or the headteacher and with a reason, that it is waived. Not \
            while the record lacks what the step asks for (409 names all of it). Each answer stays \
            in the chronology. Requires If-Match: the step's own version.
            """,
            for: Record.readers, by(answer))
    ]

    static func answer(
        in id: ID<Incident>, _ own: ID<AttachedProcedure>, _ code: ProcedureCode,
        with said: StepShown.Answered, ifMatch: IfMatch, within reach: Reach, in tx: Transaction
    ) async throws -> Stored<StepShown> {
        let incident = try await OpenedIncident.open(id, for: .recording, within: reach, in: tx)
        let one: SQL = """
            select step.* from incident_step_shown as step
            where step.school_id = \(incident.school) and step._incident_id = \(id)
                and step._procedure_id = \(own) and step.code = \(code)
            """
        let step = try await incident.step(one, in: tx)
        try ifMatch.check(step.etag)
        try said.judge(besides: said.faults(at: step))
        try await incident.checkIsPast([("/done_at", said.doneAt)], in: tx)
        let against = try await incident.whatStands(against: said, to: step, by: reach, tx)
        guard against.isEmpty else { throw Problem(conflicts: against) }
        tx.add(incident.answering(step, with: said, by: reach.caller))
        if said.answer == .done { incident.receipts(moveOnTo: .actedOn, in: tx) }
        return tx.stored(one)
    }
}

/// A step as it stands, for whoever answers it.
struct StandingStep {
    let id: ID<StepShown>
    let procedure: ID<AttachedProcedure>
    let code: String
    let etag: String
    let version: Int
    let need: StepNeed
    let wantsWords: Bool
    let isRequired: Bool
    /// What the record does not hold of what it asks for, in words; `nil` where that is nothing.
    let missing: String?
    let tells: Bool
    let waitsForEarlier: Bool
    let posts: [String]?
    let mayWaive: Bool
}

extension StepShown.Answered {
    /// What is wrong with the answer, given to this step.
    fileprivate func faults(at step: StandingStep) -> [JSONFault] {
        var faults: [JSONFault] = []
        if !answer.isOf(step.need) {
            faults.append(
                JSONFault(
                    pointer: "/answer", code: "not_of_this_step",
                    detail: step.need == .question
                        ? "A question is answered with yes, no or unknown"
                        : "It is done, waived or not done; where it has a question, that is "
                            + "answered by applies or does_not_apply"))
        }
        if answer == .done, step.wantsWords, words == nil {
            faults.append(
                JSONFault(
                    pointer: "/words", code: "required", detail: "Put down what the step asks for"))
        }
        return faults
    }
}

extension OpenedIncident {
    fileprivate func step(_ one: SQL, in tx: Transaction) async throws -> StandingStep {
        let found = try await tx.run(
            """
            select step.id, step._procedure_id, step.code, step.etag, step._version, step.need,
                step.record is not null as wants_words, step.is_required,
                (
                    select string_agg(distinct replace(asked ->> 'part', '_', ' '), ', ')
                    from jsonb_array_elements(step.missing) as asked
                ) as missing, step.tells is not null as tells,
                step.after is not null and step._began is null as waits,
                case when step.is_by_post then posts_of_an_actor(step.actor) end as posts,
                caller_may_waive(incident) as may_waive
            from (\(one)) as step
            join incident on incident.school_id = step.school_id and incident.id = step._incident_id
            """)
        guard let id = found.uuid(0, "id"), let procedure = found.uuid(0, "_procedure_id"),
            let etag = found.text(0, "etag"), let version = found.int(0, "_version"),
            let need = found.text(0, "need").flatMap(StepNeed.init)
        else { throw Problem(.notFound) }
        return StandingStep(
            id: ID(id), procedure: ID(procedure), code: found.text(0, "code") ?? "", etag: etag,
            version: version, need: need, wantsWords: found.bool(0, "wants_words") == true,
            isRequired: found.bool(0, "is_required") == true,
            missing: found.text(0, "missing"), tells: found.bool(0, "tells") == true,
            waitsForEarlier: found.bool(0, "waits") == true, posts: found.texts(0, "posts"),
            mayWaive: found.bool(0, "may_waive") == true)
    }

    /// Everything that stands against an answer now, or against its being this caller's.
    fileprivate func whatStands(
        against said: StepShown.Answered, to step: StandingStep, by reach: Reach, _ tx: Transaction
    ) async throws -> [Fault] {
        var against: [Fault] = []
        func note(_ pointer: String, _ code: String, _ detail: String, if stands: Bool) {
            guard stands else { return }
            against.append(Fault(pointer: pointer, code: code, detail: detail))
        }
        let isLeftOut = said.answer == .waived || said.answer == .doesNotApply
        note(
            "/answer", "step_is_required", "An answer to a question asks for it: it is taken",
            if: isLeftOut && step.isRequired)
        if said.answer == .waived, !step.mayWaive { against.append(.notInCharge("/answer")) }
        guard said.answer == .done else { return against }
        let isTheirs = step.posts.map { posts in
            posts.compactMap(Role.init).contains { reach.caller.holds($0, in: school) }
        }
        note(
            "/answer", "for_another_post", "Only somebody in the post that it names ticks it off",
            if: isTheirs == false)
        note(
            "/answer", "earlier_step_first", "It comes after a step that is not settled yet",
            if: step.waitsForEarlier)
        note(
            "/missing", "record_lacks",
            "Put into the record first: \(step.missing ?? ""); see `missing` of the step",
            if: step.missing != nil)
        if step.tells {
            let held = try await tx.run(
                """
                select is_held(\(school), \(id), coalesce(\(said.doneAt)::timestamptz, rowan_now()))
                    as is_held
                """)
            note(
                "/answer", "under_agency_hold",
                "An agency must advise first: nobody is told until the hold is released",
                if: held.bool(0, "is_held") == true)
        }
        return against
    }

    /// The next act on a step, with its entry in the audit.
    fileprivate func answering(
        _ step: StandingStep, with said: StepShown.Answered, by caller: Caller
    ) -> SQL {
        let isDone = said.answer == .done
        return Audit.written(
            "step_answered", "incident_part",
            """
            insert into incident_part (
                school_id, incident_id, id, version, kind, content, people, happened_at, role)
            select \(school), \(id), \(step.id), \(step.version + 1), 'procedure_step',
                jsonb_strip_nulls(jsonb_build_object(
                    'procedure_id', \(step.procedure)::uuid, 'step', \(step.code)::text,
                    'answer', \(said.answer)::text, 'words', \(said.words)::text,
                    'done_at', instant(moment.at),
                    'done_by', case when \(isDone) then coalesce(\(said.doneBy)::text,
                        \(caller.name)) end)),
                '{}', moment.at, \(role)
            from (
                select case when \(isDone)
                    then coalesce(\(said.doneAt)::timestamptz, rowan_now()) end as at
            ) as moment
            """)
    }
}

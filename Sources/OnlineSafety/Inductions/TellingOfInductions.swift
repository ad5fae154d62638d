import JSON
import Postgres

/// What was done with somebody who is new, as it is told and corrected (USR-14).
enum TellingOfInductions {
    static let routes: [Route] = [
        .post(
            "/v1/inductions/{induction}/steps", "Record induction steps",
            """
            That steps were done on a day, or are not needed. What the register knows of itself \
            is not told: an agreement is signed, and an answer about images is recorded, where \
            those are kept.
            """,
            for: Inductions.keepers.admitted(.inductionsOfSchool), by(tell)),
        .post(
            "/v1/inductions/{induction}/corrections", "Correct an induction step",
            """
            Where something was put down wrongly: how it was takes its place, both stay on record \
            with the reason.
            """,
            for: Inductions.keepers.admitted(.inductionsOfSchool), by(correct)),
    ]

    static func tell(
        of id: ID<Induction>, _ said: Induction.Told, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Induction> {
        let opened = try await OpenedInduction.open(id, doneOn: said.doneOn, reach, in: tx)
        try opened.check(said)
        let outcome = said.outcome ?? .done
        for step in said.steps.elements {
            opened.write(
                outcome, of: step, on: outcome == .done ? opened.day : nil,
                said.note?.string, as: "induction_step_told", by: reach.caller, in: tx)
        }
        return Created(tx.stored(ListingInductions.one(id, reach)))
    }

    static func correct(
        _ id: ID<Induction>, by said: Induction.Correction, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<Induction> {
        let opened = try await OpenedInduction.open(id, doneOn: said.doneOn, reach, in: tx)
        try opened.check(said)
        opened.write(
            said.doneOn == nil ? .notDone : .done, of: said.step,
            on: said.doneOn == nil ? nil : opened.day, said.reason.string,
            as: "induction_step_corrected", by: reach.caller, in: tx)
        return Created(tx.stored(ListingInductions.one(id, reach)))
    }
}

/// Somebody's induction taken in hand, to say that something was done on a day.
private struct OpenedInduction {
    let day: String
    private let id: ID<Induction>
    private let school: ID<School>
    private let isAhead: Bool
    private let isLongBefore: Bool
    private let steps: [InductionStep: Standing]

    private struct Standing {
        let isKnown: Bool
        let outcome: InductionOutcome?
        let source: InductionSource?
    }

    static func open(
        _ id: ID<Induction>, doneOn: Day?, _ reach: Reach, in tx: Transaction
    ) async throws -> OpenedInduction {
        let found = try await tx.run(
            """
            select induction.school_id, induction.step, induction.is_known, induction.outcome,
                induction.source, coalesce(\(doneOn)::date, london_today())::text as day,
                coalesce(\(doneOn)::date > london_today(), false) as is_ahead,
                coalesce(\(doneOn)::date, london_today()) < induction.began_on - 366
                    as is_long_before
            from induction_steps(
                \(reach.schoolsOfInductions)::uuid[], array[\(id)]::uuid[]) as induction
            where \(reach.sql(.inductionsOfSchool))
            """)
        guard let school = found.uuid(0, "school_id"), let day = found.text(0, "day") else {
            throw Problem(.notFound)
        }
        let steps = (0..<found.count).compactMap { row in
            found.text(row, "step").flatMap(InductionStep.init).map { step in
                (
                    step,
                    Standing(
                        isKnown: found.bool(row, "is_known") == true,
                        outcome: found.text(row, "outcome").flatMap(InductionOutcome.init),
                        source: found.text(row, "source").flatMap(InductionSource.init))
                )
            }
        }
        return OpenedInduction(
            day: day, id: id, school: ID(school), isAhead: found.bool(0, "is_ahead") == true,
            isLongBefore: found.bool(0, "is_long_before") == true,
            steps: Dictionary(steps) { first, _ in first })
    }

    /// Throws where a step is not asked, or its day cannot be; then where it is done, or is known
    /// otherwise: all of it at once.
    func check(_ said: Induction.Told) throws(Problem) {
        let told = said.steps.elements.enumerated()
        let unasked = told.filter { steps[$0.element] == nil }.map {
            InductionFault.fault("/steps/\($0.offset)", "not_asked")
        }
        try check(unasked)
        let against = told.compactMap { told -> JSONFault? in
            let standing = steps[told.element]
            let pointer = "/steps/\(told.offset)"
            if told.element == .agreementSigned, standing?.isKnown == true {
                return InductionFault.fault(pointer, "known_otherwise")
            }
            return standing?.outcome == nil
                ? nil : InductionFault.fault(pointer, "done_already")
        }
        guard against.isEmpty else { throw InductionFault.conflict(against) }
    }

    /// Throws where there is nothing that was told, and so could have been told wrongly.
    func check(_ said: Induction.Correction) throws(Problem) {
        guard let standing = steps[said.step] else {
            throw Problem([InductionFault.fault("/step", "not_asked")])
        }
        try check([])
        guard standing.source == .told else {
            let code = standing.outcome == nil ? "nothing_told" : "known_otherwise"
            throw InductionFault.conflict([InductionFault.fault("/step", code)])
        }
    }

    private func check(_ faults: [JSONFault]) throws(Problem) {
        var faults = faults
        if isAhead { faults.append(InductionFault.fault("/done_on", "in_the_future")) }
        if isLongBefore { faults.append(InductionFault.fault("/done_on", "long_before")) }
        guard faults.isEmpty else { throw Problem(faults) }
    }

    func write(
        _ outcome: InductionOutcome, of step: InductionStep, on day: String?, _ note: String?,
        as deed: StaticString, by caller: Caller, in tx: Transaction
    ) {
        tx.add(
            Audit.written(
                deed, "induction_act", version: "null",
                """
                insert into induction_act (
                    school_id, id, person_id, step, place, outcome, done_on, note, told_by_name)
                select \(school), \(ID<InductionAct>()), \(id), \(step),
                    coalesce(max(before.place), 0) + 1, \(outcome), \(day)::text::date,
                    \(note), \(caller.name)
                from induction_act as before
                where before.school_id = \(school) and before.person_id = \(id)
                    and before.step = \(step)
                """))
    }
}

/// What stands against what is told, for people.
enum InductionFault {
    static func fault(_ pointer: String, _ code: String) -> JSONFault {
        JSONFault(pointer: pointer, code: code, detail: words[code] ?? "Not as things stand")
    }

    static func conflict(_ faults: [JSONFault]) -> Problem {
        Problem(
            conflicts: faults.map {
                Fault(pointer: $0.pointer, code: $0.code, detail: $0.detail)
            })
    }

    static let words = [
        "not_asked": "The school does not ask for this",
        "in_the_future": "Give today or a day before",
        "long_before": "It was done more than a year before they began: for another time",
        "done_already": "It is done already: correct it, where it was put down wrongly",
        "known_otherwise":
            "The register knows this of what was signed or answered: enter or correct it there",
        "nothing_told": "Nobody has told that this was done",
        "not_inducted": "Pupils and parents are not inducted",
    ]
}

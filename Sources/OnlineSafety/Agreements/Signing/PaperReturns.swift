import JSON
import Postgres

/// Typing in what came back on paper, a pile at a time (AGR-07).
enum PaperReturns {
    static let routes: [Route] = [
        .post(
            "/v1/agreement-paper-returns", "Enter paper returns",
            """
            Many signed forms in one request, each as it would be entered by itself; with where \
            the paper lies. What is wrong with one changes nothing of the others: 201 where all \
            were entered, 207 where some were not. An agreement that was not issued yet is issued \
            with its form.
            """,
            for: Agreements.keepers.admitted(.agreementsOfSchool), by(enter)
        ).takingBodies(upTo: 512 << 10)
    ]

    static func enter(
        _ pile: PaperReturnRows, within reach: Reach, in tx: Transaction
    ) async throws -> PaperReturnsAnswer {
        var rows: [PaperReturnsEntered.Row] = []
        for (place, read) in pile.rows.enumerated() {
            tx.add("savepoint form")
            do {
                let form = try read.mapError { Problem($0.faults) }.get()
                let id = try await agreement(of: form, reach, in: tx)
                try await SigningAgreements.signed(
                    id, form.signature(keptAt: pile.keptAt), within: reach, in: tx)
                tx.add("release savepoint form")
                rows.append(.init(status: 201, agreementID: id, code: nil, errors: nil))
            } catch let problem as Problem {
                tx.add("rollback to savepoint form")
                rows.append(.init(problem, at: place))
            }
        }
        let refused = rows.count { $0.status != 201 }
        return PaperReturnsAnswer(
            entered: PaperReturnsEntered(
                entered: rows.count - refused, refused: refused, rows: rows))
    }

    /// The agreement that the form is of, issued now where it was not.
    private static func agreement(
        of form: PaperReturn, _ reach: Reach, in tx: Transaction
    ) async throws -> ID<Agreement> {
        if let id = form.agreementID { return id }
        guard let person = form.personID, let template = form.templateID else {
            throw Problem([
                JSONFault(
                    pointer: "/agreement_id", code: "required",
                    detail: "Name the agreement, or the person and the template")
            ])
        }
        let found = try await tx.run(
            """
            select standing.agreement_id
            from person
            cross join lateral agreements_on(
                person.school_id, array[person.id], london_today()) as standing
            where person.id = \(person)
                and person.school_id = any(\(reach.schools(.agreementsOfSchool)))
                and standing.template_id = \(template)
                and standing.state in ('issued', 'part_signed', 'signed')
            """)
        if let id = found.uuid(0, "agreement_id") { return ID(id) }
        return try await SigningAgreements.issued(
            Agreement.Issue(personID: person, templateID: template, variant: nil, dueOn: nil),
            within: reach, in: tx)
    }
}

extension PaperReturnsEntered.Row {
    /// What stands against a form; each fault where it is in the pile.
    fileprivate init(_ problem: Problem, at place: Int) {
        let faults = problem.faults.map { fault in
            PaperReturnsEntered.Fault(
                pointer: "/rows/\(place)\(fault.pointer ?? "")", code: fault.code,
                detail: fault.detail)
        }
        let whole = PaperReturnsEntered.Fault(
            pointer: "/rows/\(place)", code: problem.code.rawValue,
            detail: problem.detail ?? problem.code.title)
        self.init(
            status: Int(problem.code.status.code), agreementID: nil, code: problem.code.rawValue,
            errors: faults.isEmpty ? [whole] : faults)
    }
}

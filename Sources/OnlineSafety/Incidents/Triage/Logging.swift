import JSON
import Postgres

/// Logging an event in one act, of which nothing more is needed.
enum Logging {
    static let routes: [Route] = [
        .post(
            "/v1/incidents/{incident}/logging", "Log an incident",
            """
            For what harmed nobody and was nobody's breach, an accidental search for example: \
            types, summary, the parents and all nine lines in one act, after which it can be \
            closed. 409 where a child may be at risk, or somebody is said to have done it on \
            purpose.
            """,
            for: Record.readers, by(log)
        ).takingBodies(upTo: 256 << 10)
    ]

    static func log(
        _ id: ID<Incident>, as logged: Logged, ifUnchanged: IfUnchanged, within reach: Reach,
        in tx: Transaction
    ) async throws -> Created<Closure> {
        let incident = try await OpenedIncident.open(
            id, for: .logging, ifUnchanged, within: reach, in: tx)
        try await incident.checkIsPast(
            [("/parents/informed_at", logged.parents?.informedAt)], in: tx)
        if let parents = logged.parents, parents.decision == .informed {
            try await incident.checkIsNotHeld(at: parents.informedAt, "/parents/decision", tx)
        }
        tx.add(incident.namingThoseOfTheReport())
        if logged.parents?.decision == .notToBe { try incident.checkDecidesAboutParents() }
        let undecided = try await incident.undecidedChildren(tx)
        guard undecided.isEmpty || logged.parents != nil else {
            throw Problem([
                JSONFault(
                    pointer: "/parents", code: "required",
                    detail: "A child was involved: say how the parents were told, or why not")
            ])
        }
        try await incident.checkNamesNobody(logged.summary.string, at: "/summary", in: tx)
        tx.add(incident.amended(by: try logged.changes, as: "logged"))
        tx.add(incident.answering(logged.answers, by: reach.caller))
        incident.openReview(calledForBy: logged.answers, by: reach.caller, in: tx)
        for (child, standing) in undecided {
            guard let made = logged.parents?.made(of: child, insteadOf: standing) else { continue }
            tx.add(incident.deciding(made, as: ID()))
        }
        incident.move(by: .logging, logged.words?.string, in: tx)
        incident.receipts(moveOnTo: .recorded, in: tx)
        return Created(tx.stored(Closing.shown(id, in: incident.school)))
    }
}

extension Logged {
    fileprivate var changes: JSONValue {
        get throws {
            try JSON.value(of: self).without(["lines", "parents", "words"])
                .with("is_child_at_risk", false).with("severity", .string(Severity.low.rawValue))
        }
    }

    /// All nine: those that were given, and of the others that they are not needed.
    fileprivate var answers: [(line: ActionLine.Line, given: ActionLine.Given)] {
        ActionLine.Line.allCases.map { line in
            guard let given = lines?.elements.first(where: { $0.line == line }) else {
                return (line, line == .parentsInformed ? parentsInformed : .notNeeded)
            }
            return (
                line,
                ActionLine.Given(
                    answer: given.answer, words: given.words, doneOn: nil, doneBy: nil)
            )
        }
    }
}

extension Logged {
    /// What the line about the parents says when nothing else is answered: what was decided.
    private var parentsInformed: ActionLine.Given {
        guard let parents, parents.decision == .informed else { return .notNeeded }
        return ActionLine.Given(
            answer: .done, words: parents.about.flatMap { try? Text($0.string) }, doneOn: nil,
            doneBy: parents.informedBy)
    }
}

extension ActionLine.Given {
    fileprivate static let notNeeded = ActionLine.Given(
        answer: .notNeeded, words: nil, doneOn: nil, doneBy: nil)
}

extension OpenedIncident {
    /// The children involved of whose parents nothing is decided for good, each with the decision
    /// that stands.
    fileprivate func undecidedChildren(
        _ tx: Transaction
    ) async throws -> [(child: ID<Involvement>, standing: ID<ParentsDecision>?)] {
        let found = try await tx.run(
            """
            select child.id, decision.id as standing from involvement_shown as child
            left join parents_decision_shown as decision
                on decision.school_id = child.school_id
                and decision._incident_id = child._incident_id
                and decision.child_id = child.id and decision.is_current
            where child.school_id = \(school) and child._incident_id = \(id)
                and child."group" = 'child'
                and coalesce(decision.decision, 'not_yet') = 'not_yet'
            """)
        return (0..<found.count).compactMap { row in
            found.uuid(row, "id").map { (ID($0), found.uuid(row, "standing").map(ID.init)) }
        }
    }
}

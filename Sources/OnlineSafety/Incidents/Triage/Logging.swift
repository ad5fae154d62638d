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
        _ id: ID<Incident>, as logged: Logged, within reach: Reach, in tx: Transaction
    ) async throws -> Created<Closure> {
        let incident = try await OpenedIncident.open(id, for: .logging, within: reach, in: tx)
        try await incident.checkHarmedNobody(tx)
        try await incident.checkIsPast(
            [("/parents/informed_at", logged.parents?.informedAt)], in: tx)
        tx.add(incident.namingThoseOfTheReport())
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
        for child in undecided {
            if let parents = logged.parents {
                tx.add(incident.deciding(parents.made(of: child), as: ID()))
            }
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
    /// Throws `conflict` where more is needed than a line in the log.
    fileprivate func checkHarmedNobody(_ tx: Transaction) async throws {
        let found = try await tx.run(
            """
            select
                incident.is_child_at_risk is true as is_at_risk,
                incident.intent = 'deliberate' as is_deliberate,
                incident._treated_as <> 'child' as is_about_an_adult,
                exists (
                    select from involvement_shown as involved
                    where involved.school_id = incident.school_id
                        and involved._incident_id = incident.id
                        and 'alleged' = any (involved.parts)
                    union all
                    select from report cross join jsonb_array_elements(report.people) as person
                    where report.school_id = incident.school_id
                        and report.incident_id = incident.id
                        and person ->> 'part' = 'alleged'
                ) as is_alleged
            from incident_listed as incident
            where incident.school_id = \(school) and incident.id = \(id)
            """)
        let reasons: [(isSo: Bool?, pointer: String, code: String, detail: String)] = [
            (
                found.bool(0, "is_at_risk"), "/is_child_at_risk", "child_at_risk",
                "A child may be at risk: triage it"
            ),
            (
                found.bool(0, "is_deliberate"), "/intent", "deliberate",
                "It was done on purpose: triage it"
            ),
            (
                found.bool(0, "is_about_an_adult"), "/concerns", "concerns_an_adult",
                "It concerns an adult of the school: triage it"
            ),
            (
                found.bool(0, "is_alleged"), "/people", "somebody_alleged",
                "Somebody is said to have done it: triage it"
            ),
        ]
        let faults = reasons.filter { $0.isSo == true }.map { reason in
            Fault(pointer: reason.pointer, code: reason.code, detail: reason.detail)
        }
        guard faults.isEmpty else { throw Problem(conflicts: faults) }
    }

    /// The children involved of whose parents nothing is decided.
    fileprivate func undecidedChildren(_ tx: Transaction) async throws -> [ID<Involvement>] {
        let found = try await tx.run(
            """
            select child.id from involvement_shown as child
            where child.school_id = \(school) and child._incident_id = \(id)
                and child."group" = 'child' and not exists (
                    select from parents_decision as decision
                    where decision.school_id = child.school_id
                        and decision.incident_id = child._incident_id
                        and decision.child_id = child.id)
            """)
        return (0..<found.count).compactMap { found.uuid($0, "id").map(ID.init) }
    }
}

import Postgres

/// A reason for which something may not be done with an incident yet. An area that has such reasons
/// lists them in its value; those against closing are of INC-42.
struct IncidentRule: Sendable {
    /// What it stands against.
    let act: Act

    /// What is missing or in the way, as a word that never changes its meaning.
    let code: String

    /// What is wanted, in a sentence.
    let detail: String

    /// Where: a statement that finds a JSON Pointer into the case, as `pointer`, for each place, of
    /// the row `incident`.
    let places: SQL

    /// Everything that stands against an act on the row `incident`, as a list in JSON.
    static func unmet(against act: Act) -> SQL {
        let rules = areas.flatMap(\.rulesOfIncidents).filter { $0.act == act }.map { rule -> SQL in
            """
            select \(rule.code)::text as code, \(rule.detail)::text as detail, place.pointer
            from (\(rule.places)) as place
            """
        }
        guard !rules.isEmpty else { return "'[]'::jsonb" }
        return """
            (
                select coalesce(jsonb_agg(to_jsonb(unmet) order by code, pointer), '[]')
                from (\(rules.joined(separator: " union all "))) as unmet
            )
            """
    }
}

extension OpenedIncident {
    /// Throws `conflict` with everything that stands against an act.
    func checkNothingStands(against act: Act, _ tx: Transaction) async throws {
        let found = try await tx.run(
            """
            select missing.code, missing.pointer, missing.detail
            from incident_listed as incident
            cross join lateral jsonb_to_recordset(\(IncidentRule.unmet(against: act)))
                as missing (code text, pointer text, detail text)
            where incident.school_id = \(school) and incident.id = \(id)
            """)
        guard !found.isEmpty else { return }
        throw Problem(
            conflicts: (0..<found.count).map { row in
                Fault(
                    pointer: found.text(row, "pointer"), code: found.text(row, "code") ?? "",
                    detail: found.text(row, "detail") ?? "")
            })
    }
}

extension IncidentRule {
    /// Those of the plain life of an incident.
    static let ofARecord = againstClosing + againstLogging

    /// All nine lines, the summary, and the parents of every child.
    private static let againstClosing = [
        IncidentRule(
            act: .closure, code: "line_pending",
            detail: "Answer this action line: done or not needed",
            places: """
                select '/action_lines/' || line.line as pointer from action_line_shown as line
                where line.school_id = incident.school_id and line._incident_id = incident.id
                    and line.answer = 'pending'
                """),
        IncidentRule(
            act: .closure, code: "summary_missing",
            detail: "Write the summary for monitoring, without names",
            places: """
                select '/summary' as pointer
                where content_of_an_incident(incident.school_id, incident.id) ->> 'summary' is null
                """),
        IncidentRule(
            act: .closure, code: "names_a_person",
            detail: "Leave every name out of the summary, those too that were written later",
            places: """
                select '/summary' as pointer
                where names_somebody(
                    incident.school_id, incident.id,
                    content_of_an_incident(incident.school_id, incident.id) ->> 'summary')
                """),
        IncidentRule(
            act: .closure, code: "child_unnamed",
            detail:
                "Name the child whom it concerns among those involved, if only by a description",
            places: """
                select '/people' as pointer
                where incident.concerns = 'child' and incident.status <> 'logged_only'
                    and not exists (
                        select from involvement_shown as child
                        where child.school_id = incident.school_id
                            and child._incident_id = incident.id and child."group" = 'child')
                """),
        IncidentRule(
            act: .closure, code: "parents_undecided",
            detail: "Decide about this child's parents: informed, or not to be",
            places: """
                select '/people/' || child.id as pointer from involvement_shown as child
                where child.school_id = incident.school_id and child._incident_id = incident.id
                    and child."group" = 'child' and not exists (
                        select from parents_decision_shown as decision
                        where decision.school_id = incident.school_id
                            and decision._incident_id = incident.id
                            and decision.child_id = child.id and decision.is_current
                            and decision.decision <> 'not_yet')
                """),
    ]

    /// Where more is needed than a line in the log: somebody was harmed, or did it (24.1).
    private static let againstLogging = [
        IncidentRule(
            act: .logging, code: "child_at_risk", detail: "A child may be at risk: triage it",
            places: "select '/is_child_at_risk' as pointer where incident.is_child_at_risk"),
        IncidentRule(
            act: .logging, code: "deliberate", detail: "It was done on purpose: triage it",
            places: "select '/intent' as pointer where incident.intent = 'deliberate'"),
        IncidentRule(
            act: .logging, code: "concerns_an_adult",
            detail: "It concerns an adult of the school: triage it",
            places: "select '/concerns' as pointer where incident._treated_as <> 'child'"),
        IncidentRule(
            act: .logging, code: "grave", detail: "It is of a grave kind: triage it",
            places: """
                select '/types' as pointer
                where incident.types && \(IncidentType.allCases.filter(\.isGrave))::text[]
                """),
        IncidentRule(
            act: .logging, code: "found_grave",
            detail: "It was found to be graver than what is only logged",
            places: """
                select '/severity' as pointer
                where incident.severity <> 'low' or incident.legality <> 'no'
                """),
        IncidentRule(
            act: .logging, code: "somebody_alleged",
            detail: "Somebody is said to have done it: triage it",
            places: """
                select '/people' as pointer where exists (
                    select from involvement_shown as involved
                    where involved.school_id = incident.school_id
                        and involved._incident_id = incident.id
                        and 'alleged' = any (involved.parts)
                    union all
                    select from report cross join jsonb_array_elements(report.people) as person
                    where report.school_id = incident.school_id
                        and report.incident_id = incident.id and person ->> 'part' = 'alleged')
                """),
    ]
}

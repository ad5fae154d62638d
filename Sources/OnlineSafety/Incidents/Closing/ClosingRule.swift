import Postgres

/// One reason for which an incident may not be closed yet (INC-42). An area that has such reasons
/// lists them in its value.
struct ClosingRule: Sendable {
    /// What is missing, as a word that never changes its meaning.
    let code: String

    /// What is wanted, in a sentence.
    let detail: String

    /// Where it is missing: a statement that finds a JSON Pointer into the case, as `pointer`, for
    /// each place, of the row `incident`.
    let places: SQL

    /// Everything that is missing of the row `incident`, as a list in JSON.
    static var unmet: SQL {
        let rules = areas.flatMap(\.reasonsAgainstClosing).map { rule -> SQL in
            """
            select \(rule.code)::text as code, \(rule.detail)::text as detail, place.pointer
            from (\(rule.places)) as place
            """
        }
        return """
            (
                select coalesce(jsonb_agg(to_jsonb(unmet) order by code, pointer), '[]')
                from (\(rules.joined(separator: " union all "))) as unmet
            )
            """
    }

    /// Those of the plain life of an incident: all nine lines, the summary, and the parents of
    /// every child.
    static let ofARecord = [
        ClosingRule(
            code: "line_pending", detail: "Answer this action line: done or not needed",
            places: """
                select '/action_lines/' || line.line as pointer from action_line_shown as line
                where line.school_id = incident.school_id and line._incident_id = incident.id
                    and line.answer = 'pending'
                """),
        ClosingRule(
            code: "summary_missing", detail: "Write the summary for monitoring, without names",
            places: """
                select '/summary' as pointer
                where content_of_an_incident(incident.school_id, incident.id) ->> 'summary' is null
                """),
        ClosingRule(
            code: "parents_undecided",
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
}

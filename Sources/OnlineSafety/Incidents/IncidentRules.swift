import Postgres

/// What, in one area, may stand against doing something with an incident; those against closing are
/// of INC-42.
struct IncidentRules: Sendable {
    /// The function of the database that finds what stands against an act, given the school, the
    /// incident and the act: `code` and `pointer`, a JSON Pointer into the case, for each place. In
    /// PL/pgSQL, which keeps its plans: written out in a statement, the plans of rules that find
    /// nothing cost three times what opening a record does.
    let function: SQL

    /// What is wanted, in a sentence, by codes that never change their meaning.
    let words: [String: String]

    /// Everything that stands against an act on the row `incident`, as a list in JSON.
    static func unmet(against act: SQL) -> SQL {
        let rules = areas.compactMap(\.rulesOfIncidents)
        let found = rules.map { area -> SQL in
            "select * from \(area.function)(incident.school_id, incident.id, \(act))"
        }
        let words = rules.flatMap(\.words).sorted { $0.key < $1.key }
        return """
            (
                select coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'code', unmet.code, 'pointer', unmet.pointer,
                            'detail', coalesce(rule.detail, unmet.code))
                        order by unmet.code, unmet.pointer),
                    '[]')
                from (\(found.joined(separator: " union all "))) as unmet
                left join unnest(\(words.map(\.key))::text[], \(words.map(\.value))::text[])
                    as rule (code, detail) on rule.code = unmet.code
            )
            """
    }
}

extension OpenedIncident {
    /// Every rule of the areas that stands against an act.
    func whatStands(against act: Act, _ tx: Transaction) async throws -> [Fault] {
        let found = try await tx.run(
            """
            select missing.code, missing.pointer, missing.detail
            from incident_listed as incident
            cross join lateral jsonb_to_recordset(\(IncidentRules.unmet(against: "\(act)")))
                as missing (code text, pointer text, detail text)
            where incident.school_id = \(school) and incident.id = \(id)
            """)
        return (0..<found.count).map { row in
            Fault(
                pointer: found.text(row, "pointer"), code: found.text(row, "code") ?? "",
                detail: found.text(row, "detail") ?? "")
        }
    }
}

extension IncidentRules {
    /// Those of the plain life of an incident.
    static let ofARecord = IncidentRules(
        function: "record_stands_against",
        words: [
            "line_pending": "Answer this action line: done or not needed",
            "summary_missing": "Write the summary for monitoring, without names",
            "names_a_person":
                "Leave every name out of the summary, those too that were written later",
            "child_unnamed":
                "Name the child whom it concerns among those involved, if only by a description",
            "parents_undecided": "Decide about this child's parents: informed, or not to be",
            "parents_not_told":
                "The school's settings want this child's parents to be told: of a filtering "
                + "breach, or of use outside school, unless a child is at risk",
            "nothing_held": "Nothing is held for an agency",
            "under_agency_hold": "An agency must advise first: release the hold with its advice",
            "further_step_missing":
                "It happened before, as a link says: put down which further step follows",
            "triage_first":
                "It is not closed as a mistake before it was triaged: a child may be at risk, or "
                + "it is of a grave kind, or concerns an adult",
            "child_at_risk": "A child may be at risk: triage it",
            "deliberate": "It was done on purpose: triage it",
            "concerns_an_adult": "It concerns an adult of the school: triage it",
            "grave": "It is of a grave kind: triage it",
            "found_grave": "It was found to be graver than what is only logged",
            "not_restricted": "It is open to all who read incidents already",
            "stays_an_allegation":
                "As long as it concerns an adult of the school it stays an allegation",
            "somebody_alleged": "Somebody is said to have done it: triage it",
        ])
}

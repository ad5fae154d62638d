import JSON
import OpenAPI
import Postgres

/// Parts of a record to be shown with it, so that a whole case can be drawn in one call.
struct Inclusion: Argument {
    /// The parts that can be asked for.
    enum Part: String, Words {
        case people
        case actionLines = "action_lines"
        case parentsDecisions = "parents_decisions"
        case evidence
        case breaches
        case links
        case agencyHolds = "agency_holds"
        case procedures

        var label: String {
            switch self {
            case .people: "Those involved"
            case .actionLines: "The nine action lines"
            case .parentsDecisions: "The decisions about parents"
            case .evidence: "The evidence"
            case .breaches: "The agreements that were broken"
            case .links: "The linked incidents"
            case .agencyHolds: "The agency holds"
            case .procedures: "The procedures, step by step"
            }
        }

        /// The parts of the row `incident`, as a list in JSON.
        fileprivate var sql: SQL {
            switch self {
            case .people: Self.list("involvement_shown", by: "part.id")
            case .actionLines: Self.list("action_line_shown", by: "part.number")
            case .parentsDecisions:
                Self.list("parents_decision_shown", by: "part.decided_at, part.id")
            case .evidence: Self.list("evidence_shown", by: "part.id")
            case .breaches: Self.list("agreement_breach_shown", by: "part.id")
            case .links: Self.list("incident_link_shown", by: "part.linked_at, part.id")
            case .agencyHolds: Self.list("agency_hold_shown", by: "part.held_at, part.id")
            case .procedures:
                Self.list("incident_procedure_shown", by: "part.attached_at, part.id")
            }
        }

        private static func list(_ view: SQL, by order: SQL) -> SQL {
            """
            (
                select coalesce(jsonb_agg(shown_part(to_jsonb(part)) order by \(order)), '[]')
                from \(view) as part
                where part.school_id = incident.school_id and part._incident_id = incident.id
            )
            """
        }
    }

    private let parts: [Part]

    init(_ parts: [Part] = []) { self.parts = parts }

    static func take(from call: inout Call) -> Inclusion {
        Inclusion(call.query.words("include", Part.self) ?? [])
    }

    static func describe(_ operation: inout OperationWords) {
        operation.parameters.append(
            .words("include", "Parts of the record to show with it.", Part.self))
    }

    /// The columns of a statement over the row `incident`; a part that is not wanted is null.
    var columns: SQL {
        let columns = Part.allCases.map { part -> SQL in
            let value: SQL = parts.contains(part) ? part.sql : "null::jsonb"
            return "\(value) as \(part.column)"
        }
        return columns.joined(separator: ", ")
    }
}

extension Inclusion.Part {
    fileprivate var column: SQL {
        switch self {
        case .people: "people"
        case .actionLines: "action_lines"
        case .parentsDecisions: "parents_decisions"
        case .evidence: "evidence"
        case .breaches: "breaches"
        case .links: "links"
        case .agencyHolds: "agency_holds"
        case .procedures: "procedures"
        }
    }
}

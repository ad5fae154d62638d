import JSON
import OpenAPI
import Postgres

/// What the caller may do with an incident now, and for what is blocked, every rule in the way: so
/// that a front end needs no copy of the rules.
struct AllowedAction: Codable, Exemplary {
    let action: Act
    let isAllowed: Bool
    let unmet: [Unmet]

    static var example: AllowedAction {
        AllowedAction(action: .closure, isAllowed: false, unmet: [.example])
    }

    enum CodingKeys: String, FieldWords {
        case action, unmet
        case isAllowed = "is_allowed"

        var words: String {
            switch self {
            case .action: "What could be done."
            case .isAllowed: "Whether I may do it now."
            case .unmet: "Every rule that stands against it."
            }
        }
    }

    /// The actions on the row `incident`, of which `kept` is the row of the table.
    static let all: SQL = """
        (
            select jsonb_agg(
                jsonb_build_object(
                    'action', act.name, 'is_allowed', rule.unmet = '[]', 'unmet', rule.unmet)
                order by act.place)
            from unnest(\(Act.allCases)::text[]) with ordinality as act (name, place)
            cross join lateral (
                select exists (
                    select from \(Move.rows)
                    where move.act = act.name and move.status = incident.status
                ) as is_for_now
            ) as move
            cross join lateral (
                select
                    case
                        when not move.is_for_now
                        then jsonb_build_array(jsonb_build_object(
                            'code', 'not_while_' || incident.status, 'pointer', '/status',
                            'detail', 'Not while it stands so'))
                        else '[]'
                    end
                    || case
                        when move.is_for_now or incident.status <> 'closed'
                        then \(IncidentRules.unmet(against: "act.name"))
                        else '[]'
                    end
                    || case
                        when not caller_may(act.name, kept)
                        then jsonb_build_array(jsonb_build_object(
                            'code', 'not_in_charge', 'pointer', '',
                            'detail', 'This is for the posts that are in charge of such an incident'
                        ))
                        else '[]'
                    end as unmet
                -- Worked out once, though it is named twice above.
                offset 0
            ) as rule
        )
        """
}

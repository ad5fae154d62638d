import Postgres

/// What may be done with an incident.
enum Act: String, Words {
    case triage
    case logging
    case recording
    case investigation
    case finding
    case acting
    case debrief
    case closure
    case dismissal
    case duplication
    case reopening
    case restriction
    case lifting
    case hold
    case release

    /// Whether the areas have rules for it.
    var hasRules: Bool {
        [.logging, .debrief, .closure, .dismissal, .duplication, .lifting, .release]
            .contains(self)
    }

    var label: String {
        switch self {
        case .triage: "Assess it"
        case .logging: "Log it: nothing more is needed"
        case .recording: "Write in its record"
        case .investigation: "Have it investigated"
        case .finding: "Put down what the investigation found"
        case .acting: "Act on it, without an investigation"
        case .debrief: "Put down what was learnt"
        case .closure: "Close it"
        case .dismissal: "Close it as a mistake"
        case .duplication: "Close it as a duplicate of another"
        case .reopening: "Open it again"
        case .restriction: "Restrict to whom it is open"
        case .lifting: "Lift the restriction"
        case .hold: "Hold it until an agency has advised"
        case .release: "Release what was held"
        }
    }
}

/// One line of the table of moves: an act, the states in which it may be done, where the incident
/// stands afterwards (`nil`: where it stood), and by whom.
struct Move {
    enum Actor: String {
        case reader = "its readers"
        case inCharge = "posts in charge"
        case lead = "whoever leads it, and posts in charge"
        case leader = "of the posts in charge, a DSL, the headteacher or the chair"
        case dsl = "of the posts in charge, a DSL"
    }

    let act: Act
    let from: [IncidentStatus]
    let to: IncidentStatus?
    let actor: Actor

    private init(
        _ act: Act, from: [IncidentStatus], to: IncidentStatus?, by actor: Actor
    ) {
        self.act = act
        self.from = from
        self.to = to
        self.actor = actor
    }

    /// The plain life of an incident (section 24.1). What was dismissed is reopened as `reported`.
    /// Who is in charge of which kind is told by
    /// `posts_in_charge` in the database.
    static let all = [
        Move(.triage, from: [.reported, .loggedOnly], to: .triaged, by: .inCharge),
        Move(
            .triage, from: [.triaged, .investigating, .acting, .debrief], to: nil, by: .inCharge),
        Move(.logging, from: [.reported, .triaged], to: .loggedOnly, by: .inCharge),
        Move(.recording, from: IncidentStatus.ofWork, to: nil, by: .reader),
        Move(.investigation, from: [.triaged, .acting], to: .investigating, by: .lead),
        Move(.finding, from: [.investigating], to: .acting, by: .lead),
        Move(.acting, from: [.triaged], to: .acting, by: .lead),
        Move(.debrief, from: [.acting], to: .debrief, by: .lead),
        Move(
            .closure, from: [.triaged, .loggedOnly, .acting, .debrief], to: .closed, by: .inCharge),
        Move(.dismissal, from: [.reported], to: .closed, by: .inCharge),
        Move(.duplication, from: [.reported], to: .closed, by: .inCharge),
        Move(.reopening, from: [.closed], to: .acting, by: .inCharge),
        Move(.restriction, from: IncidentStatus.ofARecord, to: nil, by: .leader),
        Move(.lifting, from: IncidentStatus.ofARecord, to: nil, by: .dsl),
        Move(.hold, from: IncidentStatus.ofWork, to: nil, by: .inCharge),
        Move(.release, from: IncidentStatus.ofWork, to: nil, by: .leader),
    ]

    static func of(_ act: Act, from status: IncidentStatus) -> Move? {
        all.first { $0.act == act && $0.from.contains(status) }
    }

    /// The table for a statement: `act`, `status`, a row for each state.
    static var rows: SQL {
        let rows = all.flatMap { move in move.from.map { (move, $0) } }
        return """
            unnest(
                \(rows.map(\.0.act))::text[], \(rows.map(\.1))::text[]
            ) as move (act, status)
            """
    }
}

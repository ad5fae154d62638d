/// What a machine's client may do (SEC-13, API-03). Each opens something that is there; none opens
/// an incident, a complaint or what monitoring shows.
enum Scope: String, Words {
    case schoolsRead = "schools.read"
    case peopleRead = "people.read"
    case rosterWrite = "roster.write"
    case vulnerabilityMarkersWrite = "vulnerability-markers.write"
    case agreementsRead = "agreements.read"
    case consentsRead = "consents.read"
    case gateRead = "gate.read"
    case accessRead = "access.read"
    case trainingRead = "training.read"
    case dutyFiguresRead = "duty-figures.read"
    case incidentFiguresRead = "incident-figures.read"

    var label: String {
        switch self {
        case .schoolsRead: "What the schools are known by, and their year groups"
        case .peopleRead: "The roster: names, kinds and year groups of persons"
        case .rosterWrite: "To keep the roster: what an MIS tells of persons, parents and leavers"
        case .vulnerabilityMarkersWrite:
            "That a pupil has a vulnerability marker is told, and nothing is ever read of them"
        case .agreementsRead: "The agreements that a school has published, and to whom it puts them"
        case .consentsRead: "Whether something may be done with somebody today, and never why not"
        case .gateRead: "Whether somebody may have something today, and what would open it"
        case .accessRead: "Who has access to which system, by their ids, and never why not"
        case .trainingRead: "Whose training is in order, due or overdue, by their ids"
        case .dutyFiguresRead:
            "How many duties are open, due and overdue, and how many have signed and consented, "
                + "without names"
        case .incidentFiguresRead: "How many incidents there were, without names or small numbers"
        }
    }

    /// A trust pulls figures, and nothing personal (section 25 of the matrix).
    var isForTrusts: Bool {
        switch self {
        case .schoolsRead, .incidentFiguresRead, .dutyFiguresRead: true
        case .peopleRead, .rosterWrite, .vulnerabilityMarkersWrite, .agreementsRead, .consentsRead,
            .gateRead, .accessRead, .trainingRead:
            false
        }
    }
}

extension Problem {
    /// 403 to a client, with the scopes of which one is wanted (RFC 6750, 3.1).
    init(wanting scopes: [Scope]) {
        self.init(.forbidden, "No scope of this token opens this.")
        let names = scopes.map(\.rawValue).joined(separator: " ")
        let scope = names.isEmpty ? "" : ", scope=\"\(names)\""
        challenges = ["Bearer realm=\"rowan\", error=\"insufficient_scope\"\(scope)"]
    }
}

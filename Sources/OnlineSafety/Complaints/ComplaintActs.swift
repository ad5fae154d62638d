import JSON
import OpenAPI

/// Something that is done about a complaint.
struct ComplaintActSaid: ActBody, RecordBody {
    let act: ComplaintAct
    let on: Day?
    let words: Text<10_000>?
    let to: Role?
    let told: Few<Text<200>, 20>?
    let with: Text<500>?
    let covered: Few<MeetingPoint, 5>?
    let isSettled: Bool?
    let outcome: ComplaintOutcome?
    let personIDs: Few<ID<Person>, 20>?
    let incidentID: ID<Incident>?

    static let words = "What is done about a complaint."
    static var example: ComplaintActSaid {
        ComplaintActSaid(
            act: .noted, on: nil, words: "The filter's log of that week was read", to: nil,
            told: nil, with: nil, covered: nil, isSettled: nil, outcome: nil, personIDs: nil,
            incidentID: nil)
    }

    enum CodingKeys: String, FieldWords {
        case act, on, words, to, told, with, covered, outcome
        case isSettled = "is_settled"
        case personIDs = "person_ids"
        case incidentID = "incident_id"

        var words: String {
            switch self {
            case .act: ComplaintAct.words("What is done.")
            case .on: "When; today when not given."
            case .words: "What was done, said, found or offered; why it goes to another post."
            case .to: "The post to which it goes."
            case .told: "To whom it was told."
            case .with: "With whom the meeting was."
            case .covered: "Which points it covered; of negative comments all five are (PRC-06)."
            case .isSettled: "Whether it settled the matter; if not, they meet again (PRC-07)."
            case .outcome: "What came of it."
            case .personIDs: "Whom it is found to be about."
            case .incidentID: "The incident, one that is open to the caller."
            }
        }
    }

    var togetherFaults: [JSONFault] {
        [("told", told?.elements.isEmpty), ("person_ids", personIDs?.elements.isEmpty)]
            .filter { $0.1 == true }.map { field, _ in
                JSONFault(pointer: "/\(field)", code: "empty", detail: "Name one at least")
            }
    }
}

/// Something that was done about a complaint.
struct ComplaintActDone: Codable, Exemplary {
    let act: ComplaintAct
    let on: Day
    let words: String?
    let to: Role?
    let told: [String]?
    let with: String?
    let covered: [MeetingPoint]?
    let isSettled: Bool?
    let outcome: ComplaintOutcome?
    let personIDs: [ID<Person>]?
    let incidentID: ID<Incident>?
    let doneAs: Role
    let doneBy: String
    let doneAt: Instant

    static var example: ComplaintActDone {
        ComplaintActDone(
            act: .answered, on: .example, words: "The filter is set anew", to: nil,
            told: ["The parent who complained"], with: nil, covered: nil, isSettled: nil,
            outcome: .upheld, personIDs: nil, incidentID: nil, doneAs: .seniorLeader,
            doneBy: "Maya Lewis", doneAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case act, on, words, to, told, with, covered, outcome
        case isSettled = "is_settled"
        case personIDs = "person_ids"
        case incidentID = "incident_id"
        case doneAs = "done_as"
        case doneBy = "done_by"
        case doneAt = "done_at"

        var words: String {
            switch self {
            case .doneAs: "In which post."
            case .doneBy: "By whom."
            case .doneAt: "When it was put down."
            case .act: "What."
            case .on: "When."
            case .incidentID: "The incident, for those to whom it is open."
            default: ComplaintActSaid.CodingKeys(rawValue: rawValue)?.words ?? ""
            }
        }
    }
}

import JSON
import OpenAPI

/// A complaint as it stands (CMP-01). Whoever only put it down is shown what they wrote, and
/// whether it is closed.
struct Complaint: Resource {
    let id: ID<Complaint>
    let schoolID: ID<School>
    let reference: String
    let matter: ComplaintMatter
    let subject: String
    let words: String
    let complainant: Complainant
    let about: [ComplainedOf]
    let receivedOn: Day
    let receivedBy: ComplaintChannel
    let state: ComplaintState
    let handler: Role?
    let handlers: [String]?
    let acknowledgedOn: Day?
    let acknowledgeBy: Day?
    let meetings: Int?
    let outcome: ComplaintOutcome?
    let outcomeOn: Day?
    let answerBy: Day?
    let endedOn: Day?
    let isOverdue: Bool
    let putDownBy: String
    let putDownAt: Instant
    let incidentIDs: [ID<Incident>]?
    let acts: [ComplaintActDone]?
    let mayDo: [ComplaintAct]?

    static let isTagged = false
    static let address: StaticString? = "/v1/complaints/"
    static let words = "A complaint as it stands."
    static var example: Complaint {
        Complaint(
            id: .example, schoolID: .example, reference: "7K3Q-F2MX", matter: .internetMisuse,
            subject: "Games on the school's tablets", words: "My son plays in every lesson.",
            complainant: .example, about: [], receivedOn: .example, receivedBy: .telephone,
            state: .handling, handler: .seniorLeader, handlers: ["Maya Lewis"],
            acknowledgedOn: .example, acknowledgeBy: nil, meetings: 0, outcome: nil,
            outcomeOn: nil, answerBy: .example, endedOn: nil, isOverdue: false,
            putDownBy: "Tom Price", putDownAt: .example, incidentIDs: [], acts: [.example],
            mayDo: [.noted])
    }

    enum CodingKeys: String, FieldWords {
        case id, reference, matter, subject, words, complainant, about, state, handler, handlers
        case meetings, outcome, acts
        case schoolID = "school_id"
        case receivedOn = "received_on"
        case receivedBy = "received_by"
        case acknowledgedOn = "acknowledged_on"
        case acknowledgeBy = "acknowledge_by"
        case outcomeOn = "outcome_on"
        case answerBy = "answer_by"
        case endedOn = "ended_on"
        case isOverdue = "is_overdue"
        case putDownBy = "put_down_by"
        case putDownAt = "put_down_at"
        case incidentIDs = "incident_ids"
        case mayDo = "may_do"

        var words: String {
            switch self {
            case .id: "The complaint."
            case .schoolID: "The school."
            case .reference: "What to call it."
            case .matter: "What it is of."
            case .subject: "What it is about, in a line."
            case .words: "What is complained of."
            case .complainant: "Who complains."
            case .about: "Whom it is about; none where it is of a matter alone."
            case .receivedOn: "When it was received."
            case .receivedBy: "By which way."
            case .state: "Where it stands."
            case .handler: "The post that has it; for those who handle it, as all that follows."
            case .handlers: "Those who hold that post, and could have it."
            case .acknowledgedOn: "When whoever complained was told that it was received."
            case .acknowledgeBy: "By when they are to be."
            case .meetings: "How many meetings there were."
            case .outcome: "What came of it, as it was told last."
            case .outcomeOn: "When that was put down as told."
            case .answerBy: "By when it is to be."
            case .endedOn: "When it was closed, or became an incident."
            case .isOverdue: "Whether either day has passed."
            case .putDownBy: "Who put it down."
            case .putDownAt: "When."
            case .incidentIDs:
                "The incidents with which it overlaps, or which it has become, as far as they are "
                    + "open to the caller; where it is read by itself."
            case .acts: "What was done about it, in order; likewise."
            case .mayDo: "What the caller may do with it now; likewise."
            }
        }
    }
}

/// Who complains: by name and relation, or as a person of the roster.
struct Complainant: Codable, Exemplary {
    let kind: ComplainantKind
    let name: Text<200>?
    let relation: Text<200>?
    let contact: Text<500>?
    let personID: ID<Person>?

    static var example: Complainant {
        Complainant(
            kind: .parent, name: "Jo Ash", relation: "Mother of a pupil of Year 5",
            contact: nil, personID: nil)
    }

    /// Of whistleblowing.
    static let withheld = Complainant(
        kind: .withheld, name: nil, relation: nil, contact: nil, personID: nil)

    enum CodingKeys: String, FieldWords {
        case kind, name, relation, contact
        case personID = "person_id"

        var words: String {
            switch self {
            case .kind: "What they are to the school."
            case .name: "Their name."
            case .relation: "In which relation to the school, or to a child."
            case .contact: "How they are answered."
            case .personID: "Who they are on the roster; they do not handle it."
            }
        }
    }

    /// What is wrong with its fields together.
    var faults: [JSONFault] {
        switch kind {
        case .withheld: [ComplaintFault.fault("/complainant/kind", "withheld")]
        case .anonymous:
            [("name", name != nil), ("person_id", personID != nil)].filter(\.1).map { field, _ in
                JSONFault(
                    pointer: "/complainant/\(field)", code: "not_wanted",
                    detail: "Nobody knows who complains")
            }
        default:
            name == nil && personID == nil
                ? [
                    JSONFault(
                        pointer: "/complainant/name", code: "required",
                        detail: "Give a name, or a person of the roster")
                ] : []
        }
    }
}

/// Somebody of whom is complained.
struct ComplainedOf: Codable, Exemplary {
    let personID: ID<Person>?
    let name: Text<200>?
    let post: Text<200>?

    static var example: ComplainedOf {
        ComplainedOf(personID: nil, name: "Mr Lee", post: "The caretaker")
    }

    enum CodingKeys: String, FieldWords {
        case name, post
        case personID = "person_id"

        var words: String {
            switch self {
            case .personID: "A person of the roster: it is hidden from them."
            case .name:
                "A name. Whoever holds a post of the school and is called so does not see it."
            case .post: "What they do."
            }
        }
    }
}

extension Complaint {
    /// That somebody complains.
    struct Said: JudgedBody, RecordBody {
        let schoolID: ID<School>?
        let matter: ComplaintMatter
        let subject: Text<300>
        let words: Text<10_000>
        let complainant: Complainant
        let about: Few<ComplainedOf, 20>?
        let receivedOn: Day
        let receivedBy: ComplaintChannel
        let incidentIDs: Few<ID<Incident>, 20>?

        static let schemaName = "ComplaintSaid"
        static let words = "That somebody complains: of whom or what, received when and how."
        static var example: Said {
            Said(
                schoolID: nil, matter: .internetMisuse, subject: "Games on the school's tablets",
                words: "My son plays in every lesson.", complainant: .example, about: nil,
                receivedOn: .example, receivedBy: .telephone, incidentIDs: nil)
        }

        enum CodingKeys: String, FieldWords {
            case matter, subject, words, complainant, about
            case schoolID = "school_id"
            case receivedOn = "received_on"
            case receivedBy = "received_by"
            case incidentIDs = "incident_ids"

            var words: String {
                switch self {
                case .schoolID: "The school; may be left out by whoever works in one alone."
                case .matter: "What it is of: by this, and by whom it is about, it is routed."
                case .subject: "What it is about, in a line that names nobody who complains."
                case .words: "What is complained of; of whistleblowing, nothing that tells by whom."
                case .complainant:
                    "Who complains. Of whistleblowing it is sealed, for whoever puts it down alone."
                case .about: "Whom it is about; it is hidden from them."
                case .receivedOn: "When it was received."
                case .receivedBy: "By which way."
                case .incidentIDs: "The incidents with which it overlaps, of those open to you."
                }
            }
        }

        var ownFaults: [JSONFault] {
            let people = about?.elements ?? []
            return complainant.faults
                + people.enumerated().compactMap { place, one in
                    one.personID == nil && one.name == nil && one.post == nil
                        ? JSONFault(
                            pointer: "/about/\(place)/name", code: "required",
                            detail: "Say who it is") : nil
                }
        }
    }
}

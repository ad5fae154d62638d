import JSON
import OpenAPI

/// A review, audit, check or meeting, from when it is planned until it is signed off (24.5).
struct Review: Resource {
    let id: ID<Review>
    let schoolID: ID<School>
    let kind: ReviewKind
    let title: String?
    let trigger: ReviewTrigger
    let words: String?
    let incidentID: ID<Incident>?
    let policyID: ID<Policy>?
    let state: ReviewState
    let dueOn: Day
    let isOverdue: Bool
    let responsible: [Role]
    let signOff: [Role]
    let together: [ReviewParty]
    let awaits: [ReviewParty]
    let required: [ReviewPart]
    let heldOn: Day?
    let term: String?
    let isFitForPurpose: Bool?
    let completedAs: Role?
    let completedBy: String?
    let completedAt: Instant?
    let signedAs: Role?
    let signedBy: String?
    let signedAt: Instant?
    let openedBy: String?
    let openedAt: Instant
    let record: ReviewRecord?
    let attendees: [ReviewAttendee.Shown]?
    let acts: [ReviewActDone]?
    let mayDo: [ReviewAct]?

    static let isTagged = false
    static let address: StaticString? = "/v1/reviews/"
    static let words = "A review, audit, check or meeting, from its planning to its signature."
    static var example: Review {
        Review(
            id: .example, schoolID: .example, kind: .incidentLog, title: nil, trigger: .cycle,
            words: nil, incidentID: nil, policyID: nil, state: .signedOff, dueOn: .example,
            isOverdue: false, responsible: [.dsl], signOff: [.headteacher], together: [],
            awaits: [], required: [.summary], heldOn: .example, term: "Autumn",
            isFitForPurpose: nil,
            completedAs: .dsl, completedBy: "Amina Yusuf", completedAt: .example,
            signedAs: .headteacher, signedBy: "Maya Lewis", signedAt: .example,
            openedBy: "Amina Yusuf", openedAt: .example, record: .example,
            attendees: [.example], acts: [.example], mayDo: [.started])
    }

    enum CodingKeys: String, FieldWords {
        case id, kind, title, trigger, words, state, responsible, required, term, record
        case attendees, acts, together, awaits
        case schoolID = "school_id"
        case incidentID = "incident_id"
        case policyID = "policy_id"
        case dueOn = "due_on"
        case isOverdue = "is_overdue"
        case signOff = "sign_off"
        case heldOn = "held_on"
        case isFitForPurpose = "is_fit_for_purpose"
        case completedAs = "completed_as"
        case completedBy = "completed_by"
        case completedAt = "completed_at"
        case signedAs = "signed_as"
        case signedBy = "signed_by"
        case signedAt = "signed_at"
        case openedBy = "opened_by"
        case openedAt = "opened_at"
        case mayDo = "may_do"

        var words: String {
            switch self {
            case .id: "The review."
            case .schoolID: "The school."
            case .kind: "Of which kind."
            case .title: "What it is called, where its kind does not say it all."
            case .trigger: "Why it was opened."
            case .words: "What happened that called for it; where it is read by itself."
            case .incidentID: "The incident it goes back to."
            case .policyID: "The policy document that is reviewed."
            case .state: "Where it stands today."
            case .dueOn: "By when it is to be held."
            case .isOverdue: "Whether that has passed and it was not held."
            case .responsible:
                "The posts that hold and complete it, as the rule is, or was when it was completed."
            case .signOff: "The posts of which one signs it, likewise; none where nobody does."
            case .together: "Those who hold it together, and each sign that they did (REV-12)."
            case .awaits: "Who of them has not signed."
            case .required: "What it must record to be completed."
            case .heldOn: "When it was held."
            case .term: "In which term that was."
            case .isFitForPurpose: "What was judged of the policy, where it was."
            case .completedAs: "In which post it was completed."
            case .completedBy: "By whom; for a governor, only where it was themselves."
            case .completedAt: "When."
            case .signedAs: "In which post it was signed."
            case .signedBy: "By whom; likewise."
            case .signedAt: "When."
            case .openedBy:
                "Who planned it; likewise. Absent of the first of a cycle, which plans itself."
            case .openedAt: "When."
            case .record: "What was recorded; where it is read by itself."
            case .attendees: "Who was there; likewise."
            case .acts: "What was done with it, in order; likewise."
            case .mayDo: "What the caller may do with it now; likewise."
            }
        }
    }

    /// That one is to be held.
    struct Said: JudgedBody {
        let schoolID: ID<School>?
        let kind: ReviewKind
        let title: Text<200>?
        let trigger: ReviewTrigger?
        let dueOn: Day?
        let words: Text<1000>?
        let incidentID: ID<Incident>?
        let policyID: ID<Policy>?

        static let schemaName = "ReviewSaid"
        static let words = "That a review is to be held, by when and why."
        static var example: Said {
            Said(
                schoolID: nil, kind: .policy, title: nil, trigger: .guidance, dueOn: .example,
                words: "A new edition of the national guidance is in force", incidentID: nil,
                policyID: nil)
        }

        enum CodingKeys: String, FieldWords {
            case kind, title, trigger, words
            case schoolID = "school_id"
            case dueOn = "due_on"
            case incidentID = "incident_id"
            case policyID = "policy_id"

            var words: String {
                switch self {
                case .schoolID: "The school; may be left out by whoever plans in one alone."
                case .kind: "Of which kind."
                case .title: "What it is called; needed of a `wider` one."
                case .trigger: "Why; `by_hand` when not given. `cycle` plans the next of its cycle."
                case .dueOn: "By when; needed but of a cycle that has a period."
                case .words: "What happened that calls for it; nobody's name belongs in it."
                case .incidentID:
                    "The incident it goes back to, one that is open to the caller; needed where it "
                        + "is what is learnt of one. The review, and what is to be done because of "
                        + "it, are then there for those alone to whom that is open."
                case .policyID: "The policy that is to be reviewed; it is put under review."
                }
            }
        }

        var ownFaults: [JSONFault] {
            var faults: [JSONFault] = []
            func note(_ pointer: String, _ code: String, _ detail: String) {
                faults.append(JSONFault(pointer: pointer, code: code, detail: detail))
            }
            if kind == .wider, title == nil {
                note("/title", "required", "Say what it is a review of")
            }
            if trigger?.needsWords == true, words == nil {
                note("/words", "required", "Say what happened")
            }
            // What is learnt of an incident is for those alone to whom that is open.
            let isOfOne = trigger == .incident || kind == .postIncident && trigger != .cycle
            if isOfOne, incidentID == nil {
                note("/incident_id", "required", "Name the incident")
            }
            if policyID != nil, kind != .policy || trigger == .cycle {
                note("/policy_id", "not_wanted", "It goes with a review of a policy document")
            }
            if trigger == .cycle, incidentID != nil {
                note("/incident_id", "not_wanted", "A cycle goes back to no incident")
            }
            if trigger != .cycle, dueOn == nil {
                note("/due_on", "required", "Say by when it is to be held")
            }
            return faults
        }

        /// All that is said in words, with its place.
        var texts: [PlacedText] {
            [
                title.map { PlacedText("/title", $0.string) },
                words.map { PlacedText("/words", $0.string) },
            ].compactMap(\.self)
        }
    }
}

/// Something that was done with a review.
struct ReviewActDone: Codable, Exemplary {
    let act: ReviewAct
    let heldOn: Day?
    let dueOn: Day?
    let reason: String?
    let party: ReviewParty?
    let doneAs: Role
    let doneBy: String?
    let doneAt: Instant

    static var example: ReviewActDone {
        ReviewActDone(
            act: .completed, heldOn: .example, dueOn: nil, reason: nil, party: nil, doneAs: .dsl,
            doneBy: "Amina Yusuf", doneAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case act, reason, party
        case heldOn = "held_on"
        case dueOn = "due_on"
        case doneAs = "done_as"
        case doneBy = "done_by"
        case doneAt = "done_at"

        var words: String {
            switch self {
            case .act: "What."
            case .heldOn: "Of a completion: when it was held."
            case .dueOn: "To which day it was moved."
            case .reason: "Why it was moved or cancelled."
            case .party: "As whom of those who hold it together it was signed."
            case .doneAs: "In which post."
            case .doneBy: "By whom; for a governor, only where it was themselves."
            case .doneAt: "When."
            }
        }
    }
}

/// Something that is done with a review.
struct ReviewActSaid: ActBody {
    let act: ReviewAct
    let heldOn: Day?
    let record: ReviewRecord?
    let actions: Few<PlannedAction.Found, 20>?
    let dueOn: Day?
    let reason: Text<1000>?

    static let words = "What is done with a review; of a completion, what it records."
    static var example: ReviewActSaid {
        ReviewActSaid(
            act: .completed, heldOn: nil, record: .example, actions: [.example], dueOn: nil,
            reason: nil)
    }

    enum CodingKeys: String, FieldWords {
        case act, record, actions, reason
        case heldOn = "held_on"
        case dueOn = "due_on"

        var words: String {
            switch self {
            case .act: ReviewAct.words("What is done.")
            case .heldOn: "When it was held; today when not given."
            case .record: "What is recorded, and never altered."
            case .actions: "What is to be done because of what was found."
            case .dueOn: "To which day it is moved."
            case .reason: "Why it is moved or cancelled."
            }
        }
    }

    var togetherFaults: [JSONFault] {
        (record?.faults ?? [])
            + (actions?.elements ?? []).enumerated().flatMap { place, action in
                action.faults(at: "/actions/\(place)")
            }
    }
}

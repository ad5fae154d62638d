/// What a complaint is of: whom it goes to follows from this, and from whom it is about (S-06).
enum ComplaintMatter: String, Words {
    case internetMisuse = "internet_misuse"
    case negativeComments = "negative_comments"
    case staff
    case headteacher
    case governor
    case childProtection = "child_protection"
    case whistleblowing
    case other

    var label: String {
        switch self {
        case .internetMisuse: "Misuse of the internet: to a senior member of staff"
        case .negativeComments: "Negative comments about the school online: likewise"
        case .staff: "A member of staff: to the headteacher"
        case .headteacher: "The headteacher: to the chair of governors"
        case .governor: "A governor: to the headteacher; of one by name, to the chair"
        case .childProtection: "Of a child protection nature: to the DSL"
        case .whistleblowing:
            "Whistleblowing: to the headteacher; by whom, the receiver knows alone"
        case .other: "Something else: to a senior member of staff"
        }
    }
}

/// Who complains.
enum ComplainantKind: String, Words {
    case pupil, parent, staff, governor, community, anonymous, withheld, other

    var label: String {
        switch self {
        case .pupil: "A pupil"
        case .parent: "A parent or carer"
        case .staff: "Somebody who works at the school"
        case .governor: "A governor"
        case .community: "Somebody of the community"
        case .anonymous: "Nobody knows"
        case .withheld: "Whoever received it knows, and nobody besides"
        case .other: "Somebody else"
        }
    }
}

/// By which way a complaint came.
enum ComplaintChannel: String, Words {
    case inPerson = "in_person"
    case telephone, letter, email
    case onlineForm = "online_form"
    case socialMedia = "social_media"
    case other

    var label: String {
        switch self {
        case .inPerson: "In person"
        case .telephone: "By telephone"
        case .letter: "By letter"
        case .email: "By e-mail"
        case .onlineForm: "By a form online"
        case .socialMedia: "In social media, rather than to the school"
        case .other: "By another way"
        }
    }
}

/// Where a complaint stands (24.8).
enum ComplaintState: String, Words {
    case received, routed, handling, meeting
    case secondMeeting = "second_meeting"
    case outcomeGiven = "outcome_given"
    case closed, diverted

    var label: String {
        switch self {
        case .received: "Received; for whoever only put it down, also as long as it is not closed"
        case .routed: "Somebody has it"
        case .handling: "Something was done about it"
        case .meeting: "There was a meeting"
        case .secondMeeting: "There was another meeting"
        case .outcomeGiven: "It is put down what came of it"
        case .closed: "Closed"
        case .diverted: "Of a child protection nature: it has become a restricted incident"
        }
    }

    /// Those in which something can still be done.
    static let open: [ComplaintState] = [
        .received, .routed, .handling, .meeting, .secondMeeting, .outcomeGiven,
    ]
}

/// What came of a complaint.
enum ComplaintOutcome: String, Words {
    case upheld
    case partlyUpheld = "partly_upheld"
    case notUpheld = "not_upheld"
    case resolvedInformally = "resolved_informally"
    case withdrawn

    var label: String { rawValue.replacing("_", with: " ").capitalisedFirst }
}

/// What is done about a complaint.
enum ComplaintAct: String, ActWords {
    case acknowledged, rerouted, noted
    case directRouteOffered = "direct_route_offered"
    case met, answered, named, linked, diverted, closed

    var label: String {
        switch self {
        case .acknowledged: "Whoever complained was told that it was received"
        case .rerouted: "It goes to another post, for a reason"
        case .noted: "Something was done about it"
        case .directRouteOffered: "They were offered to come directly, rather than online (CMP-08)"
        case .met: "There was a meeting with whoever complained (PRC-06, PRC-07)"
        case .answered: "What came of it, and to whom that was told"
        case .named: "It is found to be about somebody, from whom it is hidden from now on"
        case .linked: "It overlaps with an incident"
        case .diverted: "It is of a child protection nature, and goes on as a restricted incident"
        case .closed: "It is closed"
        }
    }

    var fields: ActFields<ComplaintActSaid.CodingKeys> {
        switch self {
        case .acknowledged: ActFields(taken: [.on, .told, .words])
        case .rerouted: ActFields(needed: [.to, .words])
        case .noted, .directRouteOffered: ActFields(needed: [.words], taken: [.on])
        case .met: ActFields(needed: [.with, .words, .isSettled], taken: [.on, .covered])
        case .answered: ActFields(needed: [.outcome, .words], taken: [.on, .told])
        case .named: ActFields(needed: [.personIDs, .words])
        case .linked: ActFields(needed: [.incidentID], taken: [.words])
        case .diverted: ActFields(needed: [.words])
        case .closed: ActFields(taken: [.words])
        }
    }

    /// What the audit calls it.
    var deed: StaticString {
        switch self {
        case .acknowledged: "complaint_acknowledged"
        case .rerouted: "complaint_rerouted"
        case .noted: "complaint_noted"
        case .directRouteOffered: "complaint_direct_route_offered"
        case .met: "complaint_met_about"
        case .answered: "complaint_answered"
        case .named: "complaint_subject_named"
        case .linked: "complaint_linked"
        case .diverted: "complaint_diverted"
        case .closed: "complaint_closed"
        }
    }
}

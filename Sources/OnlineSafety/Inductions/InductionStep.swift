import JSON
import OpenAPI

/// What belongs to an induction (USR-14). A school asks all of it, or some, of whom it likes.
enum InductionStep: String, Words {
    case policyGiven = "policy_given"
    case policyExplained = "policy_explained"
    case agreementSigned = "agreement_signed"
    case trainingDone = "training_done"
    case imagePermissionSought = "image_permission_sought"

    var label: String {
        switch self {
        case .policyGiven: "A copy of the online safety policy was given to them"
        case .policyExplained: "Its importance was explained, or it was discussed with them"
        case .agreementSigned: "They have signed the acceptable use agreement"
        case .trainingDone: "They were trained in online safety"
        case .imagePermissionSought: "Their permission to use images of them was sought"
        }
    }
}

/// What became of a step.
enum InductionOutcome: String, Words {
    case done
    case notNeeded = "not_needed"
    case notDone = "not_done"

    var label: String {
        switch self {
        case .done: "It was done"
        case .notNeeded: "They do not need it; the note says why"
        case .notDone: "It was not done after all: a correction"
        }
    }
}

/// How the register knows of a step.
enum InductionSource: String, Words {
    case told
    case agreement
    case consent
    case training

    var label: String {
        switch self {
        case .told: "Somebody told it"
        case .agreement: "They have signed the agreements that were put to them"
        case .consent: "They have answered whether images of them may be used"
        case .training: "The record of an induction training names them"
        }
    }
}

/// A step of somebody's induction, as it stands.
struct InductionStanding: Codable, Exemplary {
    let step: InductionStep
    let words: String?
    let dueOn: Day
    let isOverdue: Bool
    let isKnown: Bool
    let outcome: InductionOutcome?
    let doneOn: Day?
    let source: InductionSource?
    let note: String?
    let toldBy: String?
    let toldAt: Instant?

    static var example: InductionStanding {
        InductionStanding(
            step: .policyGiven, words: nil, dueOn: .example, isOverdue: false, isKnown: false,
            outcome: .done, doneOn: .example, source: .told, note: nil,
            toldBy: "School office", toldAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case step, words, outcome, source, note
        case dueOn = "due_on"
        case isOverdue = "is_overdue"
        case isKnown = "is_known"
        case doneOn = "done_on"
        case toldBy = "told_by"
        case toldAt = "told_at"

        var words: String {
            switch self {
            case .step: "The step."
            case .words: "What the school calls it, where it has words of its own."
            case .dueOn: "By when it is to be done."
            case .isOverdue: "Whether that has passed and it is not done."
            case .isKnown:
                "Whether the register knows it of itself, of what was signed or answered."
            case .outcome: "What became of it; absent while it is to be done."
            case .doneOn: "On which day it was done."
            case .source: "How that is known."
            case .note: "What was said about it."
            case .toldBy: "Who told it; absent of what is known otherwise."
            case .toldAt: "When."
            }
        }
    }
}

/// What somebody told of a step, as it was told.
struct InductionAct: Codable, Exemplary {
    let step: InductionStep
    let outcome: InductionOutcome
    let doneOn: Day?
    let note: String?
    let toldBy: String
    let toldAt: Instant

    static var example: InductionAct {
        InductionAct(
            step: .policyGiven, outcome: .done, doneOn: .example, note: nil,
            toldBy: "School office", toldAt: .example)
    }

    enum CodingKeys: String, FieldWords {
        case step, outcome, note
        case doneOn = "done_on"
        case toldBy = "told_by"
        case toldAt = "told_at"

        var words: String {
            switch self {
            case .step: "The step."
            case .outcome: "What became of it."
            case .doneOn: "On which day it was done."
            case .note: "What was said about it; of a correction, why."
            case .toldBy: "Who told it."
            case .toldAt: "When."
            }
        }
    }
}

/// What an adult has said of a use of images of them.
struct ImageAnswer: Codable, Exemplary {
    let purpose: ConsentPurpose
    let answer: ConsentWord
    let givenOn: Day

    static var example: ImageAnswer {
        ImageAnswer(purpose: .schoolWebsite, answer: .consent, givenOn: .example)
    }

    enum CodingKeys: String, FieldWords {
        case purpose, answer
        case givenOn = "given_on"

        var words: String {
            switch self {
            case .purpose: "What for."
            case .answer: "What they said."
            case .givenOn: "On which day."
            }
        }
    }
}

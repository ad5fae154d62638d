import JSON
import OpenAPI

/// What a procedure, or one of its steps, is called: small letters, digits and underscores, 1 to 60
/// of them. Which there are is data.
struct ProcedureCode: TextScalar, Hashable {
    let string: String

    init?(_ text: String) {
        guard (1...60).contains(text.utf8.count), let first = text.utf8.first,
            (97...122).contains(first),
            text.utf8.allSatisfy({
                (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_")
            })
        else { return nil }
        string = text
    }

    static let fault = JSONFault(
        code: "code", detail: "1 to 60 small letters, digits and underscores")
    static let schema = Schema.text(pattern: pattern)
    static let exampleText: StaticString = "cyberbullying"
    private static let pattern = "^[a-z][a-z0-9_]{0,59}$"
}

extension ProcedureCode: ExpressibleByStringLiteral {
    /// For examples in the contract; what the source says is taken as it is.
    init(stringLiteral text: StaticString) { string = text.description }
}

extension ProcedureCode: Argument {
    static func describe(_ operation: inout OperationWords) {
        operation.takesPathValue(schema, example: exampleText.description)
    }

    /// The next `{…}` of the path. What is no code names nothing.
    static func take(from call: inout Call) throws -> ProcedureCode {
        guard let text = call.pathValues.next(),
            let code = ProcedureCode(String(decoding: text, as: UTF8.self))
        else { throw Problem(.notFound) }
        return code
    }
}

/// Who is to take a step.
enum StepActor: String, Words {
    case staff
    case dsl
    case headteacher
    case seniorLeader = "senior_leader"
    case secondSeniorLeader = "second_senior_leader"
    case technician
    case onlineSafetyCoordinator = "online_safety_coordinator"
    case chairOfGovernors = "chair_of_governors"

    var label: String {
        switch self {
        case .staff: "Whoever of the staff comes upon it"
        case .dsl: "The DSL or a deputy"
        case .headteacher: "The headteacher"
        case .seniorLeader: "Somebody senior"
        case .secondSeniorLeader: "A second senior leader"
        case .technician: "The technical staff"
        case .onlineSafetyCoordinator: "The online safety coordinator"
        case .chairOfGovernors: "The chair of governors"
        }
    }
}

/// Whether a step has to be taken.
enum StepNeed: String, Words {
    case mandatory
    case conditional
    case question

    var label: String {
        switch self {
        case .mandatory: "It has to be taken"
        case .conditional: "It has to be taken where its question is answered with yes"
        case .question: "It is a question of itself, answered yes or no"
        }
    }
}

/// What is said to a step.
enum StepAnswer: String, Words {
    case done
    case applies
    case doesNotApply = "does_not_apply"
    case waived
    case notDone = "not_done"
    case yes
    case no
    case unknown

    var label: String {
        switch self {
        case .done: "It was taken"
        case .applies: "Its question: yes; it is still to be taken"
        case .doesNotApply: "Its question: no; it is not to be taken"
        case .waived: "It is not taken, though it had to be"
        case .notDone: "It was not taken after all"
        case .yes: "Yes"
        case .no: "No"
        case .unknown: "Nobody knows yet"
        }
    }

    /// Whether it is an answer to such a step.
    func isOf(_ need: StepNeed) -> Bool {
        switch self {
        case .yes, .no, .unknown: need == .question
        case .applies, .doesNotApply: need == .conditional
        case .done, .waived, .notDone: need != .question
        }
    }

    /// Whether the reason has to be put down.
    var needsWords: Bool { [.doesNotApply, .waived, .notDone].contains(self) }
}

/// Where a step stands.
enum StepState: String, Words {
    case undecided
    case open
    case done
    case waived
    case doesNotApply = "does_not_apply"

    var label: String {
        switch self {
        case .undecided: "Its question waits for a yes or no"
        case .open: "It is to be taken"
        case .done: "It was taken, or its question answered"
        case .waived: "It was waived"
        case .doesNotApply: "It is not to be taken"
        }
    }
}

/// In what a step's time is measured.
enum StepTimeUnit: String, Words {
    case minutes
    case hours
    case schoolDays = "school_days"

    var label: String {
        switch self {
        case .minutes: "Minutes, whatever the day"
        case .hours: "Hours, whatever the day"
        case .schoolDays: "School days: until the end of the last of them"
        }
    }
}

/// Whom a step tells, who must not be told while an agency has to advise first (INC-38).
enum StepTelling: String, Words {
    case parents
    case others

    var label: String {
        switch self {
        case .parents: "Parents or carers"
        case .others: "Other settings, or the public"
        }
    }
}

/// For which country a procedure was written.
enum Jurisdiction: String, Words {
    case england

    var label: String { "England" }
}

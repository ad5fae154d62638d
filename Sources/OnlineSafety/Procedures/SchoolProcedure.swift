import JSON
import OpenAPI

/// A procedure of a school: its own steps and references where it has set them, with the usual ones
/// beside them.
struct SchoolProcedure: Resource {
    let schoolID: ID<School>
    let code: ProcedureCode
    let title: String
    let source: String
    let jurisdiction: Jurisdiction
    let version: Int
    let isOwn: Bool
    let isUsed: Bool
    let steps: [ProcedureStep]
    let references: [ProcedureReference]
    let ledBy: [Role]?
    let with: [ProcedureCode]?
    let isOfImagery: Bool?
    let usualVersion: Int
    let usualSteps: [ProcedureStep]?
    let fromOn: Day?
    let setBy: String?
    let setAt: Instant?
    let etag: String

    static let words = "What a school does of a kind of incident, step by step."
    static var example: SchoolProcedure {
        SchoolProcedure(
            schoolID: .example, code: "hate", title: "Online hate", source: "PRC-16",
            jurisdiction: .england, version: 1, isOwn: false, isUsed: true, steps: [.example],
            references: [.example], ledBy: nil, with: nil, isOfImagery: nil, usualVersion: 1,
            usualSteps: nil, fromOn: nil, setBy: nil, setAt: nil, etag: "\"0\"")
    }

    enum CodingKeys: String, FieldWords {
        case code, title, source, jurisdiction, version, steps, references, with, etag
        case schoolID = "school_id"
        case isOwn = "is_own"
        case isUsed = "is_used"
        case ledBy = "led_by"
        case isOfImagery = "is_of_imagery"
        case usualVersion = "usual_version"
        case usualSteps = "usual_steps"
        case fromOn = "from_on"
        case setBy = "set_by"
        case setAt = "set_at"

        var words: String {
            switch self {
            case .schoolID: "The school."
            case .code: "What it is called."
            case .title: "What people call it."
            case .source: "Which row of the requirements asks for it."
            case .jurisdiction: "For which country it was written."
            case .version: "Its version: the school's own, where it has set one."
            case .isOwn: "Whether the steps are the school's own."
            case .isUsed: "Whether the school uses it; what it does not use is attached to nothing."
            case .steps: "What is done, in this order."
            case .references: "On what it relies."
            case .ledBy: "Which posts lead an incident to which it is attached."
            case .with: "What is attached together with it."
            case .isOfImagery: "Whether it is about images of a child."
            case .usualVersion: "The version of the usual one."
            case .usualSteps: "The usual steps, where the school has its own."
            case .fromOn: "Since when the school has it so; absent where it has set nothing."
            case .setBy: "Who set it."
            case .setAt: "When."
            case .etag: "The version that was set last, to be sent as If-Match; `\"0\"` before."
            }
        }
    }

    /// What a school says of one of its procedures.
    struct Said: JudgedBody {
        let isUsed: Bool?
        let steps: Few<ProcedureStep, 60>?
        let references: Few<ProcedureReference, 30>?
        let fromOn: Day?

        static let schemaName = "SchoolProcedureSaid"
        static let words = "What a school says of a procedure, all of it at once."
        static var example: Said {
            Said(
                isUsed: true, steps: nil, references: [.example], fromOn: nil)
        }

        enum CodingKeys: String, FieldWords {
            case steps, references
            case isUsed = "is_used"
            case fromOn = "from_on"

            var words: String {
                switch self {
                case .isUsed: "Whether the school uses it; it does when not given."
                case .steps:
                    "The school's own steps, in order, which hold instead of the usual ones; the "
                        + "usual ones when not given. Those that are `is_kept` stay."
                case .references:
                    "What it relies on here, instead of what it usually does; the usual when not "
                        + "given."
                case .fromOn: "From which day, today or later; today when not given."
                }
            }
        }

        var ownFaults: [JSONFault] {
            let steps = steps?.elements ?? []
            let codes = steps.map(\.code)
            var faults: [JSONFault] = []
            if self.steps != nil, steps.isEmpty {
                faults.append(
                    JSONFault(pointer: "/steps", code: "required", detail: "Name at least one step")
                )
            }
            for (place, step) in steps.enumerated() {
                let pointer = "/steps/\(place)"
                faults += step.faults(at: pointer)
                if codes[..<place].contains(step.code) {
                    faults.append(
                        JSONFault(
                            pointer: "\(pointer)/code", code: "repeated",
                            detail: "Each step has a code of its own"))
                }
                if let after = step.after, !codes[..<place].contains(after) {
                    faults.append(.unknownStep(at: "\(pointer)/after"))
                }
                for (index, question) in (step.requiredBy?.elements ?? []).enumerated()
                where !steps.contains(where: { $0.code == question && $0.need == .question }) {
                    faults.append(.unknownStep(at: "\(pointer)/required_by/\(index)"))
                }
            }
            return faults
        }
    }

    /// As it is kept: what is not said holds as it usually does.
    struct Kept: Encodable {
        let isUsed: Bool?
        let steps: Few<ProcedureStep, 60>?
        let references: Few<ProcedureReference, 30>?

        enum CodingKeys: String, CodingKey {
            case steps, references
            case isUsed = "is_used"
        }
    }
}

extension JSONFault {
    fileprivate static func unknownStep(at pointer: String) -> JSONFault {
        JSONFault(
            pointer: pointer, code: "unknown_step",
            detail: "Name an earlier step; of what requires it, a question")
    }
}

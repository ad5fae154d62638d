import JSON
import OpenAPI

/// A problem as the contract shows it (RFC 9457).
struct ProblemShown: Codable, Named {
    let type: String
    let title: String
    let status: Int
    let code: Code
    let detail: String
    let instance: String?
    let requestID: String?
    let errors: [FaultShown]?

    static let schemaName = "Problem"
    static let schemaWords: String? = "Why a request was refused (RFC 9457)."

    /// The codes are part of the API: never renamed, new ones only added.
    struct Code: Codable, SchemaProviding, Exemplary {
        let string: String

        init(from decoder: any Decoder) throws {
            string = try decoder.singleValueContainer().decode(String.self)
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(string)
        }

        private init(_ string: String) { self.string = string }

        static var example: Code { Code(Problem.Code.notFound.rawValue) }
        static var schema: Schema { .text(choices: Problem.codes) }
    }

    struct FaultShown: Codable, Named {
        static let schemaName = "Fault"
        static let schemaWords: String? = "One thing that is wrong, and where."

        let pointer: String?
        let parameter: String?
        let code: String
        let detail: String
    }

    enum CodingKeys: String, FieldWords {
        case type, title, status, code, detail, instance, errors
        case requestID = "request_id"

        var words: String {
            switch self {
            case .type: "Names the kind of problem; `code` with hyphens."
            case .title: "What is wrong, in general."
            case .status: "The status of the answer."
            case .code:
                Problem.Code.allCases.map { "`\($0.rawValue)`: \($0.title)." }
                    .joined(separator: " ")
            case .detail: "What is wrong here, and what to do."
            case .instance: "The path that was asked for."
            case .requestID: "What the request is called in the log."
            case .errors: "Every fault, each with its place."
            }
        }
    }
}

extension ProblemShown.FaultShown {
    enum CodingKeys: String, FieldWords {
        case pointer, parameter, code, detail

        var words: String {
            switch self {
            case .pointer: "Where in the body (JSON Pointer, RFC 6901)."
            case .parameter: "Which parameter or header, when it is not in the body."
            case .code:
                "What is wrong, one of the vocabulary `fault_codes`, whose words never change."
            case .detail: "What to do about it. The value is never repeated."
            }
        }
    }
}

extension Problem {
    /// Every code, those of the HTTP layer among them.
    static let codes = Code.allCases.map(\.rawValue) + HTTPCodes.all
}

import JSON
import OpenAPI

typealias Parameter = Document.Parameter

extension Schema {
    static func text(
        format: String? = nil, minLength: Int? = nil, maxLength: Int? = nil,
        pattern: String? = nil, choices: [String] = []
    ) -> Schema {
        .string(
            .init(
                format: format, minLength: minLength, maxLength: maxLength, pattern: pattern,
                choices: choices))
    }

    static var id: Schema { .text(format: "uuid") }
}

extension Document.Parameter {
    static func query(
        _ name: String, _ words: String, _ schema: Schema, _ example: JSONValue?
    ) -> Parameter {
        Parameter(name, in: .query, words, schema: schema, example: example)
    }

    /// One word of a closed list, or several separated by commas.
    static func words<Word: Words>(_ name: String, _ words: String, _: Word.Type) -> Parameter {
        .choices(name, words, Word.allCases.map(\.rawValue))
    }

    /// The same of a list that is put together when the program starts.
    static func choices(_ name: String, _ words: String, _ choices: [String]) -> Parameter {
        let one = choices.joined(separator: "|")
        return Parameter(
            name, in: .query, "\(words) Separated by commas: \(choices.joined(separator: ", ")).",
            schema: .text(pattern: "^(\(one))(,(\(one)))*$"), example: .string(choices[0]))
    }
}

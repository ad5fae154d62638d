import JSON
import OpenAPI
import Postgres

/// A value that is one piece of text in JSON and in the database, of a form that it checks itself.
protocol TextScalar: Codable, SQLValue, SchemaProviding, Exemplary, Sendable {
    var string: String { get }
    init?(_ text: String)

    /// What to say of text that has not this form.
    static var fault: JSONFault { get }
    static var exampleText: StaticString { get }
}

extension TextScalar {
    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Self(text) else { throw Self.fault }
        self = value
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(string)
    }

    func bind(to parameters: inout Parameters) { string.bind(to: &parameters) }

    static var example: Self {
        guard let value = Self(exampleText.description) else {
            preconditionFailure("\(exampleText) is no \(Self.self)")
        }
        return value
    }
}

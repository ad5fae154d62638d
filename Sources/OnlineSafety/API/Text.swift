import JSON
import OpenAPI
import Postgres

/// Text that a person wrote, byte for byte: not blank, at most `limit` characters (Unicode
/// scalars), and without the control characters that no keyboard makes.
struct Text<let limit: Int>: Codable, Hashable, Sendable, SQLValue, SchemaProviding, Exemplary {
    let string: String

    init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    init(_ string: String) throws(JSONFault) {
        guard !string.unicodeScalars.allSatisfy(\.properties.isWhitespace) else {
            throw JSONFault(code: "blank", detail: "Write something here")
        }
        guard string.unicodeScalars.count <= limit else {
            throw JSONFault(code: "too_long", detail: "At most \(limit) characters")
        }
        guard !string.utf8.contains(where: { $0 < 0x20 && !Self.layout.contains($0) }) else {
            throw JSONFault(code: "control_character", detail: "Leave out control characters")
        }
        self.string = string
    }

    private init(example: String) { string = example }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(string)
    }

    func bind(to parameters: inout Parameters) { string.bind(to: &parameters) }

    /// Tab, line feed, carriage return.
    private static var layout: [UInt8] { [0x09, 0x0A, 0x0D] }

    static var schema: Schema { .text(minLength: 1, maxLength: limit) }
    static var example: Text { Text(example: "text") }
}

extension Text: ExpressibleByStringLiteral {
    /// For examples in the contract; what the source says is taken as it is.
    init(stringLiteral text: StaticString) { self.init(example: text.description) }
}

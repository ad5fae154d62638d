import JSON

/// What a JSON value may be, in the terms of OpenAPI 3.1 (JSON Schema 2020-12).
package struct Schema: Hashable, Sendable {
    package var shape: Shape
    package var isNullable = false
    /// A sentence for people.
    package var description: String?
    package var example: JSONValue?

    package init(_ shape: Shape) { self.shape = shape }

    package indirect enum Shape: Hashable, Sendable {
        case anything
        case boolean
        case number
        case integer(Limits)
        case string(Text)
        case list(of: Schema, atMost: Int?)
        case map(of: Schema)
        case object(Object)
    }

    /// The least and the greatest whole number.
    package struct Limits: Hashable, Sendable {
        package var minimum: Int?
        package var maximum: Int?

        package init(minimum: Int? = nil, maximum: Int? = nil) {
            (self.minimum, self.maximum) = (minimum, maximum)
        }
    }

    /// The rules of a text; lengths are in characters as JSON Schema counts them: code points.
    package struct Text: Hashable, Sendable {
        package var format: String?
        package var minLength: Int?
        package var maxLength: Int?
        package var pattern: String?
        package var choices: [String]

        package init(
            format: String? = nil, minLength: Int? = nil, maxLength: Int? = nil,
            pattern: String? = nil, choices: [String] = []
        ) {
            (self.format, self.minLength, self.maxLength) = (format, minLength, maxLength)
            (self.pattern, self.choices) = (pattern, choices)
        }
    }

    /// The fields of a named type.
    package struct Object: Hashable, Sendable {
        package let name: String
        package var words: String?
        package var properties: [Property]

        package init(name: String, words: String? = nil, properties: [Property]) {
            (self.name, self.words, self.properties) = (name, words, properties)
        }
    }

    /// One field; its schema carries its sentence.
    package struct Property: Hashable, Sendable {
        package let name: String
        package var schema: Schema
        package var isRequired: Bool

        package init(name: String, schema: Schema, isRequired: Bool) {
            (self.name, self.schema, self.isRequired) = (name, schema, isRequired)
        }
    }
}

extension Schema {
    package static let anything = Schema(.anything)
    package static let boolean = Schema(.boolean)
    package static let number = Schema(.number)

    package static func integer(minimum: Int? = nil, maximum: Int? = nil) -> Schema {
        Schema(.integer(Limits(minimum: minimum, maximum: maximum)))
    }

    package static func string(_ text: Text = Text()) -> Schema { Schema(.string(text)) }

    package static func list(of element: Schema, atMost count: Int? = nil) -> Schema {
        Schema(.list(of: element, atMost: count))
    }

    package static func map(of value: Schema) -> Schema { Schema(.map(of: value)) }

    package static func object(_ object: Object) -> Schema { Schema(.object(object)) }

    /// The same, with a sentence for people.
    package func described(_ words: String) -> Schema {
        var schema = self
        schema.description = words
        return schema
    }

    /// The same, with an example.
    package func shown(by example: JSONValue) -> Schema {
        var schema = self
        schema.example = example
        return schema
    }

    /// The same, or null, which anything may be as it is.
    package var orNull: Schema {
        var schema = self
        schema.isNullable = shape != .anything
        return schema
    }
}

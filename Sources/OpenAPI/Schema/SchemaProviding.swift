import FoundationEssentials
import JSON

/// A scalar that knows its own schema; every other type is read while it decodes itself.
///
/// Its example is `JSON.example(of:)`: conform to `Exemplary` as well where "" or 0 will not do.
package protocol SchemaProviding {
    static var schema: Schema { get }
}

/// The keys of a type whose fields each have a sentence, in the words of those who use them.
///
/// Write `words` as a `switch` without a default: a field without words does not compile.
package protocol FieldWords: CodingKey {
    var words: String { get }
}

/// A type that names its own schema; others are named after the type, `Incident.Report` as
/// `IncidentReport` and `Page<Incident>` as `IncidentPage`.
package protocol Named {
    static var schemaName: String { get }
    /// A sentence about the whole.
    static var schemaWords: String? { get }
}

extension Named {
    package static var schemaName: String { TypeName.readable(Self.self) }
    package static var schemaWords: String? { nil }
}

extension JSONValue: SchemaProviding {
    package static var schema: Schema { .anything }
}

extension UUID: SchemaProviding {
    package static var schema: Schema { .string(.init(format: "uuid")) }
}

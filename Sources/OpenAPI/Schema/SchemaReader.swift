import JSON

extension Schema {
    /// The schema of a type, read by letting it decode itself from a decoder that takes notes.
    ///
    /// Throws `SchemaFault` for a type whose fields have no words or that contains itself.
    package static func of<Value: Decodable>(_ type: Value.Type) throws -> Schema {
        try SchemaReader.read(type).schema
    }
}

/// A decoder that notes what a type asks for and answers with examples.
final class SchemaReader: Decoder {
    let type: Any.Type
    /// The types around this one, so that one that contains itself is found.
    private let outer: [ObjectIdentifier]
    private var schema: Schema?
    private var properties: [Schema.Property] = []
    private var tried: Set<String> = []

    private init(_ type: Any.Type, inside outer: [ObjectIdentifier]) {
        (self.type, self.outer) = (type, outer)
    }

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy _: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard Key.self is any FieldWords.Type else {
            throw fault("its CodingKeys give no words; let them be FieldWords")
        }
        note(object())
        return KeyedDecodingContainer(SchemaMembers(reader: self))
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer { SchemaElements(reader: self) }
    func singleValueContainer() -> any SingleValueDecodingContainer { SchemaSingle(reader: self) }
}

extension SchemaReader {
    /// The schema of a type, and an example of it to answer with.
    static func read<Value: Decodable>(
        _ type: Value.Type, inside outer: [ObjectIdentifier] = []
    ) throws -> (schema: Schema, value: Value) {
        do {
            return try readKind(type, inside: outer)
        } catch let fault as SchemaFault {
            throw fault
        } catch {
            let reason = "it refuses an empty example; let it be SchemaProviding and Exemplary"
            throw SchemaFault(type: String(reflecting: type), reason: reason)
        }
    }

    private static func readKind<Value: Decodable>(
        _ type: Value.Type, inside outer: [ObjectIdentifier]
    ) throws -> (schema: Schema, value: Value) {
        if let scalar = type as? any SchemaProviding.Type {
            let value = try JSON.example(of: type)
            return (try shown(scalar.schema, by: value), value)
        }
        if let words = WordList.words(of: type) {
            return (.string(.init(choices: words)), try JSON.example(of: type))
        }
        if let map = type as? any SchemaMap.Type {
            return (try map.read(inside: outer), try JSON.example(of: type))
        }
        return try readParts(type, inside: outer)
    }

    private static func readParts<Value: Decodable>(
        _ type: Value.Type, inside outer: [ObjectIdentifier]
    ) throws -> (schema: Schema, value: Value) {
        let reader = SchemaReader(type, inside: outer + [ObjectIdentifier(type)])
        guard !outer.contains(ObjectIdentifier(type)) else {
            throw reader.fault("it contains itself")
        }
        let value = try type.init(from: reader)
        guard let schema = reader.schema else { throw reader.fault("it asks for nothing") }
        return (type is any NullAccepting.Type ? schema.orNull : schema, value)
    }

    /// The schema with the type's own example, where the type has one that can be written.
    private static func shown(_ schema: Schema, by value: some Decodable) throws -> Schema {
        guard schema.example == nil, value is any Exemplary, schema.shape != .anything,
            let encodable = value as? any Encodable
        else { return schema }
        return schema.shown(by: try JSON.value(of: encodable))
    }

    func read<Value: Decodable>(_ type: Value.Type) throws -> (schema: Schema, value: Value) {
        try Self.read(type, inside: outer)
    }

    func note(_ schema: Schema) { self.schema = schema }

    /// Whoever asks whether a field is there can do without it.
    func noteTried(_ name: String) { tried.insert(name) }

    /// Notes a field and answers with an example of it.
    func property<Value: Decodable>(_ type: Value.Type, _ key: some CodingKey) throws -> Value {
        var (schema, value) = try read(type)
        let isTried = tried.contains(key.stringValue)
        schema.description = (key as? any FieldWords)?.words
        if isTried || type is any NullAccepting.Type { schema = schema.orNull }
        properties.append(
            .init(
                name: key.stringValue, schema: schema,
                isRequired: !isTried && !(type is any Omissible.Type)))
        note(object())
        return value
    }

    private func object() -> Schema {
        let words = (type as? any Named.Type)?.schemaWords
        return .object(.init(name: TypeName.of(type), words: words, properties: properties))
    }

    func fault(_ reason: String) -> SchemaFault {
        SchemaFault(type: String(reflecting: type), reason: reason)
    }
}

/// Objects whose names are not known beforehand.
private protocol SchemaMap {
    static func read(inside outer: [ObjectIdentifier]) throws -> Schema
}

extension Dictionary: SchemaMap where Key == String, Value: Decodable {
    static func read(inside outer: [ObjectIdentifier]) throws -> Schema {
        .map(of: try SchemaReader.read(Value.self, inside: outer).schema)
    }
}

/// The fields that a type asks for.
struct SchemaMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let reader: SchemaReader

    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }
    func decodeNil(forKey _: Key) -> Bool { false }

    func contains(_ key: Key) -> Bool {
        reader.noteTried(key.stringValue)
        return true
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try reader.property(type, key)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy _: Nested.Type, forKey _: Key
    ) throws -> KeyedDecodingContainer<Nested> { throw nesting }

    func nestedUnkeyedContainer(forKey _: Key) throws -> any UnkeyedDecodingContainer {
        throw nesting
    }

    func superDecoder() -> any Decoder { reader }
    func superDecoder(forKey _: Key) throws -> any Decoder { throw nesting }

    private var nesting: SchemaFault { reader.fault("it takes a part apart that has no type") }
}

/// The one element that a list is asked for.
struct SchemaElements: UnkeyedDecodingContainer {
    let reader: SchemaReader
    private(set) var currentIndex = 0

    init(reader: SchemaReader) { self.reader = reader }

    var codingPath: [any CodingKey] { [] }
    var count: Int? { nil }
    var isAtEnd: Bool { currentIndex > 0 }
    func decodeNil() -> Bool { false }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let (schema, value) = try reader.read(type)
        reader.note(.list(of: schema))
        currentIndex += 1
        return value
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy _: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> { throw nesting }

    func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { throw nesting }
    func superDecoder() throws -> any Decoder { throw nesting }

    private var nesting: SchemaFault { reader.fault("it takes a part apart that has no type") }
}

/// A scalar, or what a wrapper holds.
struct SchemaSingle: SingleValueDecodingContainer {
    let reader: SchemaReader

    var codingPath: [any CodingKey] { [] }
    func decodeNil() -> Bool { false }

    func decode(_: Bool.Type) -> Bool { noting(.boolean, false) }
    func decode(_: String.Type) -> String { noting(.string(), "") }
    func decode(_: Double.Type) -> Double { noting(.number, 0) }
    func decode(_: Float.Type) -> Float { noting(.number, 0) }

    func decode<Integer: Decodable & FixedWidthInteger>(_: Integer.Type) -> Integer {
        noting(.integer(minimum: Integer.isSigned ? nil : 0), 0)
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let (schema, value) = try reader.read(type)
        return noting(schema, value)
    }

    private func noting<Value>(_ schema: Schema, _ value: Value) -> Value {
        reader.note(schema)
        return value
    }
}

/// Lets a type decode itself from nothing but examples: empty text, zero, no elements, no
/// optionals.
struct ExampleDecoder: Decoder {
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func example<Result: Decodable>(of type: Result.Type) throws -> Result {
        if let type = type as? any Exemplary.Type, let example = type.example as? Result {
            return example
        }
        if let list = type as? any CaseIterable.Type,
            let first = WordList.values(of: list).first as? Result
        {
            return first
        }
        if let type = type as? any Omissible.Type, let absent = type.absent as? Result {
            return absent
        }
        return try type.init(from: ExampleDecoder())
    }

    func container<Key: CodingKey>(keyedBy _: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Members())
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer { Elements() }
    func singleValueContainer() -> any SingleValueDecodingContainer { Single() }

    /// What a type asks of an example that an example does not hold.
    struct Nothing: Error {}
}

extension ExampleDecoder {
    private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
        var codingPath: [any CodingKey] { [] }
        var allKeys: [Key] { [] }
        func contains(_: Key) -> Bool { false }
        func decodeNil(forKey _: Key) -> Bool { true }

        func decode<Result: Decodable>(_ type: Result.Type, forKey _: Key) throws -> Result {
            try ExampleDecoder.example(of: type)
        }

        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type, forKey _: Key
        ) -> KeyedDecodingContainer<Nested> { ExampleDecoder().container(keyedBy: type) }

        func nestedUnkeyedContainer(forKey _: Key) -> any UnkeyedDecodingContainer { Elements() }
        func superDecoder() -> any Decoder { ExampleDecoder() }
        func superDecoder(forKey _: Key) -> any Decoder { ExampleDecoder() }
    }

    private struct Elements: UnkeyedDecodingContainer {
        var codingPath: [any CodingKey] { [] }
        var count: Int? { 0 }
        var isAtEnd: Bool { true }
        var currentIndex: Int { 0 }
        func decodeNil() -> Bool { true }
        func decode<Result: Decodable>(_: Result.Type) throws -> Result { throw Nothing() }

        func nestedContainer<Nested: CodingKey>(
            keyedBy _: Nested.Type
        ) throws -> KeyedDecodingContainer<Nested> { throw Nothing() }

        func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { throw Nothing() }
        func superDecoder() throws -> any Decoder { throw Nothing() }
    }

    private struct Single: SingleValueDecodingContainer {
        var codingPath: [any CodingKey] { [] }
        func decodeNil() -> Bool { true }
        func decode(_: Bool.Type) -> Bool { false }
        func decode(_: String.Type) -> String { "" }
        func decode(_: Double.Type) -> Double { 0 }
        func decode(_: Float.Type) -> Float { 0 }
        func decode<Integer: Decodable & FixedWidthInteger>(_: Integer.Type) -> Integer { 0 }

        func decode<Result: Decodable>(_ type: Result.Type) throws -> Result {
            try ExampleDecoder.example(of: type)
        }
    }
}

/// An object's members as a type asks for them: what is wrong is noted, never thrown.
struct JSONKeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoding: JSONDecoding

    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { decoding.names.compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool { decoding.member(key.stringValue) != nil }

    func decodeNil(forKey key: Key) -> Bool {
        switch decoding.member(key.stringValue) {
        case .null?, nil: true
        default: false
        }
    }

    func decode<Result: Decodable>(_ type: Result.Type, forKey key: Key) throws -> Result {
        guard let value = decoding.member(key.stringValue) else {
            return try decoding.notes.decodeAbsent(type, at: place(key))
        }
        return try decoding.notes.decode(type, from: value, at: place(key))
    }

    /// As Swift would do it by itself, but looked for once and not three times.
    func decodeIfPresent<Result: Decodable>(
        _ type: Result.Type, forKey key: Key
    ) throws -> Result? {
        switch decoding.member(key.stringValue) {
        case .null?, nil: nil
        case let value?: try decoding.notes.decode(type, from: value, at: place(key))
        }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try superDecoder(forKey: key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try superDecoder(forKey: key).unkeyedContainer()
    }

    /// A class and the one it inherits from share one flat object.
    func superDecoder() -> any Decoder { decoding }

    func superDecoder(forKey key: Key) -> any Decoder {
        decoding.nest(decoding.member(key.stringValue) ?? .null, at: place(key))
    }

    private func place(_ key: Key) -> JSONPlace { .member(of: decoding.place, key.stringValue) }
}

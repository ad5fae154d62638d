/// An object's members, written as they are encoded.
struct JSONKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let writer: JSONWriter
    let level: Int

    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) {
        writer.member(key.stringValue, at: level)
        writer.buffer.append("null" as StaticString)
    }

    func encode(_ value: some Encodable, forKey key: Key) throws {
        if let value = value as? any Omissible, value.isAbsent { return }
        writer.member(key.stringValue, at: level)
        try writer.write(value)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        nest(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        nest(key).unkeyedContainer()
    }

    /// A class and the one it inherits from share one flat object.
    func superEncoder() -> any Encoder { JSONEncoding(writer: writer, level: level - 1) }

    func superEncoder(forKey key: Key) -> any Encoder { nest(key) }

    private func nest(_ key: Key) -> JSONEncoding {
        writer.member(key.stringValue, at: level)
        return JSONEncoding(writer: writer, level: level)
    }
}

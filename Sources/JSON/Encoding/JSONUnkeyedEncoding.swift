/// An array's elements, written as they are encoded.
struct JSONUnkeyedEncoding: UnkeyedEncodingContainer {
    let writer: JSONWriter
    let level: Int

    var codingPath: [any CodingKey] { [] }
    var count: Int { writer.count(at: level) }

    func encodeNil() {
        writer.element(at: level)
        writer.buffer.append("null" as StaticString)
    }

    func encode(_ value: some Encodable) throws {
        writer.element(at: level)
        try writer.write(value)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) -> KeyedEncodingContainer<Nested> {
        nest().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nest().unkeyedContainer() }
    func superEncoder() -> any Encoder { nest() }

    private func nest() -> JSONEncoding {
        writer.element(at: level)
        return JSONEncoding(writer: writer, level: level)
    }
}

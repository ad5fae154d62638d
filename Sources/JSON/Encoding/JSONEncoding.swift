/// One value on its way into the writer's buffer.
struct JSONEncoding: Encoder {
    let writer: JSONWriter
    /// How many containers were open when the value's turn came.
    let level: Int

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy _: Key.Type) -> KeyedEncodingContainer<Key> {
        writer.begin(isObject: true, at: level)
        return KeyedEncodingContainer(JSONKeyedEncoding(writer: writer, level: level + 1))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        writer.begin(isObject: false, at: level)
        return JSONUnkeyedEncoding(writer: writer, level: level + 1)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        JSONSingleEncoding(writer: writer)
    }
}

extension JSONValue: Encodable {
    /// Writes the value as it stands. Only JSON's own encoder can.
    package func encode(to encoder: any Encoder) throws {
        guard let encoding = encoder as? JSONEncoding else {
            let reason = "Only JSON's own encoder writes a JSON value."
            throw EncodingError.invalidValue(self, .init(codingPath: [], debugDescription: reason))
        }
        encoding.writer.write(json: self)
    }

    /// The value as UTF-8.
    package func bytes(layout: JSONLayout = .compact) -> [UInt8] {
        let writer = JSONWriter(layout: layout)
        writer.write(json: self)
        return Array(writer.buffer.bytes)
    }
}

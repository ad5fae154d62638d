import Bytes

/// A value that is not taken apart.
struct JSONSingleEncoding: SingleValueEncodingContainer {
    let writer: JSONWriter

    var codingPath: [any CodingKey] { [] }

    func encodeNil() { writer.buffer.append("null" as StaticString) }
    func encode(_ value: Bool) { writer.write(value) }
    func encode(_ value: String) { writer.buffer.appendJSON(value) }
    func encode(_ value: Float) throws { try encode(number: JSONNumber(value), value) }
    func encode(_ value: Double) throws { try encode(number: JSONNumber(value), value) }

    func encode(_ value: some Encodable & FixedWidthInteger) {
        writer.buffer.append(JSONNumber(value).text)
    }

    func encode(_ value: some Encodable) throws { try writer.write(value) }

    /// RFC 8259, section 6 has no infinity and no NaN.
    private func encode(number: JSONNumber?, _ value: some Encodable) throws {
        guard let number else {
            let reason = "JSON has no number for this."
            throw EncodingError.invalidValue(
                value, .init(codingPath: [], debugDescription: reason))
        }
        writer.buffer.append(number.text)
    }
}

import Bytes

/// JSON as RFC 8259 has it and no more: read strictly, decoded with every fault, written in order.
package enum JSON {
    /// Reads one JSON text.
    ///
    /// Refuses what RFC 8259 leaves to taste: duplicate names (section 4), lone surrogates and
    /// U+0000 (section 8.2), a byte order mark (section 8.1). Time is linear in the bytes. The
    /// total size is the caller's to bound, before the bytes are read off the wire.
    package static func parse(
        _ bytes: UnsafeRawBufferPointer, limits: JSONLimits = .init()
    ) throws(JSONSyntaxError) -> JSONValue {
        var parser = JSONParser(bytes: bytes, limits: limits)
        return try parser.document()
    }

    /// Reads one JSON text as `parse` does, for what must not bounce: U+FFFD takes the place of one
    /// half of a pair of surrogates, or of U+0000, and it says where, at most `JSONFaults.limit`
    /// places.
    package static func mend(
        _ bytes: UnsafeRawBufferPointer, limits: JSONLimits = .init()
    ) throws(JSONSyntaxError) -> (value: JSONValue, mended: [JSONFault]) {
        var parser = JSONParser(bytes: bytes, limits: limits, mends: true)
        return (try parser.document(), parser.mended)
    }

    /// Turns a value into a `Type`, or reports every fault in it at once.
    ///
    /// A member that `Type` never asks for is a fault too. At most `JSONFaults.limit` are kept.
    package static func decode<Result: Decodable>(
        _ type: Result.Type, from value: JSONValue
    ) throws(JSONFaults) -> Result {
        let notes = JSONNotes()
        let result = try? notes.decode(type, from: value, at: .root)
        guard let result, notes.faults.isEmpty else { throw JSONFaults(faults: notes.faults) }
        return result
    }

    /// A value of `type` made of examples alone; see `Exemplary`.
    ///
    /// Throws where a part of it has no example and cannot be decoded from parts that have.
    package static func example<Result: Decodable>(of type: Result.Type) throws -> Result {
        try ExampleDecoder.example(of: type)
    }

    /// Writes a value at the end of `buffer`, members in the order in which they are encoded.
    ///
    /// Throws `EncodingError` for a number that is not finite (RFC 8259, section 6), and what the
    /// value itself throws; the buffer then holds a part that must not be sent.
    package static func encode(
        _ value: some Encodable, into buffer: inout ByteBuffer, layout: JSONLayout = .compact
    ) throws {
        let writer = JSONWriter(layout: layout)
        swap(&writer.buffer, &buffer)
        defer { swap(&writer.buffer, &buffer) }
        try writer.write(value)
    }

    /// The bytes of a value; see `encode(_:into:layout:)`.
    package static func bytes(
        of value: some Encodable, layout: JSONLayout = .compact
    ) throws -> [UInt8] {
        var buffer = ByteBuffer()
        try encode(value, into: &buffer, layout: layout)
        return Array(buffer.bytes)
    }

    /// The value that an encodable is written as.
    package static func value(of value: some Encodable) throws -> JSONValue {
        try bytes(of: value).withUnsafeBytes { try parse($0) }
    }
}

import FoundationEssentials

/// The values of one statement in PostgreSQL's text form, one after another: a one, the text and a
/// zero; or a zero alone, which is null. In one array, because every request makes some of these.
package struct Parameters: Sendable {
    private var bytes: [UInt8] = []
    private var count = 0

    /// Some text holds a NUL, which PostgreSQL cannot keep: the statement is refused, unsent.
    private(set) var holdsNul = false

    /// How many bytes they are.
    var size: Int { bytes.count }

    mutating func reserve(_ count: Int) {
        if count > 0 { bytes.reserveCapacity(max(192, count * 40)) }
    }

    package mutating func appendNull() {
        bytes.append(0)
        count += 1
    }

    package mutating func append(text: String) {
        var text = text
        text.withUTF8 { text in
            append {
                if text.contains(0) { $0.holdsNul = true }
                $0.bytes.append(contentsOf: text)
            }
        }
    }

    package mutating func append(uuid: UUID) {
        append { $0.write(uuid) }
    }

    /// A `uuid[]`.
    package mutating func append(uuids: some Sequence<UUID>) {
        append { parameters in
            parameters.bytes.append(UInt8(ascii: "{"))
            var isFirst = true
            for uuid in uuids {
                if !isFirst { parameters.bytes.append(UInt8(ascii: ",")) }
                isFirst = false
                parameters.write(uuid)
            }
            parameters.bytes.append(UInt8(ascii: "}"))
        }
    }

    /// An `integer[]`, or one of `bigint`.
    package mutating func append(integers: some Sequence<Int>) {
        append { parameters in
            parameters.bytes.append(UInt8(ascii: "{"))
            var isFirst = true
            for integer in integers {
                if !isFirst { parameters.bytes.append(UInt8(ascii: ",")) }
                isFirst = false
                parameters.write(integer)
            }
            parameters.bytes.append(UInt8(ascii: "}"))
        }
    }

    /// A `bytea`.
    package mutating func append(bytes: some Sequence<UInt8>) {
        append { parameters in
            parameters.bytes += [UInt8(ascii: "\\"), UInt8(ascii: "x")]
            for byte in bytes { parameters.append(hex: byte) }
        }
    }

    /// An array whose elements are the values that `fill` appends.
    package mutating func appendArray(_ fill: (inout Parameters) -> Void) {
        var elements = Parameters()
        fill(&elements)
        if elements.holdsNul { holdsNul = true }
        append { $0.write(elements) }
    }

    mutating func append(_ other: Parameters) {
        bytes += other.bytes
        count += other.count
        if other.holdsNul { holdsNul = true }
    }

    private mutating func append(_ write: (inout Parameters) -> Void) {
        bytes.append(1)
        write(&self)
        bytes.append(0)
        count += 1
    }

    private mutating func write(_ uuid: UUID) {
        withUnsafeBytes(of: uuid.uuid) { uuid in
            for index in 0..<16 {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    bytes.append(UInt8(ascii: "-"))
                }
                append(hex: uuid[index])
            }
        }
    }

    private mutating func write(_ integer: Int) {
        if integer < 0 { bytes.append(UInt8(ascii: "-")) }
        var rest = integer.magnitude
        let start = bytes.count
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }

    private mutating func append(hex byte: UInt8) {
        bytes.append(hexDigit(byte >> 4))
        bytes.append(hexDigit(byte & 15))
    }
}

// MARK: - Arrays

extension Parameters {
    /// `{"one","two",NULL}`: quoted, so that nothing in an element has a meaning.
    private mutating func write(_ elements: Parameters) {
        bytes.append(UInt8(ascii: "{"))
        var isFirst = true
        elements.forEachValue { element in
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            if let element { write(quoted: element) } else { bytes += "NULL".utf8 }
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func write(quoted element: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        for byte in element {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes.append(UInt8(ascii: "\\"))
            }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

// MARK: - For libpq

extension Parameters {
    /// The values as libpq wants them: pointers to text, and how many.
    func withPointers<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, Int32) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(
            of: UnsafePointer<CChar>?.self, capacity: count
        ) { values in
            var index = 0
            forEachValue { value in
                let text = UnsafeRawPointer(value?.baseAddress)
                values.initializeElement(
                    at: index, to: text?.assumingMemoryBound(to: CChar.self))
                index += 1
            }
            return body(values.baseAddress.map { UnsafePointer($0) }, Int32(count))
        }
    }

    /// Each value without the zero that follows it; `nil` is null. (A text that holds a zero itself
    /// comes in pieces: such a statement is never sent.)
    private func forEachValue(_ body: (UnsafeBufferPointer<UInt8>?) -> Void) {
        bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            for _ in 0..<count {
                guard bytes[start] != 0 else {
                    body(nil)
                    start += 1
                    continue
                }
                let end = bytes[start...].firstIndex(of: 0) ?? bytes.count
                body(UnsafeBufferPointer(rebasing: bytes[start + 1..<end]))
                start = end + 1
            }
        }
    }
}

@inline(__always)
private func hexDigit(_ digit: UInt8) -> UInt8 { digit < 10 ? 48 + digit : 87 + digit }

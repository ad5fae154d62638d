import FoundationEssentials

/// The values of one statement in PostgreSQL's text form, one after another, each ended by a zero.
package struct Parameters: Sendable {
    private var bytes: [UInt8] = []
    private var offsets: [Int] = []

    /// Some text holds a NUL, which PostgreSQL cannot keep: the statement is refused, unsent.
    private(set) var holdsNul = false

    /// How many bytes they are.
    var size: Int { bytes.count }

    mutating func reserve(_ count: Int) {
        bytes.reserveCapacity(count * 40)
        offsets.reserveCapacity(count)
    }

    package mutating func appendNull() {
        offsets.append(-1)
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
        append { parameters in
            withUnsafeBytes(of: uuid.uuid) { uuid in
                for (index, byte) in uuid.enumerated() {
                    if index == 4 || index == 6 || index == 8 || index == 10 {
                        parameters.bytes.append(UInt8(ascii: "-"))
                    }
                    parameters.append(hex: byte)
                }
            }
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
        let start = bytes.count
        offsets += other.offsets.map { $0 < 0 ? $0 : $0 + start }
        bytes += other.bytes
        if other.holdsNul { holdsNul = true }
    }

    private mutating func append(_ write: (inout Parameters) -> Void) {
        offsets.append(bytes.count)
        write(&self)
        bytes.append(0)
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
        for (index, offset) in elements.offsets.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            if offset < 0 {
                bytes += "NULL".utf8
            } else {
                write(quoted: elements.bytes[offset..<elements.end(of: index)])
            }
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func write(quoted element: ArraySlice<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        for byte in element {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes.append(UInt8(ascii: "\\"))
            }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Where a value ends, before its zero.
    private func end(of index: Int) -> Int {
        (offsets[(index + 1)...].first { $0 >= 0 } ?? bytes.count) - 1
    }
}

// MARK: - For libpq

extension Parameters {
    /// The values as libpq wants them: pointers to text, and how many.
    func withPointers<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, Int32) -> Result
    ) -> Result {
        bytes.withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(
                of: UnsafePointer<CChar>?.self, capacity: offsets.count
            ) { values in
                for (index, offset) in offsets.enumerated() {
                    let text = offset < 0 ? nil : bytes.baseAddress?.advanced(by: offset)
                    values.initializeElement(
                        at: index, to: text?.assumingMemoryBound(to: CChar.self))
                }
                return body(values.baseAddress.map { UnsafePointer($0) }, Int32(offsets.count))
            }
        }
    }
}

@inline(__always)
private func hexDigit(_ digit: UInt8) -> UInt8 { digit < 10 ? 48 + digit : 87 + digit }

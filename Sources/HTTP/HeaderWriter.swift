import Bytes

/// Writes fields into the head of an answer.
///
/// A value with a CR, an LF, a NUL or any other control character but the tab would let its author
/// write the rest of the answer: such a field is left out, and `add` says `false`.
package struct HeaderWriter: ~Copyable {
    private var output = ByteBuffer()

    /// Lets `add` write fields at the end of `output`.
    static func write(to output: inout ByteBuffer, _ add: (inout HeaderWriter) -> Void) {
        var writer = HeaderWriter()
        swap(&writer.output, &output)
        add(&writer)
        swap(&writer.output, &output)
    }

    /// Adds a field whose value `write` appends.
    @discardableResult
    package mutating func add(
        _ name: StaticString, with write: (inout ByteBuffer) -> Void
    ) -> Bool {
        let begin = output.count
        output.append(name)
        output.append(": ")
        let value = output.count
        write(&output)
        guard output.bytes.isFieldValue(from: value) else {
            output.truncate(to: begin)
            return false
        }
        output.append("\r\n")
        return true
    }

    @discardableResult
    package mutating func add(_ name: StaticString, _ value: StaticString) -> Bool {
        add(name) { $0.append(value) }
    }

    @discardableResult
    package mutating func add(_ name: StaticString, _ value: String) -> Bool {
        add(name) { $0.append(value) }
    }

    @discardableResult
    package mutating func add(_ name: StaticString, _ value: UnsafeRawBufferPointer) -> Bool {
        add(name) { $0.append(value) }
    }

    @discardableResult
    package mutating func add(_ name: StaticString, _ value: Int) -> Bool {
        add(name) { $0.append(value) }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func isFieldValue(from start: Int) -> Bool {
        var index = start
        while let found = firstControl(in: index..<count) {
            guard self[found] == UInt8(ascii: "\t") else { return false }
            index = found + 1
        }
        return true
    }
}

import Bytes

extension Answer {
    /// A row as a JSON object: the columns' names are its keys, their types say how it is written.
    /// A column whose name begins with `_` is left out.
    package func appendJSON(row: Int, to output: inout ByteBuffer) {
        write(row: row, omitsNulls: false, to: &output)
    }

    /// The same, and without the columns that are null.
    package func appendJSON(row: Int, omittingNulls: Bool, to output: inout ByteBuffer) {
        write(row: row, omitsNulls: omittingNulls, to: &output)
    }

    /// The first rows, at most `limit`, as a JSON array.
    package func appendJSON(
        limit: Int = .max, omittingNulls: Bool = false, to output: inout ByteBuffer
    ) {
        output.append(UInt8(ascii: "["))
        for row in 0..<min(count, limit) {
            if row > 0 { output.append(UInt8(ascii: ",")) }
            write(row: row, omitsNulls: omittingNulls, to: &output)
        }
        output.append(UInt8(ascii: "]"))
    }

    @inline(__always)
    private func write(row: Int, omitsNulls: Bool, to output: inout ByteBuffer) {
        guard let layout else { return output.append("{}") }
        assert(layout.unwritable == nil, layout.unwritable ?? "")
        layout.keys.withUnsafeBytes { keys in
            layout.fields.withUnsafeBufferPointer { fields in
                write(row, fields, keys, omitsNulls, to: &output)
            }
        }
    }

    private func write(
        _ row: Int, _ fields: UnsafeBufferPointer<RowLayout.Field>,
        _ keys: UnsafeRawBufferPointer, _ omitsNulls: Bool, to output: inout ByteBuffer
    ) {
        output.append(UInt8(ascii: "{"))
        var comma = 1  // the first key is written without the comma before it
        for field in fields {
            let value = value(row, field.index)
            if value == nil, omitsNulls { continue }
            output.append(.init(rebasing: keys[field.keyStart + comma..<field.keyEnd]))
            comma = 0
            if let value {
                output.appendJSON(value, of: field.type)
            } else {
                output.append("null")
            }
        }
        output.append(UInt8(ascii: "}"))
    }
}

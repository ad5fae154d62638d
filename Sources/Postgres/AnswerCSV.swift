import Bytes

extension Answer {
    /// The first line of a table (RFC 4180): the columns' names.
    package func appendCSVHeader(to output: inout ByteBuffer) {
        appendLine(to: &output) { field, cell in
            cell.append(layout?.name(of: field) ?? "")
        }
    }

    /// Some rows as lines of a table (RFC 4180): CRLF, UTF-8. An array is its elements between
    /// semicolons, JSON its members by name, a null an empty cell.
    ///
    /// With `guardingFormulas` a cell that a spreadsheet would take for a formula begins with an
    /// apostrophe; without it every cell is what is stored.
    package func appendCSV(
        rows: Range<Int>, guardingFormulas: Bool = false, to output: inout ByteBuffer
    ) {
        for row in rows {
            appendLine(to: &output) { field, cell in
                guard let value = value(row, field.index) else { return }
                cell.appendCell(value, of: field.type)
                if guardingFormulas { cell.guardFormula() }
            }
        }
    }

    private func appendLine(
        to output: inout ByteBuffer, _ write: (RowLayout.Field, inout ByteBuffer) -> Void
    ) {
        for (number, field) in (layout?.fields ?? []).enumerated() {
            if number > 0 { output.append(",") }
            var cell = ByteBuffer()
            write(field, &cell)
            output.append(cell: cell.bytes)
        }
        output.append("\r\n")
    }
}

extension ByteBuffer {
    /// A value without the quotes that JSON would put around it.
    fileprivate mutating func appendCell(_ value: UnsafeRawBufferPointer, of type: BinaryType) {
        switch type {
        case .text: append(value)
        case .array:
            var isFirst = true
            let element = value.elementType
            value.forEachElement { part in
                if !isFirst { append(";") }
                isFirst = false
                if let part { appendCell(part, of: element) }
            }
        case .json: appendCell(json: value)
        case .jsonb: appendCell(json: UnsafeRawBufferPointer(rebasing: value.dropFirst()))
        default:
            var json = ByteBuffer()
            json.appendJSON(value, of: type)
            let quotes = json.bytes.first == UInt8(ascii: "\"") ? 1 : 0
            append(.init(rebasing: json.bytes.dropFirst(quotes).dropLast(quotes)))
        }
    }

    /// What begins like a formula is made text.
    fileprivate mutating func guardFormula() {
        guard let first = bytes.first, "=+-@\t\r".utf8.contains(first) else { return }
        let text = Array(bytes)
        self = ByteBuffer()
        append("'")
        text.withUnsafeBytes { append($0) }
    }

    /// With quotes where the text has a comma, a quote or an end of line (RFC 4180, 2).
    fileprivate mutating func append(cell: UnsafeRawBufferPointer) {
        guard cell.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return append(cell) }
        append("\"")
        for byte in cell {
            if byte == UInt8(ascii: "\"") { append(byte) }
            append(byte)
        }
        append("\"")
    }
}

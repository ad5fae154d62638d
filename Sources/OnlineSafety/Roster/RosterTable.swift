/// Reads the rows of a table (CSV) whose first line names the columns. A record is about a person,
/// or, where there is a column for the child, about a parent and a child of theirs.
final class RosterTable: RosterReader {
    private var csv = CSVReader()
    private var encoding: TextEncoding
    private let kind: PersonKind?
    private var columns: RosterColumns?

    /// Of a table of families there is none: a person has many rows in it.
    private var digests: RosterDigests?

    /// The first line, until it is known what stands between its fields.
    private var head: [UInt8]? = []

    /// As a spreadsheet counts: the line of the heads is 1.
    private var number = 0

    /// `kind`: what everybody is of whom no column says it.
    init(_ encoding: TextEncoding = .unknown, kind: PersonKind? = nil) {
        self.encoding = encoding
        self.kind = kind
    }

    func read(_ bytes: UnsafeRawBufferPointer, into pile: inout RosterPile) throws {
        guard head != nil else { return try go(on: bytes, &pile) }
        head?.append(contentsOf: bytes)
        let isWhole = bytes.contains { $0 == 0x0A || $0 == 0x0D }
        if isWhole || (head?.count ?? 0) > CSVReader.longest { try begin(&pile) }
    }

    func finish(into pile: inout RosterPile) throws {
        if head != nil { try begin(&pile) }
        do {
            try csv.finish { try take($0, &pile) }
        } catch {
            throw Self.problem(error, at: number + 1)
        }
        guard columns != nil else { throw Problem(file: "empty_file", "There is no line in it") }
    }

    /// Settles how the table is written, and reads what has come of it.
    private func begin(_ pile: inout RosterPile) throws {
        var bytes = head ?? []
        head = nil
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            bytes.removeFirst(3)
            encoding = .utf8
        }
        let isWide = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
        guard !isWide, !bytes.prefix(CSVReader.longest).contains(0) else {
            throw Problem(file: "wrong_encoding", "Save it as CSV in UTF-8")
        }
        let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
        csv.separator =
            [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09].max { one, other in
                line.count { $0 == one } < line.count { $0 == other }
            } ?? csv.separator
        try bytes.withUnsafeBytes { try go(on: $0, &pile) }
    }

    private func go(on bytes: UnsafeRawBufferPointer, _ pile: inout RosterPile) throws {
        do {
            try csv.read(bytes) { try take($0, &pile) }
        } catch {
            throw Self.problem(error, at: number + 1)
        }
    }

    private static func problem(_ error: any Error, at row: Int) -> Problem {
        switch error {
        case let problem as Problem: problem
        case CSVReader.Fault.tooLong:
            Problem(file: "line_too_long", "A record has more than 64 KiB", at: row)
        case CSVReader.Fault.tooManyFields:
            Problem(
                file: "too_many_columns",
                "A record has more than \(CSVReader.mostFields) fields", at: row)
        case CSVReader.Fault.textBehindQuote:
            Problem(
                file: "text_behind_quote",
                "Behind a closing quote comes the next field or the next line", at: row)
        default:
            Problem(
                file: "unterminated_quote", "A quote is opened and never closed: is it whole?",
                at: row)
        }
    }
}

extension RosterTable {
    private func take(_ record: CSVReader.Record, _ pile: inout RosterPile) throws {
        number += 1
        guard !record.isBlank else { return }
        guard let columns else { return try takeHeads(record, &pile) }
        try pile.checkRoom()
        guard record.count == columns.columns.count else {
            return pile.refuse([RosterFault(number, .error, "wrong_number_of_fields", "")])
        }
        let digest = digests?.digest(of: record)
        if let digest, pile.knows(digest, number) { return }
        var cells = RosterCells(number, record, columns, encoding)
        guard var entry = cells.entry(kind: kind) else { return pile.refuse(cells.faults) }
        entry.digest = digest
        pile.add(entry)
    }

    private func takeHeads(
        _ record: CSVReader.Record, _ pile: inout RosterPile
    ) throws(Problem) {
        var heads = (0..<record.count).map { encoding.text(of: record[$0]) ?? "" }
        while heads.last == "" { heads.removeLast() }
        heads += Array(repeating: "", count: record.count - heads.count)
        let columns = try RosterColumns(heads, kindIsKnown: kind != nil)
        self.columns = columns
        if !columns.isOfContacts {
            let names = columns.columns.map { $0?.rawValue ?? "" }.joined(separator: ",")
            digests = RosterDigests("csv \(encoding) \(kind?.rawValue ?? "") \(names)")
        }
        // By its place: where there are no heads, it is somebody's name.
        for (place, column) in columns.columns.enumerated() where column == nil {
            pile.warn(RosterFault(number, .warning, "unknown_column", "/\(place + 1)"))
        }
    }
}

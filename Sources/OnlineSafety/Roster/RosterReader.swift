import JSON

/// Reads the rows of a file as its bytes come, in pieces of any size. What is wrong with a row is
/// noted with it; what is wrong with the file is thrown, and nothing of it is kept.
protocol RosterReader {
    mutating func read(_ bytes: UnsafeRawBufferPointer, into pile: inout RosterPile) throws

    /// The file has ended.
    mutating func finish(into pile: inout RosterPile) throws
}

/// A JSON object a line (NDJSON). An empty line is none.
struct RosterLines: RosterReader {
    private var line: [UInt8] = []
    private var number = 0
    private var digests = RosterDigests("ndjson")

    /// Bytes of a line. Beyond: 422.
    static let longest = 64 << 10

    mutating func read(_ bytes: UnsafeRawBufferPointer, into pile: inout RosterPile) throws {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let part = UnsafeRawBufferPointer(rebasing: rest[rest.startIndex..<end])
            if line.isEmpty {
                try take(part, into: &pile)
            } else {
                try keep(part)
                let whole = line
                line.removeAll(keepingCapacity: true)
                try whole.withUnsafeBytes { try take($0, into: &pile) }
            }
            rest = rest[(end + 1)...]
        }
        try keep(UnsafeRawBufferPointer(rebasing: rest))
    }

    mutating func finish(into pile: inout RosterPile) throws {
        let last = line
        line = []
        try last.withUnsafeBytes { try take($0, into: &pile) }
    }

    private mutating func keep(_ part: UnsafeRawBufferPointer) throws(Problem) {
        guard line.count + part.count <= Self.longest else {
            throw Problem(file: "line_too_long", "A line has more than 64 KiB", at: number + 1)
        }
        line.append(contentsOf: part)
    }

    private mutating func take(
        _ text: UnsafeRawBufferPointer, into pile: inout RosterPile
    ) throws(Problem) {
        var text = text[...]
        if number == 0, text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        while let last = text.last, last == 0x0D || last == 0x20 { text = text.dropLast() }
        number += 1
        guard !text.isEmpty else { return }
        guard text.count <= Self.longest else {
            throw Problem(file: "line_too_long", "A line has more than 64 KiB", at: number)
        }
        try pile.checkRoom()
        let row = UnsafeRawBufferPointer(rebasing: text)
        let digest = digests.digest(of: row)
        if pile.knows(digest, number) { return }
        do throws(JSONSyntaxError) {
            pile.add(try JSON.parse(row), number, digest)
        } catch {
            pile.refuse([RosterFault(number, .error, error.code.rawValue, "")])
        }
    }
}

extension RosterPile {
    /// One more row, as JSON.
    mutating func add(_ row: JSONValue, _ number: Int, _ digest: SIMD2<UInt64>? = nil) {
        do throws(JSONFaults) {
            var entry = try JSON.decode(RosterRow.self, from: row).entry(number)
            entry.digest = digest
            add(entry)
        } catch {
            refuse(error.faults.map { RosterFault(number, .error, $0.code, $0.pointer) })
        }
    }

    /// Throws when a batch has as many rows as it may.
    func checkRoom() throws(Problem) {
        guard rows < Self.mostRows else {
            throw Problem(file: "too_many_rows", "A batch has at most \(Self.mostRows) rows")
        }
    }
}

extension Problem {
    /// A file of which nothing can be kept, and at which row that shows.
    init(file code: String, _ detail: String, at row: Int? = nil) {
        self.init(.validationFailed, "The file cannot be read; nothing was kept.")
        faults = [
            Fault(pointer: row.map { "/\($0)" } ?? "", code: code, detail: detail)
        ]
    }
}

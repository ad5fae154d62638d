/// Takes a table apart (RFC 4180) as its bytes come: fields in quotes or not, lines that end with
/// CR, LF or both. It knows nothing of what the fields mean, and holds one record.
struct CSVReader {
    /// What a record cannot be.
    enum Fault: Error {
        case tooLong, tooManyFields, textBehindQuote, unterminatedQuote
    }

    /// One record: its fields' bytes, one after the other.
    struct Record {
        fileprivate(set) var bytes: [UInt8] = []
        fileprivate(set) var ends: [Int] = []
        fileprivate(set) var hasQuotes = false

        var count: Int { ends.count }

        /// No more than an empty line.
        var isBlank: Bool { bytes.isEmpty && ends.count == 1 && !hasQuotes }

        subscript(_ index: Int) -> ArraySlice<UInt8> {
            bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
        }
    }

    /// Bytes of a record, and its fields. Beyond, it is none.
    static let longest = 64 << 10
    static let mostFields = 200

    /// What stands between fields; it may be set once the first line has come.
    var separator = UInt8(ascii: ",")
    private var record = Record()
    private var state = State.fieldStart

    private enum State {
        case fieldStart, plain, quoted
        /// Behind a quote within quotes: it ended them, or stands for one.
        case quoteInQuotes
        /// Behind a CR that ended a record: an LF belongs to it.
        case afterReturn
    }

    /// Goes on with more bytes, and hands over each record that they complete.
    mutating func read(
        _ bytes: UnsafeRawBufferPointer, _ take: (Record) throws -> Void
    ) throws {
        var index = 0
        while index < bytes.count {
            if state == .plain || state == .quoted { index += try appendRun(bytes, from: index) }
            guard index < bytes.count else { break }
            try step(bytes[index], take)
            index += 1
        }
    }

    /// The input is over: what has come of a last record is one.
    mutating func finish(_ take: (Record) throws -> Void) throws {
        guard state != .quoted else { throw Fault.unterminatedQuote }
        guard !record.bytes.isEmpty || !record.ends.isEmpty || record.hasQuotes else { return }
        try endRecord(take)
    }

    /// Bytes that mean nothing but themselves, many at once; how many there were.
    private mutating func appendRun(
        _ bytes: UnsafeRawBufferPointer, from start: Int
    ) throws(Fault) -> Int {
        var end = start
        if state == .quoted {
            while end < bytes.count, bytes[end] != quote { end += 1 }
        } else {
            while end < bytes.count, bytes[end] != separator, bytes[end] != lineFeed,
                bytes[end] != carriageReturn
            { end += 1 }
        }
        let room = min(end, start + Self.longest + 1)
        record.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[start..<room]))
        guard record.bytes.count <= Self.longest else { throw .tooLong }
        return end - start
    }

    private mutating func step(_ byte: UInt8, _ take: (Record) throws -> Void) throws {
        guard record.bytes.count <= Self.longest else { throw Fault.tooLong }
        switch (state, byte) {
        case (.afterReturn, lineFeed): state = .fieldStart
        case (.fieldStart, quote), (.afterReturn, quote):
            record.hasQuotes = true
            state = .quoted
        case (.quoted, quote): state = .quoteInQuotes
        case (.quoteInQuotes, quote):
            record.bytes.append(quote)
            state = .quoted
        case (_, separator): try endField()
        case (_, lineFeed): try endRecord(take)
        case (_, carriageReturn):
            try endRecord(take)
            state = .afterReturn
        case (.quoteInQuotes, _): throw Fault.textBehindQuote
        default:
            record.bytes.append(byte)
            state = .plain
        }
    }

    private mutating func endField() throws {
        guard record.ends.count < Self.mostFields else { throw Fault.tooManyFields }
        record.ends.append(record.bytes.count)
        state = .fieldStart
    }

    private mutating func endRecord(_ take: (Record) throws -> Void) throws {
        guard record.bytes.count <= Self.longest else { throw Fault.tooLong }
        try endField()
        let whole = record
        record.bytes.removeAll(keepingCapacity: true)
        record.ends.removeAll(keepingCapacity: true)
        record.hasQuotes = false
        try take(whole)
    }
}

private let quote = UInt8(ascii: "\"")
private let lineFeed = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")

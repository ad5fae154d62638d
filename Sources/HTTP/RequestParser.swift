import Bytes

/// Reads one request, head and body, off the start of a buffer that more may be added to. Where the
/// bytes are split makes no difference to what comes out.
struct RequestParser {
    enum Progress {
        /// More input is needed.
        case incomplete
        /// The head is whole; bound the body, then call again for it.
        case head
        /// The request is whole.
        case request
    }

    private(set) var head = RequestHead()
    private var chunks: ChunkedBody?
    private var hasHead = false

    /// Whether the body is being waited for.
    var isInBody: Bool { hasHead }

    /// Goes on where the last call stopped.
    mutating func advance(
        over input: inout ByteBuffer, within limits: Limits, into table: FieldTable
    ) throws(Fault) -> Progress {
        if hasHead { return try advanceBody(over: &input, within: limits) }
        guard try head.advance(over: input.bytes, within: limits, into: table) else {
            return .incomplete
        }
        hasHead = true
        return .head
    }

    /// Takes at most so many bytes of a body; refuses at once what says that it is longer.
    mutating func limitBody(to most: Int) throws(Fault) {
        guard head.framing.length ?? 0 <= most else { throw .bodyTooLarge }
        if head.framing.isChunked { chunks = ChunkedBody(at: head.length, upTo: most) }
    }

    private mutating func advanceBody(
        over input: inout ByteBuffer, within limits: Limits
    ) throws(Fault) -> Progress {
        let isWhole =
            try chunks?.advance(over: &input, within: limits)
            ?? (input.count - head.length >= announced)
        return isWhole ? .request : .incomplete
    }

    /// The bytes of the body that are known to come; more may be, when it is chunked.
    var announced: Int { chunks?.announced ?? head.framing.length ?? 0 }

    /// Where the body lies, once the request is whole.
    var body: Range<Int> { head.length..<head.length + (chunks?.count ?? announced) }

    /// Where the next request begins, once this one is whole.
    var end: Int { chunks?.end ?? body.upperBound }

    /// How much of the body has arrived in `input`.
    func received(in input: borrowing ByteBuffer) -> Int {
        chunks?.count ?? input.count - head.length
    }

    /// How much to read at once: of a body as much again as has come, so that who only announces
    /// one holds no memory with it; and of a body whose length is known nothing behind it.
    func room(in input: borrowing ByteBuffer) -> Int {
        guard hasHead else { return 4096 }
        let room = max(4096, min(input.count, 64 << 10))
        return length.map { min($0 - input.count, room) } ?? room
    }

    /// Of head and body together, when it is known before they have come.
    var length: Int? { hasHead ? head.framing.length.map { head.length + $0 } : nil }
}

import Bytes

/// Reads one request, head and body, off the start of a buffer that more may be added to. Where the
/// bytes are split makes no difference to what comes out.
struct RequestParser {
    enum Progress {
        /// More input is needed.
        case incomplete
        /// The head is whole; call again for the body.
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
        guard head.framing.length ?? 0 <= limits.body else { throw .bodyTooLarge }
        hasHead = true
        if head.framing.isChunked { chunks = ChunkedBody(at: head.length) }
        return .head
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
}

import Bytes

/// Takes the chunks of a body apart (RFC 9112, 7.1), in the buffer where they arrive: what has been
/// decoded lies together after the head, what has not yet been follows at once.
struct ChunkedBody {
    private enum Phase { case size, data(Int), dataEnd, trailers(Int), whole }

    private let start: Int
    private let most: Int
    private var phase = Phase.size
    private var scanner: LineScanner
    private var extensionBytes = 0

    /// How many bytes have been decoded.
    private(set) var count = 0

    /// How many of them lie in the buffer: all, but for those that were let go of.
    private(set) var held = 0

    /// How many there will be at least, as far as chunks have been announced.
    private(set) var announced = 0

    /// Where the next request begins; known once the body is whole.
    var end: Int { scanner.position }

    /// `start` is where the body begins in the buffer, `most` how long it may be when decoded.
    init(at start: Int, upTo most: Int) {
        (self.start, self.most) = (start, most)
        scanner = LineScanner(at: start)
    }

    /// Goes on where the last call stopped; `true` when the body is whole.
    mutating func advance(
        over input: inout ByteBuffer, within limits: Limits
    ) throws(Fault) -> Bool {
        while try step(over: &input, within: limits) {}
        if case .whole = phase { return true }
        closeGap(in: &input)
        return false
    }

    /// What was decoded is no longer in the buffer, whose start it was.
    mutating func letGo() {
        scanner.moveBack(by: held)
        held = 0
    }

    /// Without this, small chunks with long extensions would fill the memory.
    private mutating func closeGap(in input: inout ByteBuffer) {
        let gap = start + held..<scanner.position
        input.remove(gap)
        scanner.moveBack(by: gap.count)
    }

    /// Takes one thing off the input; `false` when more input is needed, or none.
    private mutating func step(
        over input: inout ByteBuffer, within limits: Limits
    ) throws(Fault) -> Bool {
        switch phase {
        case .size: try takeSize(of: input.bytes, within: limits)
        case .data(let left): takeData(left, of: &input)
        case .dataEnd: try takeDataEnd(of: input.bytes)
        case .trailers(let left): try takeTrailer(of: input.bytes, upTo: left)
        case .whole: false
        }
    }

    private mutating func takeSize(
        of bytes: UnsafeRawBufferPointer, within limits: Limits
    ) throws(Fault) -> Bool {
        let bound = scanner.position + limits.chunkLine
        guard let line = try scanner.next(in: bytes, upTo: bound, orElse: .chunkLineTooLong) else {
            return false
        }
        guard let (size, digits) = bytes.slice(line).leadingHexadecimal,
            ChunkExtensions.areValid(bytes.slice(line.dropFirst(digits)))
        else { throw .chunk }
        extensionBytes += line.count - digits
        guard extensionBytes <= limits.chunkExtensions else { throw .chunkLineTooLong }
        guard size <= most - announced else { throw .bodyTooLarge }
        announced += size
        phase = size == 0 ? .trailers(limits.trailers) : .data(size)
        return true
    }

    private mutating func takeData(_ left: Int, of input: inout ByteBuffer) -> Bool {
        let position = scanner.position
        let taken = min(left, input.count - position)
        input.move(position..<position + taken, to: start + held)
        count += taken
        held += taken
        scanner = LineScanner(at: position + taken)
        phase = taken == left ? .dataEnd : .data(left - taken)
        return taken > 0
    }

    private mutating func takeDataEnd(of bytes: UnsafeRawBufferPointer) throws(Fault) -> Bool {
        let rest = bytes.slice(scanner.position..<bytes.count)
        guard rest.count < 1 || rest[0] == UInt8(ascii: "\r"),
            rest.count < 2 || rest[1] == UInt8(ascii: "\n")
        else { throw .chunk }
        guard rest.count >= 2 else { return false }
        scanner = LineScanner(at: scanner.position + 2)
        phase = .size
        return true
    }

    /// Trailer fields are held to the rules of fields, and thrown away (RFC 9112, 7.1.2).
    private mutating func takeTrailer(
        of bytes: UnsafeRawBufferPointer, upTo left: Int
    ) throws(Fault) -> Bool {
        let begin = scanner.position
        guard
            let line = try scanner.next(in: bytes, upTo: begin + left, orElse: .trailersTooLong)
        else { return false }
        if line.isEmpty {
            phase = .whole
        } else {
            _ = try FieldLine.parse(line, of: bytes)
            phase = .trailers(left - (scanner.position - begin))
        }
        return !line.isEmpty
    }
}

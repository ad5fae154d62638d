/// The head of a request (RFC 9112, 2.1), read line by line as it arrives.
///
/// All positions count from the start of the request.
struct RequestHead {
    private(set) var method: Method?
    private(set) var target = RequestTarget()
    private(set) var framing = Framing()
    private var scanner = LineScanner()
    private(set) var isOldVersion = false
    private var hasSkippedLine = false

    /// Up to the first byte of the body; known once the head is whole.
    var length: Int { scanner.position }

    /// Goes on where the last call stopped; `true` when the head is whole.
    mutating func advance(
        over bytes: UnsafeRawBufferPointer, within limits: Limits, into table: FieldTable
    ) throws(Fault) -> Bool {
        if method == nil {
            guard try takeRequestLine(of: bytes, within: limits) else { return false }
        }
        while let line = try scanner.next(in: bytes, upTo: limits.head, orElse: .headTooLarge) {
            guard !line.isEmpty else {
                try framing.finish(isOldVersion: isOldVersion)
                return true
            }
            let field = try FieldLine.parse(line, of: bytes)
            try framing.take(bytes.slice(field.name), bytes.slice(field.value))
            try table.append(field)
        }
        return false
    }

    /// One empty line may come first, from clients that end their bodies with one (RFC 9112, 2.2).
    private mutating func takeRequestLine(
        of bytes: UnsafeRawBufferPointer, within limits: Limits
    ) throws(Fault) -> Bool {
        let bound = scanner.position + limits.target + "OPTIONS  HTTP/1.1\r\n".utf8.count
        guard let line = try scanner.next(in: bytes, upTo: bound, orElse: .targetTooLong) else {
            return false
        }
        if line.isEmpty, !hasSkippedLine {
            hasSkippedLine = true
            return try takeRequestLine(of: bytes, within: limits)
        }
        try parse(line, of: bytes, within: limits)
        return true
    }

    /// Method, space, target, space, version: nothing else, and one space each (RFC 9112, 3).
    private mutating func parse(
        _ line: Range<Int>, of bytes: UnsafeRawBufferPointer, within limits: Limits
    ) throws(Fault) {
        var start = line.lowerBound
        while start < line.upperBound, ByteSet.token.contains(bytes[start]) { start += 1 }
        let end = line.upperBound - " HTTP/1.1".utf8.count
        guard start > line.lowerBound, start + 1 < end, bytes[start] == UInt8(ascii: " ") else {
            throw .requestLine
        }
        isOldVersion = try Self.isOld(bytes.slice(end..<line.upperBound))
        guard let method = Method(bytes.slice(line.lowerBound..<start)) else { throw .method }
        guard end - start - 1 <= limits.target else { throw .targetTooLong }
        target = try RequestTarget(start + 1..<end, of: bytes, for: method)
        self.method = method
    }

    /// HTTP/1.0 is served as well, since some proxies and probes still speak it, but each request
    /// on a connection of its own. Other versions: 505 (RFC 9112, 2.3).
    private static func isOld(_ version: UnsafeRawBufferPointer) throws(Fault) -> Bool {
        if version == " HTTP/1.1" { return false }
        if version == " HTTP/1.0" { return true }
        guard version.slice(0..<6) == " HTTP/", version[6].isDigit,
            version[7] == UInt8(ascii: "."), version[8].isDigit
        else { throw .requestLine }
        throw .version
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

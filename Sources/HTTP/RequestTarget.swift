/// The target of a request line (RFC 9112, 3.2), as offsets.
struct RequestTarget {
    /// Empty where an absolute target has none: then it is `/`, or `*` for OPTIONS.
    private(set) var path = 0..<0
    private(set) var query = 0..<0

    init() {}

    /// Reads what lies in `range`: a path and query, a whole `http` address (its host replaces that
    /// of the Host field and is held to the same rules), or `*` for OPTIONS.
    init(_ range: Range<Int>, of bytes: UnsafeRawBufferPointer, for method: Method) throws(Fault) {
        switch bytes[range.lowerBound] {
        case UInt8(ascii: "/"):
            try split(range, of: bytes)
        case UInt8(ascii: "*") where range.count == 1 && method == .options:
            path = range
        default:
            try split(try Self.afterAuthority(range, of: bytes)..<range.upperBound, of: bytes)
        }
    }

    /// Where the path begins, or the query, or nothing any more.
    private static func afterAuthority(
        _ range: Range<Int>, of bytes: UnsafeRawBufferPointer
    ) throws(Fault) -> Int {
        let target = bytes.slice(range)
        let start: Int
        if target.hasPrefix("http://") {
            start = 7
        } else if target.hasPrefix("https://") {
            start = 8
        } else {
            throw .target
        }
        let end = (start..<target.count).first { target[$0].endsAuthority } ?? target.count
        guard Authority.isValid(target.slice(start..<end)) else { throw .target }
        return range.lowerBound + end
    }

    private mutating func split(
        _ range: Range<Int>, of bytes: UnsafeRawBufferPointer
    ) throws(Fault) {
        let mark = bytes.slice(0..<range.upperBound)
            .firstIndex(ofByte: UInt8(ascii: "?"), from: range.lowerBound)
        path = range.lowerBound..<(mark ?? range.upperBound)
        query = mark.map { $0 + 1..<range.upperBound } ?? range.upperBound..<range.upperBound
        guard bytes.slice(path).isEscaped(with: .path, refusing: Self.isMisleading),
            bytes.slice(query).isEscaped(with: .query)
        else { throw .target }
    }

    /// Escapes that servers before or behind this one may take for the end of a segment or text.
    private static func isMisleading(_ byte: UInt8) -> Bool {
        byte == 0 || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\")
    }
}

extension UInt8 {
    fileprivate var endsAuthority: Bool {
        self == UInt8(ascii: "/") || self == UInt8(ascii: "?")
    }
}

extension UnsafeRawBufferPointer {
    /// Schemes are equal in any case (RFC 3986, 3.1); no byte but `:` and `/` equals those here.
    fileprivate func hasPrefix(_ scheme: StaticString) -> Bool {
        count >= scheme.utf8CodeUnitCount && slice(0..<scheme.utf8CodeUnitCount).isLike(scheme)
    }
}

/// What may follow the size of a chunk (RFC 9112, 7.1.1). It is checked and then ignored.
struct ChunkExtensions {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    private init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Whether this is a list of `;name`, `;name=value` and `;name="value"`, or nothing.
    static func areValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var reader = ChunkExtensions(bytes)
        while reader.position < bytes.count {
            guard reader.takeExtension() else { return false }
        }
        return true
    }

    private mutating func takeExtension() -> Bool {
        guard take(UInt8(ascii: ";")), takeToken() else { return false }
        guard take(UInt8(ascii: "=")) else { return true }
        return takeToken() || takeQuoted()
    }

    /// Takes a byte, and blanks before it; else nothing.
    private mutating func take(_ byte: UInt8) -> Bool {
        let found = afterBlanks
        guard found < bytes.count, bytes[found] == byte else { return false }
        position = found + 1
        return true
    }

    private mutating func takeToken() -> Bool {
        let begin = afterBlanks
        var end = begin
        while end < bytes.count, ByteSet.token.contains(bytes[end]) { end += 1 }
        guard end > begin else { return false }
        position = end
        return true
    }

    private mutating func takeQuoted() -> Bool {
        guard take(UInt8(ascii: "\"")) else { return false }
        while position < bytes.count {
            defer { position += 1 }
            switch bytes[position] {
            case UInt8(ascii: "\""): return true
            case UInt8(ascii: "\\"): position += 1
            default: break
            }
        }
        return false
    }

    private var afterBlanks: Int {
        var index = position
        while index < bytes.count, bytes[index].isBlank { index += 1 }
        return index
    }
}

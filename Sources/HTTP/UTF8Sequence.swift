/// Follows bytes that come one by one and says whether they are UTF-8 (RFC 3629, 4): nothing
/// overlong, no surrogates, nothing above U+10FFFF.
struct UTF8Sequence {
    private var missing = 0
    private var next: ClosedRange<UInt8> = 0x80...0xBF

    /// No character is half said.
    var isComplete: Bool { missing == 0 }

    /// Whether `byte` may follow.
    mutating func take(_ byte: UInt8) -> Bool {
        guard missing > 0 else { return begin(byte) }
        guard next.contains(byte) else { return false }
        (missing, next) = (missing - 1, 0x80...0xBF)
        return true
    }

    private mutating func begin(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x00...0x7F: return true
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, next) = (2, 0xA0...0xBF)
        case 0xED: (missing, next) = (2, 0x80...0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, next) = (3, 0x90...0xBF)
        case 0xF1...0xF3: missing = 3
        case 0xF4: (missing, next) = (3, 0x80...0x8F)
        default: return false
        }
        return true
    }
}

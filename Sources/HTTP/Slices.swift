import Glibc

extension UnsafeRawBufferPointer {
    /// Compares bytes with a literal.
    @inline(__always)
    package static func == (bytes: UnsafeRawBufferPointer, literal: StaticString) -> Bool {
        guard bytes.count == literal.utf8CodeUnitCount, let base = bytes.baseAddress else {
            return false
        }
        return memcmp(base, literal.utf8Start, bytes.count) == 0
    }

    /// Compares a token in any case with a literal of lower-case letters, digits and hyphens.
    ///
    /// Exact for tokens only: the bytes that would be taken for others are none of a token's.
    @inline(__always)
    func isLike(_ literal: StaticString) -> Bool {
        guard count == literal.utf8CodeUnitCount else { return false }
        for index in 0..<count where self[index] | 0x20 != literal.utf8Start[index] {
            return false
        }
        return true
    }

    @inline(__always)
    func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[range])
    }

    @inline(__always)
    func firstIndex(ofByte byte: UInt8, from start: Int = 0) -> Int? {
        guard start < count, let baseAddress,
            let found = memchr(baseAddress + start, Int32(byte), count - start)
        else { return nil }
        return baseAddress.distance(to: found)
    }

    /// Without the spaces and tabs at either end (RFC 9110, 5.6.3).
    @inline(__always)
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, self[lower].isBlank { lower += 1 }
        while lower < upper, self[upper - 1].isBlank { upper -= 1 }
        return lower..<upper
    }
}

extension UnsafeRawBufferPointer {
    /// The first control character: tabs and line ends are found as well.
    @inline(__always)
    func firstControl(in range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index + 8 <= range.upperBound {
            let word = UInt64(
                littleEndian: loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let found = word.controls
            guard found == 0 else { return index + found.trailingZeroBitCount >> 3 }
            index += 8
        }
        while index < range.upperBound {
            if self[index] < 0x20 || self[index] == 0x7F { return index }
            index += 1
        }
        return nil
    }
}

extension UInt64 {
    /// Eight bytes at once: the lowest bit set marks the first that is a control character. (Those
    /// above may be marked by the borrow.)
    @inline(__always)
    fileprivate var controls: UInt64 {
        let (ones, tops): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
        let delete = self ^ (ones &* 0x7F)
        return ((self &- ones &* 0x20) & ~self | (delete &- ones) & ~delete) & tops
    }
}

extension UInt8 {
    @inline(__always)
    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    /// The value of a hexadecimal digit.
    @inline(__always)
    var hexadecimal: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

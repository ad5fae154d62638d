import Bytes

extension ByteBuffer {
    /// JSON has no words for what is not a number: those are text, as PostgreSQL writes them.
    mutating func appendJSON(number: some BinaryFloatingPoint & LosslessStringConvertible) {
        if number.isNaN { return append("\"NaN\"") }
        if number.isInfinite { return append(number < 0 ? "\"-Infinity\"" : "\"Infinity\"") }
        append(number.description)
    }

    /// A `numeric`, digit for digit: four counts of two bytes, then digits to the base of 10,000.
    mutating func appendJSON(numeric: UnsafeRawBufferPointer) {
        let number = Numeric(bytes: numeric)
        switch number.sign {
        case 0xC000: return append("\"NaN\"")
        case 0xD000: return append("\"Infinity\"")
        case 0xF000: return append("\"-Infinity\"")
        case 0x4000: append(UInt8(ascii: "-"))
        default: break
        }
        append(wholePartOf: number)
        append(fractionOf: number)
    }

    private mutating func append(wholePartOf number: Numeric) {
        append(number.weight < 0 ? 0 : number.digit(0))
        for index in stride(from: 1, through: number.weight, by: 1) {
            appendDigits(of: number.digit(index), count: 4)
        }
    }

    private mutating func append(fractionOf number: Numeric) {
        guard number.scale > 0 else { return }
        append(UInt8(ascii: "."))
        for position in stride(from: 0, to: number.scale, by: 4) {
            let digit = number.digit(number.weight + 1 + position / 4)
            appendDigits(of: digit, count: min(4, number.scale - position))
        }
    }

    /// The first decimal digits of a digit to the base of 10,000.
    private mutating func appendDigits(of digit: Int, count: Int) {
        var divisor = 1000
        for _ in 0..<count {
            append(digit / divisor % 10)
            divisor /= 10
        }
    }
}

/// The binary form of a `numeric`.
private struct Numeric {
    let bytes: UnsafeRawBufferPointer

    /// The power of 10,000 that the first digit stands for.
    var weight: Int { Int(bytes.bigEndian(Int16.self, at: 2)) }
    var sign: UInt16 { bytes.bigEndian(UInt16.self, at: 4) }

    /// How many decimal digits there are after the point.
    var scale: Int { Int(bytes.bigEndian(UInt16.self, at: 6)) }

    /// The digit that stands `index` after the first; those before and after them are zero.
    func digit(_ index: Int) -> Int {
        let count = Int(bytes.bigEndian(UInt16.self))
        guard index >= 0, index < count else { return 0 }
        return Int(bytes.bigEndian(UInt16.self, at: 8 + 2 * index))
    }
}

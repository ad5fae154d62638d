extension UnsafeRawBufferPointer {
    /// A number of decimal digits and nothing else; `nil` also when it is beyond an `Int`.
    var decimal: Int? {
        guard count > 0 else { return nil }
        var value = 0
        for byte in self {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            let (tens, isOver) = value.multipliedReportingOverflow(by: 10)
            let (sum, isBeyond) = tens.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            guard !isOver, !isBeyond else { return nil }
            value = sum
        }
        return value
    }

    /// The hexadecimal number at the start and how many digits it has; `nil` when there is none, or
    /// when it is beyond an `Int`.
    var leadingHexadecimal: (value: Int, digits: Int)? {
        var (value, digits) = (0, 0)
        while digits < count, let digit = self[digits].hexadecimal {
            guard value >> (Int.bitWidth - 5) == 0 else { return nil }
            value = value << 4 | Int(digit)
            digits += 1
        }
        return digits > 0 ? (value, digits) : nil
    }
}

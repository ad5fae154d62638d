/// A number as it was written (RFC 8259, section 6), so that nothing is lost before a field asks.
package struct JSONNumber: Hashable, Sendable {
    package let text: String

    /// The parser has seen that the text is a number.
    init(parsed text: String) { self.text = text }

    package init(_ integer: some FixedWidthInteger) { text = String(integer) }

    /// Nil for what JSON has no number for: an infinity, or no number at all.
    package init?(_ number: some BinaryFloatingPoint & CustomStringConvertible) {
        guard number.isFinite else { return nil }
        text = number.description
    }

    /// Whether it is written as a whole number: `1.0` and `1e2` are not.
    package var isWhole: Bool {
        !text.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
    }

    /// The whole number exactly, or nil where it is not whole or does not fit.
    package func integer<Integer: FixedWidthInteger>(_: Integer.Type = Int.self) -> Integer? {
        isWhole ? Integer(text) : nil
    }

    /// The nearest double, or nil where that would be infinite.
    package var double: Double? {
        guard let double = Double(text), double.isFinite else { return nil }
        return double
    }
}

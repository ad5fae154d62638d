/// Base64 (RFC 4648) without padding: one spelling for each value.
///
/// Decoding refuses padding, white space, characters of the other alphabet, and left-over bits
/// that are not zero.
package struct Base64: Sendable {
    /// Section 5: what may stand in an address or a token.
    package static let url = Base64("-", "_")
    /// Section 4.
    package static let standard = Base64("+", "/")

    private let characters: [UInt8]
    private let values: [UInt8]
    private static let invalid: UInt8 = 0xFF

    private init(_ sixtySecond: Unicode.Scalar, _ sixtyThird: Unicode.Scalar) {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        characters = Array(letters.utf8) + [UInt8(ascii: sixtySecond), UInt8(ascii: sixtyThird)]
        var values = [UInt8](repeating: Self.invalid, count: 256)
        for (value, character) in characters.enumerated() {
            values[Int(character)] = UInt8(value)
        }
        self.values = values
    }

    package func encode(_ bytes: some Collection<UInt8>) -> String { encode(Array(bytes)) }

    package func encode(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: (bytes.count * 8 + 5) / 6) { out in
            var written = 0
            var bits: UInt32 = 0
            var held = 0
            for byte in bytes {
                bits = bits << 8 | UInt32(byte)
                held += 8
                while held >= 6 {
                    held -= 6
                    out[written] = characters[Int(bits >> UInt32(held) & 63)]
                    written += 1
                }
            }
            if held > 0 {
                out[written] = characters[Int(bits << UInt32(6 - held) & 63)]
                written += 1
            }
            return written
        }
    }

    /// `nil` unless the text is exactly what `encode` would write.
    package func decode(_ text: String) -> [UInt8]? { decode(text.utf8) }

    package func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3 / 4)
        var bits: UInt32 = 0
        var held = 0
        for character in text {
            let value = values[Int(character)]
            guard value != Self.invalid else { return nil }
            bits = bits << 6 | UInt32(value)
            held += 6
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
            }
        }
        let leftOver = bits & ((1 << UInt32(held)) - 1)
        return leftOver == 0 ? bytes : nil
    }
}

/// The 32 bytes of a SHA-256 or an HMAC over it, as a value that can be a dictionary's key.
///
/// `==` is not constant in time: compare what is secret with `constantTimeEqual`.
package struct Digest: Hashable, Sendable {
    package static let count = 32

    private let words: SIMD4<UInt64>

    /// `nil` unless there are exactly 32 bytes.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.count else { return nil }
        self.init { out in _ = out.update(fromContentsOf: bytes) }
    }

    /// `nil` unless the text is 64 lower-case hexadecimal digits.
    package init?(hex: String) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes)
    }

    /// `fill` writes all 32 bytes.
    init(filledBy fill: (UnsafeMutableBufferPointer<UInt8>) -> Void) {
        words = withUnsafeTemporaryAllocation(byteCount: Self.count, alignment: 32) { out in
            fill(out.bindMemory(to: UInt8.self))
            return out.load(as: SIMD4<UInt64>.self)
        }
    }

    package var bytes: [UInt8] { withUnsafeBytes(of: words) { Array($0) } }

    /// The first 16 bytes, as two words in the machine's order: enough to know something again by.
    package var half: SIMD2<UInt64> { words.lowHalf }

    /// 64 lower-case digits.
    package var hex: String { Hex.encode(bytes) }
}

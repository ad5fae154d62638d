extension UnsafeRawBufferPointer {
    /// Whether the bytes are of the set, or escapes (RFC 3986, 2.1) that decode to UTF-8.
    @inline(__always)
    func isEscaped(
        with allowed: ByteSet, refusing isRefused: (UInt8) -> Bool = { _ in false }
    ) -> Bool {
        var (index, text) = (0, UTF8Sequence())
        while index < count {
            if allowed.contains(self[index]) {
                guard text.isComplete else { return false }
                index += 1
            } else {
                guard let byte = escape(at: index), text.take(byte), !isRefused(byte) else {
                    return false
                }
                index += 3
            }
        }
        return text.isComplete
    }

    /// The byte that `%` and two hexadecimal digits stand for.
    private func escape(at index: Int) -> UInt8? {
        guard self[index] == UInt8(ascii: "%"), index + 2 < count,
            let high = self[index + 1].hexadecimal, let low = self[index + 2].hexadecimal
        else { return nil }
        return high << 4 | low
    }
}

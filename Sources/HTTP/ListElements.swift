/// The elements of a list field (RFC 9110, 5.6.1), between commas and without blanks around them.
struct ListElements: Sequence, IteratorProtocol {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(of bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    mutating func next() -> UnsafeRawBufferPointer? {
        guard position <= bytes.count else { return nil }
        let end = bytes.firstIndex(ofByte: UInt8(ascii: ","), from: position) ?? bytes.count
        defer { position = end + 1 }
        return bytes.slice(bytes.trimmed(position..<end))
    }
}

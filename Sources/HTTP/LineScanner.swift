/// Finds the lines of a head, however they arrive: no byte is looked at twice.
///
/// It also refuses every control character but the tab, so that all that leaves it is fit for a
/// field value (RFC 9110, 5.5).
struct LineScanner {
    /// Where the line that is being looked for begins.
    private(set) var position = 0
    private var scanned = 0

    init(at position: Int = 0) {
        (self.position, scanned) = (position, position)
    }

    /// The next line without its CR and LF; `nil` when it has not all arrived. A line that does not
    /// end within the first `limit` bytes is a fault.
    mutating func next(
        in bytes: UnsafeRawBufferPointer, upTo limit: Int, orElse fault: Fault
    ) throws(Fault) -> Range<Int>? {
        let end = min(bytes.count, limit)
        while let index = bytes.firstControl(in: min(scanned, end)..<end) {
            scanned = index
            switch bytes[index] {
            case UInt8(ascii: "\t"): scanned += 1
            case UInt8(ascii: "\r") where index + 1 == end: return try unfinished(end, limit, fault)
            case UInt8(ascii: "\r") where bytes[index + 1] == UInt8(ascii: "\n"):
                defer { self = LineScanner(at: index + 2) }
                return position..<index
            case UInt8(ascii: "\r"), UInt8(ascii: "\n"): throw .bareLineEnd
            default: throw .controlCharacter
            }
        }
        scanned = max(scanned, end)
        return try unfinished(end, limit, fault)
    }

    private func unfinished(_ end: Int, _ limit: Int, _ fault: Fault) throws(Fault) -> Range<Int>? {
        guard end < limit else { throw fault }
        return nil
    }

    /// Goes on elsewhere, `distance` bytes before, because what was between has been cut out.
    mutating func moveBack(by distance: Int) {
        position -= distance
        scanned -= distance
    }
}

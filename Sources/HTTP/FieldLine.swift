/// One line of a head or of trailers: a name, a colon, a value (RFC 9112, 5).
enum FieldLine {
    /// Where name and value lie. Blanks around the value are no part of it; before the name or the
    /// colon they are a fault (RFC 9112, 5.1 and 5.2).
    @inline(__always)
    static func parse(
        _ line: Range<Int>, of bytes: UnsafeRawBufferPointer
    ) throws(Fault) -> FieldTable.Field {
        guard !bytes[line.lowerBound].isBlank else { throw .fieldFolded }
        var colon = line.lowerBound
        while colon < line.upperBound, ByteSet.token.contains(bytes[colon]) { colon += 1 }
        guard colon > line.lowerBound, colon < line.upperBound, bytes[colon] == UInt8(ascii: ":")
        else { throw .fieldName }
        return FieldTable.Field(
            name: line.lowerBound..<colon, value: bytes.trimmed(colon + 1..<line.upperBound))
    }
}

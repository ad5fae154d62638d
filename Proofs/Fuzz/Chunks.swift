import Bytes

@testable import HTTP

/// A chunked body, split by its first byte: never more than may be, and the same however it comes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    let size = 1 + Int(bytes.first ?? 0) % 17
    let body = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
    guard decoded(body, inPiecesOf: max(1, count)) == decoded(body, inPiecesOf: size) else {
        fatalError("it depends on how the bytes are split")
    }
    return 0
}

private let limits: Limits = {
    var limits = Limits()
    (limits.body, limits.trailers) = (200, 64)
    (limits.chunkLine, limits.chunkExtensions) = (40, 80)
    return limits
}()

private func decoded(_ bytes: UnsafeRawBufferPointer, inPiecesOf size: Int) -> [UInt8]? {
    var input = ByteBuffer()
    var (chunks, offset) = (ChunkedBody(at: 0, upTo: limits.body), 0)
    do throws(Fault) {
        while offset < bytes.count {
            let end = min(bytes.count, offset + size)
            input.append(UnsafeRawBufferPointer(rebasing: bytes[offset..<end]))
            offset = end
            let isWhole = try chunks.advance(over: &input, within: limits)
            precondition(chunks.count <= limits.body, "more than may be")
            if isWhole { return Array(input.bytes.prefix(chunks.count)) }
        }
    } catch {
        return Array(error.code.description.utf8)
    }
    return nil
}

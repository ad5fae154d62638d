import Bytes

@testable import HTTP

/// A request's head and body, chunked or not, as one piece and in small ones: the same comes of it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    let size = 1 + Int(bytes.first ?? 0) % 23
    guard outcome(of: bytes, inPiecesOf: max(1, count)) == outcome(of: bytes, inPiecesOf: size)
    else { fatalError("it depends on how the bytes are split") }
    return 0
}

/// Small bounds, so that short inputs meet them.
private let limits: Limits = {
    var limits = Limits()
    (limits.head, limits.target, limits.body) = (512, 64, 128)
    (limits.trailers, limits.chunkLine, limits.chunkExtensions) = (48, 32, 64)
    return limits
}()

private func outcome(of bytes: UnsafeRawBufferPointer, inPiecesOf size: Int) -> [UInt8] {
    var input = ByteBuffer()
    var (parser, offset) = (RequestParser(), 0)
    let table = FieldTable(capacity: 12)
    do throws(Fault) {
        while offset < bytes.count {
            let end = min(bytes.count, offset + size)
            input.append(UnsafeRawBufferPointer(rebasing: bytes[offset..<end]))
            offset = end
            var progress = try parser.advance(over: &input, within: limits, into: table)
            if progress == .head {
                progress = try parser.advance(over: &input, within: limits, into: table)
            }
            guard progress == .request else { continue }
            let request = Request(parser, of: input.bytes, table: table, at: 0)
            return Array(request.path) + [0] + Array(request.query) + [0] + Array(request.body)
        }
    } catch {
        return Array(error.code.description.utf8)
    }
    return []
}

@testable import Crypto
@testable import OnlineSafety

private let secret = [UInt8](repeating: 7, count: 32)
private let keys = KeyRing([(1, secret), (2, secret.reversed())])

/// The text of a cursor: what comes from outside is refused unless it was signed here.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let text = String(decoding: bytes, as: UTF8.self)
    if let decoded = Base64.url.decode(text) {
        guard Base64.url.encode(decoded) == text else { fatalError("two spellings of one value") }
        if keys.verified(decoded, bound: [1]) != nil { fatalError("forged") }
    }
    let signed = keys.sign(bytes, bound: [1]) + bytes
    guard keys.verified(signed, bound: [1]) == bytes, keys.verified(signed, bound: [2]) == nil
    else { fatalError("what was signed is not known again") }
    // The query that it came in.
    bytes.withUnsafeBytes { raw in
        var query = QueryReader(raw)
        _ = query.pairs(without: ["cursor", "limit"])
        _ = query.take("cursor")
        try? query.finish()
    }
    return 0
}

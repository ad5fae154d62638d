import Bytes

@testable import JSON

/// A JSON text: what is accepted is written, and read again as the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    var limits = JSONLimits()
    limits.depth = 12
    guard let value = try? JSON.parse(bytes, limits: limits) else { return 0 }
    guard let written = try? JSON.bytes(of: value),
        let again = written.withUnsafeBytes({ try? JSON.parse($0, limits: limits) }),
        again == value
    else { fatalError("what was written is not what was read") }
    return 0
}

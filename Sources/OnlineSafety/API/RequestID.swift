import Crypto
import HTTP

/// What one request is called in the log, in the audit and in a problem: the client's own
/// `X-Request-Id` when it is 8 to 64 of `A-Z a-z 0-9 _ -`, otherwise one that is made here.
struct RequestID: Sendable {
    let string: String

    /// The trace to which a caller's `traceparent` says that the request belongs (W3C Trace
    /// Context).
    let trace: String?

    init(_ request: Request?) {
        trace = request?["traceparent"].flatMap(Self.trace)
        if let given = request?["x-request-id"], (8...64).contains(given.count),
            given.allSatisfy(Self.isAllowed)
        {
            string = String(decoding: given, as: UTF8.self)
        } else {
            string = "req_" + Base64.url.encode(Random.bytes(12))
        }
    }

    /// The 32 hexadecimal digits of `00-<trace>-<span>-<flags>`; `nil` for anything else.
    private static func trace(_ header: UnsafeRawBufferPointer) -> String? {
        let parts = header.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [2, 32, 16, 2],
            parts.joined().allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        return String(decoding: parts[1], as: UTF8.self)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}

import Crypto
import HTTP

/// What one request is called in the log, in the audit and in a problem: the client's own
/// `X-Request-Id` when it is 8 to 64 of `A-Z a-z 0-9 _ -`, otherwise one that is made here.
struct RequestID: Sendable {
    let string: String

    init(_ request: Request) {
        if let given = request["x-request-id"], (8...64).contains(given.count),
            given.allSatisfy(Self.isAllowed)
        {
            string = String(decoding: given, as: UTF8.self)
        } else {
            string = "req_" + Base64.url.encode(Random.bytes(12))
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}

/// The methods that are implemented (RFC 9110, 9.3); any other is answered with 501.
package enum Method: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"

    /// Methods are case-sensitive (RFC 9110, 9.1): `get` is none of them.
    init?(_ name: UnsafeRawBufferPointer) {
        switch name.count {
        case 3 where name == "GET": self = .get
        case 4 where name == "POST": self = .post
        case 5 where name == "PATCH": self = .patch
        case 3 where name == "PUT": self = .put
        case 6 where name == "DELETE": self = .delete
        case 4 where name == "HEAD": self = .head
        case 7 where name == "OPTIONS": self = .options
        default: return nil
        }
    }
}

import HTTP

/// A reply that has a version (RFC 9110, 8.8.3).
protocol Tagged {
    /// With its quotes, as the row has it.
    var etag: String? { get }
}

/// The version that a client read, and will not overwrite unseen: the `If-Match` of a PUT, PATCH or
/// DELETE, which is required there (428 without it).
struct IfMatch: Argument {
    /// One version, several of which any will do, or `*` (RFC 9110, 13.1.1).
    let etags: String

    /// Throws 412 when none is the version that stands. What follows a full stop is of parts that
    /// were shown with the record, and are no part of its own version.
    func check(_ current: String) throws(Problem) {
        let isThere = etags.split(separator: ",").contains { item in
            let etag = item.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
            return etag.prefix { $0 != "." } + (etag.contains(".") ? "\"" : "") == current
        }
        guard etags == "*" || isThere else { throw Problem(.preconditionFailed) }
    }

    static func take(from call: inout Call) throws -> IfMatch {
        guard let value = call.request["if-match"] else {
            throw Problem(.preconditionRequired)
        }
        return IfMatch(etags: String(decoding: value, as: UTF8.self))
    }

    static func describe(_ operation: inout OperationWords) {
        operation.requiresIfMatch()
    }
}

/// The same of an act, where it need not be sent: what is done to a record that has changed since
/// it was read may not be what was meant.
struct IfUnchanged: Argument {
    let version: IfMatch?

    func check(_ current: String) throws(Problem) { try version?.check(current) }

    static func take(from call: inout Call) throws -> IfUnchanged {
        IfUnchanged(version: call.request["if-match"] == nil ? nil : try .take(from: &call))
    }

    static func describe(_ operation: inout OperationWords) { operation.takesIfMatch() }
}

enum ETag {
    /// Whether an `If-None-Match` names this version; weak comparison (RFC 9110, 13.1.2).
    static func list(_ header: UnsafeRawBufferPointer, contains etag: String) -> Bool {
        let known = String(decoding: header, as: UTF8.self)
        return known == "*"
            || known.split(separator: ",").contains { item in
                let item = item.drop { $0 == " " || $0 == "\t" }
                return (item.hasPrefix("W/") ? item.dropFirst(2) : item) == etag
            }
    }
}

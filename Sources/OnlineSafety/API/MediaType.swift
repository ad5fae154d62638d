import HTTP

/// The value of a `Content-Type`.
struct MediaType {
    private let name: String

    init(_ header: UnsafeRawBufferPointer) {
        name = header.prefix { $0 != UInt8(ascii: ";") }
            .map { (65...90).contains($0) ? $0 | 0x20 : $0 }
            .reduce(into: "") { $0.unicodeScalars.append(Unicode.Scalar($1)) }
            .filter { $0 != " " && $0 != "\t" }
    }

    var isJSON: Bool { name == "application/json" || name == "application/merge-patch+json" }
}

extension Call {
    /// Whether the client would rather have `type` than `usual`, by the order of its `Accept`
    /// (weights are not compared). 406 when it takes neither.
    func accepts(_ type: String, before usual: String) throws(Problem) -> Bool {
        guard let header = request["accept"] else { return false }
        for item in String(decoding: header, as: UTF8.self).lowercased().split(separator: ",") {
            let name = item.prefix { $0 != ";" }.filter { $0 != " " }
            if name == type { return true }
            let kinds = [usual, "*/*", "application/*", "application/problem+json"]
            if kinds.contains(name) { return false }
        }
        throw Problem(.notAcceptable)
    }
}

import HTTP
import OpenAPI

/// What HTTP itself answers instead of an operation: to a request that is too slow or too large.
/// What only a client that does not speak HTTP/1.1 can meet is told by `default`.
enum HTTPRefusals {
    static func all(takesBody: Bool, _ problem: Schema) -> [Document.Response] {
        let body = takesBody ? [response(.contentTooLarge, "ContentTooLarge", problem)] : []
        return body + [
            response(.requestTimeout, "RequestTimeout", problem),
            response(.uriTooLong, "URITooLong", problem),
            response(.headerFieldsTooLarge, "HeaderFieldsTooLarge", problem),
        ]
    }

    private static func response(
        _ status: Status, _ name: String, _ problem: Schema
    ) -> Document.Response {
        let faults = HTTP.Fault.allCases.filter { $0.status == status }
        let words = faults.map { "`\($0.code)`: \($0.detail)" }.joined(separator: " ")
        return Document.Response(
            status.code, words, schema: problem, contentTypes: ["application/problem+json"],
            sharedAs: name)
    }
}

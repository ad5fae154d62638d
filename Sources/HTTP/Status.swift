/// The status of an answer (RFC 9110, 15), with its line as it goes out.
package struct Status: Sendable, Hashable {
    package let code: Int
    let line: StaticString

    private init(_ code: Int, _ line: StaticString) {
        self.code = code
        self.line = line
    }

    package static func == (left: Status, right: Status) -> Bool { left.code == right.code }

    package func hash(into hasher: inout Hasher) { hasher.combine(code) }

    /// Answers of these statuses end with their head, whatever the fields say (RFC 9112, 6.3).
    var hasNoBody: Bool { code == 204 || code == 304 }
}

// MARK: - Done

extension Status {
    package static let ok = Status(200, "HTTP/1.1 200 OK\r\n")
    package static let created = Status(201, "HTTP/1.1 201 Created\r\n")
    package static let accepted = Status(202, "HTTP/1.1 202 Accepted\r\n")
    package static let noContent = Status(204, "HTTP/1.1 204 No Content\r\n")
    package static let multiStatus = Status(207, "HTTP/1.1 207 Multi-Status\r\n")
    package static let notModified = Status(304, "HTTP/1.1 304 Not Modified\r\n")
}

// MARK: - The client's fault

extension Status {
    package static let badRequest = Status(400, "HTTP/1.1 400 Bad Request\r\n")
    package static let unauthorized = Status(401, "HTTP/1.1 401 Unauthorized\r\n")
    package static let forbidden = Status(403, "HTTP/1.1 403 Forbidden\r\n")
    package static let notFound = Status(404, "HTTP/1.1 404 Not Found\r\n")
    package static let methodNotAllowed = Status(405, "HTTP/1.1 405 Method Not Allowed\r\n")
    package static let notAcceptable = Status(406, "HTTP/1.1 406 Not Acceptable\r\n")
    package static let requestTimeout = Status(408, "HTTP/1.1 408 Request Timeout\r\n")
    package static let conflict = Status(409, "HTTP/1.1 409 Conflict\r\n")
    package static let gone = Status(410, "HTTP/1.1 410 Gone\r\n")
    package static let preconditionFailed = Status(412, "HTTP/1.1 412 Precondition Failed\r\n")
    package static let contentTooLarge = Status(413, "HTTP/1.1 413 Content Too Large\r\n")
    package static let uriTooLong = Status(414, "HTTP/1.1 414 URI Too Long\r\n")
    package static let unsupportedMediaType = Status(
        415, "HTTP/1.1 415 Unsupported Media Type\r\n")
    package static let expectationFailed = Status(417, "HTTP/1.1 417 Expectation Failed\r\n")
    package static let unprocessable = Status(422, "HTTP/1.1 422 Unprocessable Content\r\n")
    package static let preconditionRequired = Status(
        428, "HTTP/1.1 428 Precondition Required\r\n")
    package static let tooManyRequests = Status(429, "HTTP/1.1 429 Too Many Requests\r\n")
    package static let headerFieldsTooLarge = Status(
        431, "HTTP/1.1 431 Request Header Fields Too Large\r\n")
}

// MARK: - The server's

extension Status {
    package static let failed = Status(500, "HTTP/1.1 500 Internal Server Error\r\n")
    package static let notImplemented = Status(501, "HTTP/1.1 501 Not Implemented\r\n")
    package static let unavailable = Status(503, "HTTP/1.1 503 Service Unavailable\r\n")
    package static let versionNotSupported = Status(
        505, "HTTP/1.1 505 HTTP Version Not Supported\r\n")
}

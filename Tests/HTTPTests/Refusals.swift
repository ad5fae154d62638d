import Testing

@testable import HTTP

/// The service answers what is refused, and is told of what request as much as was safely read.
@Suite("Refusals")
struct Refusals {
    @Test(arguments: [
        ("GET / HTTP/2.0\r\n", nil), ("GET /a b HTTP/1.1\r\n", nil), ("BREW / HTTP/1.1\r\n", nil),
        ("GET /a?secret HTTP/1.1\r\n\r\n", "GET /a"), ("GET /a HTTP/1.1\r\nA\r\n", "GET /a"),
        ("POST /a HTTP/1.1\r\n\(host)Content-Length: 99999999\r\n\r\n", "POST /a"),
        ("POST /a HTTP/1.1\r\n\(host)Content-Length: 9\r\n\r\nsecret", "POST /a"),
        ("POST /a HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\nsecret\r\n", "POST /a"),
    ])
    func `tell of the request what is known of it`(_ bytes: String, _ told: String?) async throws {
        try await withServer { server in
            let answer = try server.answers(to: bytes)
            #expect(answer.statuses.count == 1 && answer.statuses[0] >= 400)
            let line = answer.split(separator: "\r\n").first { $0.hasPrefix("X-Refused: ") }
            #expect(line.map { String($0.dropFirst("X-Refused: ".count)) } == told)
            #expect(!answer.contains("secret"))
        }
    }
}

import JSON
import Testing

@testable import OnlineSafety

/// What never becomes a request that a handler sees: refused, but not silently.
@Suite struct `What HTTP itself refuses` {
    private struct Case {
        let bytes: String
        let status: Int
        let code: String
        var method = "-"
        var route = "-"
    }

    private static let host = "Host: localhost\r\nX-Request-Id: "

    private let cases = [
        Case(bytes: "nonsense\r\n\r\n", status: 400, code: "malformed_request"),
        Case(
            bytes: "GET /v1/people?q=Canary HTTP/1.1\r\n\(host)id_refused_1\r\nA\r\n\r\n",
            status: 400, code: "malformed_request", method: "GET", route: "/v1/people"),
        Case(
            bytes: "POST /v1/sessions HTTP/1.1\r\n\(host)id_refused_2\r\n"
                + "Content-Length: 16385\r\n\r\nCanary",
            status: 413, code: "content_too_large", method: "POST", route: "/v1/sessions"),
        Case(
            bytes: "POST /v1/sessions HTTP/1.1\r\n\(host)id_refused_3\r\n"
                + "Content-Length: 99\r\n\r\nCanary",
            status: 400, code: "malformed_request", method: "POST", route: "/v1/sessions"),
        Case(
            bytes: "GET /v1/me HTTP/1.1\r\n\(host)id_refused_5\r\n"
                + "Authorization: Bearer Canary\r\nAuthorization: Bearer Canary\r\n\r\n",
            status: 400, code: "malformed_request", method: "GET", route: "/v1/me"),
        Case(
            bytes: "GET /Canary\(String(repeating: "a", count: 9000)) HTTP/1.1\r\n",
            status: 414, code: "uri_too_long"),
        Case(
            bytes: "GET /v1/me HTTP/1.1\r\n\(host)id_refused_4\r\n"
                + String(repeating: "A: Canary\r\n", count: 100),
            status: 431, code: "header_fields_too_large", method: "GET", route: "/v1/me"),
        Case(bytes: "CANARY / HTTP/1.1\r\n\r\n", status: 501, code: "not_implemented"),
        Case(bytes: "GET /Canary HTTP/3.0\r\n\r\n", status: 505, code: "version_not_supported"),
    ]

    @Test func `has a name, a line in the log and a place in the figures`() async throws {
        let database = try TestDatabase()
        let service = try RunningService(database.serviceURL)
        #expect(try await service.isReady())
        for one in cases {
            let socket = try ClientSocket(port: service.port)
            try socket.send(Array(one.bytes.utf8))
            socket.finishSending()
            let told = try Reading(socket.readToEnd())
            #expect(told.status == one.status && told.code == one.code)
            let id = try #require(told.header("x-request-id"))
            #expect(told["request_id"] == id && !told.text.contains("anary"))
            if one.status == 413 {
                #expect(told["detail"] == "The body is too large. At most 16384 bytes.")
            }
            if one.bytes.contains("A\r\n") || one.status == 413 {
                #expect(id.hasPrefix("id_refused_"))
            }
            try await expectLine(of: one, id, in: service)
        }
        let metrics = try service.admin.get("/metrics").text
        #expect(metrics.contains("{route=\"none\",status=\"505\"} 1\n"))
        #expect(metrics.contains("{route=\"/v1/sessions\",status=\"413\"} 1\n"))
    }

    private func expectLine(of one: Case, _ id: String, in service: RunningService) async throws {
        let log = try await service.logSoFar()
        #expect(!log.contains("anary"))
        let lines = log.split(separator: "\n").filter { $0.contains("\"\(id)\"") }
        let line = try #require(lines.first)
        let told = try Array(line.utf8).withUnsafeBytes { try JSON.parse($0) }
        #expect(lines.count == 1)
        #expect(told["method"]?.text == one.method && told["route"]?.text == one.route)
        #expect(told["code"]?.text == one.code && told["event"]?.text == "request")
    }

    @Test func `is logged on the admin port too, and probes are not`() async throws {
        let database = try TestDatabase()
        let service = try RunningService(database.serviceURL)
        #expect(try await service.isReady())
        let socket = try ClientSocket(port: service.adminPort)
        try socket.send(Array("GET / HTTP/9.9\r\n\r\n".utf8))
        let told = try Reading(socket.readToEnd())
        let id = try #require(told.header("x-request-id"))
        _ = try service.admin.get("/livez")
        _ = try Visitor(port: service.port, token: nil).get("/readyz")
        let log = try await service.logSoFar()
        #expect(log.contains("\"\(id)\""))
        #expect(log.split(separator: "\n").count { $0.contains("\"event\":\"request\"") } == 2)
    }
}

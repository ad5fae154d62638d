import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// One line of JSON for each request, which no request can forge.
@Suite struct `Log lines` {
    private static let forged = "{\"event\":\"request\",\"forged\":true}"

    @Test func `are JSON, one for each request, and cannot be forged`() async throws {
        let database = try TestDatabase()
        let service = try RunningService(database.serviceURL)
        #expect(try await service.isReady())
        let staff = service.as(.staff)
        for path in ["/v1/me", "/v1/me%0A\(Self.escaped)", "/v1/people/%0D%0A\(Self.escaped)"] {
            _ = try staff.get(path)
        }
        _ = try staff.get("/v1/me", ["X-Request-Id": "a-good-request-id"])
        _ = try staff.get("/v1/me", ["X-Request-Id": "12345678\"},\(Self.forged)"])
        for break_ in ["\n", "\r", "\r\n", "\u{2028}", "\u{85}"] {
            _ = try staff.raw("GET", "/v1/me", ["X-Request-Id": "12345678\(break_)forged: 1"], [])
            _ = try staff.raw("GE\(break_)T", "/v1/me", [:], [])
            _ = try staff.raw("GET", "/v1/me\(break_)forged", [:], [])
        }
        let log = try await service.logSoFar()
        let lines = try `lines`(of: log)
        let requests = lines.filter { $0["event"]?.text == "request" }
        #expect(requests.count >= 5)
        #expect(lines.allSatisfy { $0["forged"] == nil && $0["at"]?.text != nil })
        #expect(!log.contains("forged"))
        #expect(requests.prefix(5).map { $0["status"] } == [200, 404, 404, 200, 200])
        #expect(requests[3]["request_id"]?.text == "a-good-request-id")
        #expect(requests[4]["request_id"]?.text?.hasPrefix("req_") == true)
        let routes = Set(requests.compactMap { $0["route"]?.text })
        #expect(routes.isSubset(of: ["/v1/me", "/v1/people/{person}", "-"]))
    }

    private static let escaped = "%7B%22event%22:%22request%22,%22forged%22:true%7D"

    /// Every line, read as strictly as a request's body.
    private func lines(of log: String) throws -> [JSONValue] {
        #expect(log.hasSuffix("\n"))
        return try log.utf8.split(separator: UInt8(ascii: "\n")).map { line in
            try Array(line).withUnsafeBytes { try JSON.parse($0) }
        }
    }

    @Test func `stay whole when many are written at once`() async throws {
        let database = try TestDatabase()
        let service = try RunningService(database.serviceURL)
        #expect(try await service.isReady())
        _ = try await atOnce(40) { _ in
            for _ in 0..<25 { _ = try service.as(.staff).get("/v1/notices") }
        }
        let requests = try await lines(of: service.logSoFar())
            .filter { $0["route"]?.text == "/v1/notices" }
        #expect(requests.count == 1000)
        #expect(Set(requests.compactMap { $0["request_id"]?.text }).count == 1000)
    }
}

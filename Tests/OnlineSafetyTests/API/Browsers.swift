import JSON
import Testing

@testable import OnlineSafety

/// What a browser may do on behalf of a page from elsewhere.
@Suite struct `Other origins` {
    private let origin = "https://register.hawthorn.example"

    private func open() async throws -> Register {
        try await Register.open { $0.origins = ["https://register.hawthorn.example"] }
    }

    @Test func `one that the operator named may call, and read what it needs`() async throws {
        let register = try await open()
        let told = try register.as(.dsl).get("/v1/me", ["Origin": origin])
        #expect(told.header("access-control-allow-origin") == origin)
        #expect(told.header("vary") == "Origin")
        let exposed = try #require(told.header("access-control-expose-headers"))
        for name in ["ETag", "Link", "Location", "Retry-After", "X-Request-Id"] {
            #expect(exposed.contains(name))
        }
    }

    @Test func `errors carry the same headers`() async throws {
        let register = try await open()
        for path in ["/v1/me", "/v1/nowhere"] {
            let told = try register.nobody.get(path, ["Origin": origin])
            #expect(told.status >= 400)
            #expect(told.header("access-control-allow-origin") == origin, "\(path)")
        }
    }

    @Test func `a browser that asks first is told what it may do, without a log-in`() async throws {
        let register = try await open()
        let told = try register.nobody.ask(
            "OPTIONS", "/v1/incidents",
            ["Origin": origin, "Access-Control-Request-Method": "POST"])
        #expect(told.status == 204)
        #expect(told.header("access-control-allow-origin") == origin)
        #expect(told.header("access-control-allow-methods") == "GET, HEAD, OPTIONS, POST")
        let headers = try #require(told.header("access-control-allow-headers"))
        for name in [
            "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "Last-Event-ID",
        ] {
            #expect(headers.contains(name))
        }
        #expect(told.header("access-control-max-age") == "600")
        #expect(told.header("access-control-allow-credentials") == nil)
    }

    @Test(arguments: [
        "https://evil.example", "null", "http://register.hawthorn.example",
        "https://register.hawthorn.example.evil.example", "https://register.hawthorn.example:444",
        "*",
    ])
    func `any other is told nothing`(stranger: String) async throws {
        let register = try await open()
        for method in ["GET", "OPTIONS"] {
            let told = try register.as(.dsl).ask(method, "/v1/me", ["Origin": stranger])
            let said = told.headers.filter { $0.name.hasPrefix("access-control") }
            #expect(said.isEmpty, "\(method)")
            #expect(told.header("vary") == "Origin")
        }
    }

    @Test func `without any named, nobody from elsewhere may`() async throws {
        let register = try await Register.open()
        let told = try register.as(.dsl).get("/v1/me", ["Origin": origin])
        #expect(told.header("access-control-allow-origin") == nil)
    }

    @Test func `OPTIONS says what an address answers`() async throws {
        let register = try await Register.open()
        let told = try register.nobody.ask("OPTIONS", "/v1/sessions/current")
        #expect(told.status == 204)
        #expect(told.header("allow") == "DELETE, OPTIONS")
        #expect(try register.nobody.ask("OPTIONS", "/v1/nowhere").status == 404)
    }
}

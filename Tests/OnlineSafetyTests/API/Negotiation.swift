import HTTP
import JSON
import Testing

@testable import OnlineSafety

/// Methods, media types and what goes with every answer.
@Suite struct `Asking properly` {
    /// API-10: no form, no file and no text is taken, whatever it is called.
    @Test(arguments: [
        "multipart/form-data; boundary=x", "text/plain", "application/x-www-form-urlencoded",
        "image/jpeg", "application/octet-stream", "text/json", "application/jsonp", "",
    ])
    func `a body that is not JSON is refused, by its type, on every write`(type: String)
        async throws
    {
        let scene = try await Scene.open()
        for route in areas.flatMap(\.routes) { _ = try scene.visitor(for: route, or: .headteacher) }
        let before = try scene.register.database.number("select count(*) from event")
        for route in areas.flatMap(\.routes) where route.contractWords.body != nil {
            let token = try scene.visitor(for: route, or: .headteacher).token ?? ""
            var headers = ["Authorization": "Bearer \(token)", "If-Match": "*"]
            if !type.isEmpty { headers["Content-Type"] = type }
            let told = try scene.register.nobody.raw(
                route.method.rawValue, scene.address(of: route, for: .headteacher), headers,
                Array(JSON.string(of: route.contractWords.body?.example ?? .null).utf8))
            #expect(told.status == 415, "\(route.path)")
            #expect(told.code == "unsupported_media_type", "\(route.path)")
        }
        #expect(try scene.register.database.number("select count(*) from event") == before)
    }

    /// API-10
    @Test func `JSON is taken with its parameters and in capitals, and never when compressed`()
        async throws
    {
        let register = try await Register.open()
        for type in ["application/json; charset=utf-8", "Application/JSON"] {
            let told = try register.as(.staff).post(
                "/v1/incidents", report(), ["Content-Type": type])
            #expect(told.status == 201, "\(type)")
        }
        let told = try register.as(.staff).post(
            "/v1/incidents", report(), ["Content-Encoding": "gzip"])
        #expect(told.status == 415)
    }

    @Test func `a method that an address does not know is 405 with those it does`() async throws {
        let register = try await Register.open()
        let staff = register.as(.staff)
        let cases = [
            ("PUT", "/v1/incidents", "GET, HEAD, OPTIONS, POST"),
            ("DELETE", "/v1/incidents/\(Scene.missing)", "GET, HEAD, OPTIONS, PATCH"),
            ("PATCH", "/v1/sessions", "OPTIONS, POST"),
            ("GET", "/v1/sessions/current", "DELETE, OPTIONS"),
        ]
        for (method, path, allow) in cases {
            let told = try staff.ask(method, path)
            #expect(told.status == 405)
            #expect(told.header("allow") == allow)
            #expect(told.code == "method_not_allowed")
        }
    }

    @Test func `a form that is not had is 406, and any of those that are had is not`() async throws
    {
        let register = try await Register.open()
        let dsl = register.as(.dsl)
        for path in ["/v1/people", "/v1/incidents", "/v1/notices"] {
            #expect(try dsl.get(path, ["Accept": "application/pdf"]).status == 406)
            for accept in ["*/*", "application/json", "application/*", "text/html, */*;q=0.1"] {
                #expect(try dsl.get(path, ["Accept": accept]).status == 200, "\(accept)")
            }
        }
    }

    /// RFC 9110, 12.5.1
    @Test(arguments: [
        ("text/csv;q=0", 406), ("text/csv;q=0, */*", 200),
        ("text/csv;q=0.5, application/json", 200),
        ("text/csv, application/json;q=0.9", 201), ("application/json, text/csv", 200),
        ("text/csv, application/json", 200), ("text/*", 201), ("text/csv", 201),
        ("text/html, text/csv;q=0.2, application/json;q=0.1", 201), ("*/*;q=0", 406),
        ("application/json;q=0, text/csv;q=0.001", 201), ("TEXT/CSV ; Q=1.0", 201),
        ("application/problem+json", 200),
    ])
    func `the form that weighs most is answered`(accept: String, expected: Int) async throws {
        let register = try await Register.open()
        let told = try register.as(.dsl).get("/v1/people", ["Accept": accept])
        let isTable = told.header("content-type")?.hasPrefix("text/csv") == true
        #expect((isTable ? told.status + 1 : told.status) == expected)
    }

    @Test func `HEAD answers as GET does, without the body`() async throws {
        let scene = try await Scene.open()
        // Who looks at the list of those who looked makes it longer.
        for route in areas.flatMap(\.routes)
        where route.method == .get && !route.path.hasSuffix("/readings") {
            let address = scene.address(of: route, for: .dsl)
            let get = try scene.register.as(.dsl).get(address)
            let head = try scene.register.as(.dsl).ask("HEAD", address)
            #expect(head.status == get.status && head.body.isEmpty, "\(address)")
            for name in ["content-type", "content-length", "etag"] {
                #expect(head.header(name) == get.header(name), "\(address) \(name)")
            }
        }
        #expect(try scene.register.nobody.ask("HEAD", "/v1/me").status == 401)
    }

    @Test func `every answer has a request id, and the caller's own where it is plain`()
        async throws
    {
        let register = try await Register.open()
        let own = ["X-Request-Id": "front-end_2026"]
        for path in ["/v1/me", "/v1/incidents/nothing", "/v1/nowhere", "/v1/openapi.json"] {
            #expect(try register.as(.dsl).get(path, own).header("x-request-id") == "front-end_2026")
        }
        let options = try register.nobody.ask("OPTIONS", "/v1/incidents", own)
        #expect(options.header("x-request-id") == "front-end_2026")
        let problem = try register.nobody.get("/v1/me", own)
        #expect(problem["request_id"] == "front-end_2026")
        #expect(problem["instance"] == "/v1/me")
        for odd in ["short", "with space", "<script>alert", String(repeating: "a", count: 65)] {
            let told = try register.nobody.get("/v1/me", ["X-Request-Id": odd])
            let made = try #require(told.header("x-request-id"))
            #expect(made.hasPrefix("req_") && made.utf8.count == 20)
            #expect(told["request_id"] == made)
        }
    }

    @Test func `nothing that is answered is kept by anybody on the way`() async throws {
        let register = try await Register.open()
        for told in [
            try register.as(.dsl).get("/v1/incidents"), try register.nobody.get("/v1/incidents"),
            try register.as(.staff).report(),
        ] {
            #expect(told.header("cache-control") == "no-store")
        }
        #expect(try register.as(.dsl).get("/v1/me").header("x-content-type-options") == "nosniff")
    }
}

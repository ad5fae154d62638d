import JSON
import Testing

@testable import OnlineSafety

/// Bodies that are not what they should be: refused with their place, their value never repeated.
@Suite struct `Faulty bodies` {
    private func send(_ body: String, to register: Register) throws -> Reading {
        let headers = [
            "Authorization": "Bearer \(Role.staff.token)", "Content-Type": "application/json",
        ]
        return try register.nobody.raw("POST", "/v1/incidents", headers, Array(body.utf8))
    }

    @Test(arguments: [
        "", "{", "{\"description\":\"canary\"", "{\"description\":\"canary\",}", "[1,]", "{'a':1}",
        "\u{FEFF}{}", "{\"a\":01}", "{\"a\":NaN}", "{} canary", "{\"a\":\"\\ud8\"}", "nul",
        "{\"a\":\"\t\"}",
    ])
    func `what is not JSON is 400, with the place`(body: String) async throws {
        let register = try await Register.open()
        let told = try send(body, to: register)
        #expect(told.status == 400)
        #expect(told.code == "malformed_json")
        let detail = try #require(told.json["errors"]?[0]?["detail"]?.text)
        #expect(detail.contains("at byte "))
        #expect(!told.text.contains("canary"))
    }

    @Test func `the place is that of the first byte that is wrong`() async throws {
        let register = try await Register.open()
        let told = try send("{\"description\": canary}", to: register)
        #expect(told.json["errors"]?[0]?["detail"]?.text?.hasSuffix("(at byte 16)") == true)
    }

    @Test func `a name that is given twice is refused, for readers differ on which counts`()
        async throws
    {
        let register = try await Register.open()
        let told = try send(
            #"{"concerns":"child","concerns":"headteacher","description":"canary"}"#, to: register)
        #expect(told.status == 400)
        #expect(told.json["errors"]?[0]?["code"]?.text == "json_duplicate_name")
        #expect(try register.database.number("select count(*) from incident") == 0)
    }

    @Test func `bytes that are not UTF-8 are refused`() async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).raw(
            "POST", "/v1/incidents",
            [
                "Authorization": "Bearer \(Role.staff.token)", "Content-Type": "application/json",
            ],
            Array("{\"description\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8))
        #expect(told.status == 400)
        #expect(told.code == "malformed_json")
    }

    /// PostgreSQL cannot hold it, so nothing here may.
    @Test func `a NUL in text is 422`() async throws {
        let register = try await Register.open()
        let told = try register.nobody.raw(
            "POST", "/v1/sessions", ["Content-Type": "application/json"],
            Array(#"{"email":"canary\u0000","password":"x","also":["a","\u0000"]}"#.utf8))
        #expect(told.status == 422)
        #expect(told.code == "validation_failed")
        #expect(told.faults == ["/email": "json_nul", "/also/1": "json_nul"])
        #expect(!told.text.contains("canary"))
    }

    /// API-06: where nothing is set aside, every fault refuses, and all of them are told.
    @Test func `all the faults are told at once`() async throws {
        let register = try await Register.open()
        let log = try register.nobody.post(
            "/v1/sessions", ["email": 5, "passwort": "canary", "canary": ["canary"]])
        #expect(log.status == 422)
        #expect(
            log.faults == [
                "/email": "wrong_type", "/password": "required", "/passwort": "unknown_field",
                "/canary": "unknown_field",
            ])
        let detail = [log["detail"], log["title"]].compactMap(\.self).joined()
        #expect(!detail.contains("canary"))
        let posts = try register.as(.headteacher).put(
            "/v1/schools/\(TestSchool.hawthorn.id)/settings/incident-recipients",
            ["value": ["dsl", "canary", 7]], ["If-Match": "*"])
        #expect(posts.faults == ["/value/1": "unknown_word", "/value/2": "wrong_type"])
        #expect(!posts.text.contains("canary"))
    }

    /// API-06: one shape, whatever went wrong.
    @Test func `every refusal is a problem of the same shape`() async throws {
        let register = try await Register.open()
        let dsl = register.as(.dsl)
        let refusals = [
            try register.nobody.get("/v1/me"), try register.as(.governor).get("/v1/incidents"),
            try dsl.get("/v1/incidents/\(Scene.missing)"), try dsl.get("/v1/nowhere"),
            try dsl.ask("PUT", "/v1/incidents"), try dsl.get("/v1/incidents?x=1"),
            try dsl.get("/v1/people", ["Accept": "image/png"]), try send("{", to: register),
            try dsl.post("/v1/incidents", [:]),
        ]
        for told in refusals {
            #expect(told.header("content-type") == "application/problem+json")
            let problem = try JSON.decode(ProblemShown.self, from: told.json)
            #expect(problem.status == told.status)
            #expect(problem.type == "/problems/" + problem.code.string.replacing("_", with: "-"))
            #expect(problem.requestID == told.header("x-request-id"))
            #expect(!problem.title.isEmpty && !problem.detail.isEmpty)
        }
        #expect(refusals.map(\.status) == [401, 403, 404, 404, 405, 400, 406, 400, 422])
    }
}

import JSON
import Testing

@testable import OnlineSafety

/// A report never bounces for what a keyboard, or a program, puts into it.
@Suite struct `Reports that are mended` {
    private func send(
        _ body: String, to path: String, as visitor: Visitor
    ) throws -> Reading {
        let headers = [
            "Authorization": "Bearer \(visitor.token ?? "")", "Content-Type": "application/json",
        ]
        return try visitor.raw("POST", path, headers, Array(body.utf8))
    }

    @Test(arguments: [
        (#"\u0000"#, "json_nul"), (#"\ud83d"#, "json_lone_surrogate"),
        (#"\udc00\ud83d"#, "json_lone_surrogate"), (#"\ud83d\u0041"#, "json_lone_surrogate"),
    ])
    func `what no text can hold is replaced, and said`(sent: String, code: String) async throws {
        let register = try await Register.open()
        let body = """
            {"concerns":"child","description":"He wrote \(sent).","reporter_name":"Mina","people":
            [{"group":"child","name":"Robin"},{"group":"child","name":"Ali\(sent)"}]}
            """
        for (path, visitor) in [
            ("/v1/incidents", register.as(.staff)),
            ("/v1/intake/incidents", try register.guest()),
        ] {
            let told = try send(body, to: path, as: visitor)
            #expect(told.status == 201)
            let places = try #require(told.json["warnings"]).pointers(of: code)
            #expect(places == ["/description", "/people/1/name"])
        }
        let list = try register.as(.dsl).get("/v1/incidents")
        for incident in list.data {
            let read = try register.as(.dsl).get("/v1/incidents/\(incident["id"]?.text ?? "")")
            #expect(read["description"]?.hasPrefix("He wrote \u{FFFD}") == true)
        }
        #expect(list.data.count == 2)
    }

    @Test func `what is no JSON is refused all the same`() async throws {
        let register = try await Register.open()
        for body in [
            #"{"concerns":"child","description":"x\u0000"#, #"{"concerns":"\ud83d\u12"}"#,
            #"{"concerns":"child","description":"x\ud83d",}"#,
        ] {
            let told = try send(body, to: "/v1/incidents", as: register.as(.staff))
            #expect(told.status == 400)
        }
    }

    /// Everywhere else it is refused, at its place.
    @Test func `any other body is not mended`() async throws {
        let one = try Case(await Register.open())
        let dsl = one.register.as(.dsl)
        let nul = try send(
            #"{"outcome":"All\u0000 well\u0000","kind":"mistaken"}"#, to: "\(one.path)/closure",
            as: dsl)
        #expect(nul.status == 422 && nul.faults == ["/outcome": "json_nul"])
        let lone = try send(
            #"{"outcome":"All \ud83d","kind":"mistaken"}"#, to: "\(one.path)/closure", as: dsl)
        #expect(lone.status == 400)
        #expect(lone.json["errors"]?.codes == ["json_lone_surrogate"])
    }

    /// INC-15: days to come are kept out, with a warning.
    @Test func `days that have not come are kept out of a report`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let days: [(String, JSONValue)] = [
            ("occurred_on", "2026-12-24"), ("occurred_until", "2027-01-01"),
            ("known_at", "2026-11-22T09:00:00Z"),
        ]
        let told = try register.as(.staff).report(
            "It", .child, days[0], days[1], days[2], ("completed_on", "2062-11-20"))
        #expect(told.status == 201)
        let places = try #require(told.json["warnings"]).pointers(of: "in_the_future")
        #expect(places == ["/occurred_on", "/occurred_until", "/completed_on", "/known_at"])
        let read = try register.as(.dsl).get("/v1/incidents/\(told.id)")
        #expect(read["occurred_on"] == nil && read["known_at"] == nil)
        let report = try #require(read.json["reports"]?[0])
        #expect(report["completed_on"]?.text == "2026-11-20")
        #expect(JSON.string(of: report["set_aside"] ?? .null).contains("2062-11-20"))
        let guest = try register.guest().tell("It", .child, days[0], days[1], days[2])
        #expect(try #require(guest.json["warnings"]).pointers(of: "in_the_future").count == 3)
        let tomorrow = try register.as(.staff).report("It", .child, ("occurred_on", "2026-11-21"))
        #expect(tomorrow.json["warnings"] == [])
    }
}

extension JSONValue {
    /// Where a list of warnings has this code.
    fileprivate func pointers(of code: String) -> [String] {
        guard case .array(let warnings) = self else { return [] }
        return warnings.filter { $0["code"]?.text == code }.compactMap { $0["pointer"]?.text }
    }
}

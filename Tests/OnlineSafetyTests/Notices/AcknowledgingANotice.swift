import JSON
import Testing

@testable import OnlineSafety

/// NOT-01, NOT-02, INC-14: that there is something to look at, and that it was seen.
@Suite struct `Acknowledging a notice` {
    @Test func `a notice names nobody and tells nothing`() async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).report(
            "Robin Ash was asked for a picture", .child, ("is_child_at_risk", true),
            ("spoken_for", "Robin Ash"))
        let notices = try register.as(.dsl).get("/v1/notices")
        let notice = try #require(notices.data.first)
        #expect(notice["reference"]?.text == told["reference"])
        #expect(notice["kind"]?.text == "incident_reported")
        #expect(notice["urgency"]?.text == "urgent")
        #expect(notice["link"]?.text == "/v1/incidents/\(told.id)")
        let keys: Set = [
            "id", "school_id", "kind", "urgency", "reference", "role", "link", "created_at", "mail",
            "etag",
        ]
        guard case .object(let members) = notice else { return }
        #expect(Set(members.members.map(\.name)) == keys)
        for secret in ["Robin", "picture", "staff"] { #expect(!notices.text.contains(secret)) }
    }

    @Test func `the reporter sees who by post has seen it and when, and nothing more`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T13:30:00Z")
        let told = try register.as(.staff).report("A secret story")
        let before = try register.as(.staff).get("/v1/incidents/\(told.id)")
        #expect(before["status"] == "received")
        #expect(before["seen_at"] == nil)
        try register.database.setClock("2026-11-20T14:07:00Z")
        let notice = try #require(try register.as(.deputyDSL).get("/v1/notices").data.first)
        let path = "/v1/notices/\(notice["id"]?.text ?? "")/acknowledgement"
        let done = try register.as(.deputyDSL).post(path)
        #expect(done.status == 201)
        #expect(done["acknowledged_at"] == "2026-11-20T14:07:00.000Z")
        let after = try register.as(.staff).get("/v1/incidents/\(told.id)")
        #expect(after["status"] == "seen")
        #expect(after["seen_at"] == "2026-11-20T14:07:00.000Z")
        #expect(after["seen_by_role"] == "deputy_dsl")
        #expect(
            after.keys == [
                "id", "school_id", "reference", "status", "reported_at", "seen_at", "seen_by_role",
                "etag",
            ])
        #expect(before.header("etag") != after.header("etag"))
    }

    @Test func `again changes nothing, and another's notice is not there`() async throws {
        let register = try await Register.open()
        _ = try register.as(.staff).report()
        let notice = try #require(try register.as(.dsl).get("/v1/notices").data.first)
        let path = "/v1/notices/\(notice["id"]?.text ?? "")/acknowledgement"
        for role in [Role.deputyDSL, .headteacher, .staff, .technician] {
            #expect(try register.as(role).post(path).status == 404)
        }
        #expect(try register.as(.dsl, at: .rosehip).post(path).status == 404)
        let first = try register.as(.dsl).post(path)
        let second = try register.as(.dsl).post(path)
        #expect(first["acknowledged_at"] == second["acknowledged_at"])
        #expect(try register.database.number("select count(*) from notice_acknowledgement") == 1)
        let deeds = try register.database.number(
            "select count(*) from event where deed = 'acknowledged'")
        #expect(deeds == 1)
    }

    @Test func `what waits can be listed and counted`() async throws {
        let register = try await Register.open()
        _ = try register.as(.staff).report("One", .child, ("is_child_at_risk", true))
        _ = try register.as(.staff).report("Two")
        let dsl = register.as(.dsl)
        #expect(try dsl.get("/v1/me").json["waiting"] == ["notices": 2, "urgent_notices": 1])
        let urgent = try dsl.get("/v1/notices?urgency=urgent&acknowledged=false").data
        #expect(urgent.count == 1)
        _ = try dsl.post("/v1/notices/\(urgent[0]["id"]?.text ?? "")/acknowledgement")
        #expect(try dsl.get("/v1/notices?acknowledged=false").data.count == 1)
        #expect(try dsl.get("/v1/notices?acknowledged=true").data.count == 1)
        #expect(try dsl.get("/v1/me").json["waiting"] == ["notices": 1, "urgent_notices": 0])
    }
}

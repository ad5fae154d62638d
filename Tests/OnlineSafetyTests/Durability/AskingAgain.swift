import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// `Idempotency-Key`: asking again is safe (API-05).
@Suite struct `Asking again with the same key` {
    private let key = ["Idempotency-Key": "a-phone's-own-1"]

    @Test func `gives the same answer, says so, and keeps one record (API-05)`() async throws {
        let register = try await Register.open()
        let first = try register.as(.staff).post("/v1/incidents", report("Once"), key)
        let second = try register.as(.staff).post("/v1/incidents", report("Once"), key)
        #expect((first.status, second.status) == (201, 201))
        #expect(first.body == second.body)
        for name in ["etag", "location", "content-type"] {
            #expect(first.header(name) != nil)
            #expect(first.header(name) == second.header(name))
        }
        #expect(first.header("idempotency-replayed") == nil)
        #expect(second.header("idempotency-replayed") == "true")
        for table in ["incident", "report", "receipt"] as [SQL] {
            #expect(try register.database.number("select count(*) from \(table)") == 1)
        }
        #expect(try register.database.number("select count(*) from event") == 1)
        #expect(try register.as(.dsl).get("/v1/notices").data.count == 1)
    }

    @Test func `belongs to the account, whichever of its sessions asks`() async throws {
        let register = try await Register.open()
        let first = try register.as(.staff).post("/v1/incidents", report("Once"), key)
        let token = try register.logIn(TestSchool.hawthorn.email(.staff))["token"]
        let later = register.visitor(token: try #require(token))
        let again = try later.post("/v1/incidents", report("Once"), key)
        #expect(again.header("idempotency-replayed") == "true")
        #expect(again.id == first.id)
    }

    @Test func `means nothing to another account`() async throws {
        let register = try await Register.open()
        let mine = try register.as(.staff).post("/v1/incidents", report("Once"), key)
        for other in [register.as(.office), register.as(.staff, at: .rosehip)] {
            let theirs = try other.post("/v1/incidents", report("Once"), key)
            #expect(theirs.status == 201)
            #expect(theirs.header("idempotency-replayed") == nil)
            #expect(theirs.id != mine.id)
        }
        #expect(try register.database.number("select count(*) from incident") == 3)
    }

    @Test func `is refused for another request`() async throws {
        let register = try await Register.open()
        let staff = register.as(.dsl)
        _ = try staff.post("/v1/incidents", report("Once"), key)
        let otherBody = try staff.post("/v1/incidents", report("Twice"), key)
        #expect((otherBody.status, otherBody.code) == (422, "key_reused"))
        let notice = try #require(staff.get("/v1/notices").data.first?["id"]?.text)
        let otherPath = try staff.post("/v1/notices/\(notice)/acknowledgement", nil, key)
        #expect((otherPath.status, otherPath.code) == (422, "key_reused"))
        #expect(try register.database.number("select count(*) from incident") == 1)
        #expect(try register.database.number("select count(*) from notice_acknowledgement") == 0)
    }

    @Test func `is refused while the first request is in flight`() async throws {
        let register = try await Register.open()
        let lock = try register.database.owner()
        try lock.execute(script: "begin; lock table incident")
        async let held = apart { [key] in
            try register.as(.staff).post("/v1/incidents", report("Once"), key)
        }
        #expect(try await eventually { try register.database.waits() == 1 })
        let second = try register.as(.staff).post("/v1/incidents", report("Once"), key)
        #expect((second.status, second.code) == (409, "request_in_flight"))
        try lock.execute(script: "commit")
        let first = try await held
        #expect(first.status == 201)
        let third = try register.as(.staff).post("/v1/incidents", report("Once"), key)
        #expect(third.id == first.id)
        #expect(try register.database.number("select count(*) from incident") == 1)
    }

    @Test func `is possible after a refusal, which does not burn the key`() async throws {
        let register = try await Register.open()
        let refused = try register.as(.staff).post("/v1/incidents", ["concerns": "child"], key)
        #expect(refused.status == 422)
        let missing = "/v1/notices/\(TestSchool.hawthorn.pupil)/acknowledgement"
        #expect(try register.as(.staff).post(missing, nil, key).status == 404)
        let taken = try register.as(.staff).post("/v1/incidents", report("Now"), key)
        #expect(taken.status == 201)
        #expect(taken.header("idempotency-replayed") == nil)
    }

    @Test func `is refused once the seat has ended`() async throws {
        let register = try await Register.open()
        #expect(try register.as(.staff).post("/v1/incidents", report(), key).status == 201)
        try register.endSeat(.staff)
        let again = try register.as(.staff).post("/v1/incidents", report(), key)
        #expect(again.status == 403)
        #expect(again.header("idempotency-replayed") == nil)
    }

    @Test(arguments: ["", "two words", String(repeating: "k", count: 256)])
    func `needs a key of 1 to 255 visible characters`(bad: String) async throws {
        let register = try await Register.open()
        let refused = try register.as(.staff).post(
            "/v1/incidents", report(), ["Idempotency-Key": bad])
        #expect((refused.status, refused.code) == (400, "invalid_parameter"))
        #expect(refused.faults == ["Idempotency-Key": "key"])
        let longest = ["Idempotency-Key": String(repeating: "k", count: 255)]
        #expect(try register.as(.staff).post("/v1/incidents", report(), longest).status == 201)
        #expect(try register.database.number("select count(*) from incident") == 1)
    }

    @Test func `acknowledges a notice once`() async throws {
        let register = try await Register.open()
        _ = try register.as(.staff).report()
        let dsl = register.as(.dsl)
        let notice = try #require(dsl.get("/v1/notices").data.first?["id"]?.text)
        let first = try dsl.post("/v1/notices/\(notice)/acknowledgement", nil, key)
        let second = try dsl.post("/v1/notices/\(notice)/acknowledgement", nil, key)
        #expect((first.status, second.status) == (201, 201))
        #expect(first.body == second.body)
        #expect(second.header("idempotency-replayed") == "true")
        #expect(
            try register.database.number(
                "select count(*) from event where deed = 'acknowledged'") == 1)
    }

    @Test func `at the same moment, a hundred times, makes one record (API-05)`() async throws {
        let register = try await Register.open()
        let answers = try await atOnce(100) { [key] _ in
            try register.as(.staff).post("/v1/incidents", report("Once"), key)
        }
        #expect(Set(answers.map(\.status)).isSubset(of: [201, 409]))
        #expect(Set(answers.filter { $0.status == 201 }.map(\.id)).count == 1)
        #expect(answers.filter { $0.status == 409 }.allSatisfy { $0.code == "request_in_flight" })
        #expect(try register.database.number("select count(*) from incident") == 1)
    }
}

import Testing

@testable import OnlineSafety
@testable import Postgres

/// Sessions end when they must, and seats count from their first day to their last, on every copy
/// of the service.
@Suite struct `Sessions and seats` {
    private let email = TestSchool.hawthorn.email(.staff)

    @Test func `end at their time`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T09:00:00Z")
        let opened = try register.logIn(email)
        #expect(opened["ends_at"] == "2026-11-20T10:00:00.000Z")
        let visitor = register.visitor(token: try #require(opened["token"]))
        try register.database.setClock("2026-11-20T09:59:59.999Z")
        #expect(try visitor.get("/v1/me").status == 200)
        try register.database.setClock("2026-11-20T10:00:00Z")
        #expect(try visitor.get("/v1/me").status == 401)
        #expect(try visitor.report().status == 401)
    }

    /// The first half of what the matrix asks of ending sessions: log-out ends the session at once.
    @Test func `end at once when their owner logs out, on every copy`() async throws {
        let one = try await Register.open()
        let other = try await one.secondCopy()
        let token = try #require(try one.logIn(email)["token"])
        let kept = try #require(try one.logIn(email)["token"])
        let (here, there) = (one.visitor(token: token), other.visitor(token: token))
        #expect(try there.get("/v1/me").status == 200)
        #expect(try here.delete("/v1/sessions/current").status == 204)
        for visitor in [there, here] {
            #expect(try visitor.get("/v1/me").status == 401)
            #expect(try visitor.report().status == 401)
            #expect(try visitor.get("/v1/notices").status == 401)
            #expect(try visitor.delete("/v1/sessions/current").status == 401)
        }
        #expect(try other.visitor(token: kept).get("/v1/me").status == 200)
        let entry = try #require(try one.database.entries().last)
        #expect(entry.deed == "logged_out")
        #expect(entry.account == TestSchool.hawthorn.account(.staff))
    }

    @Test func `are dead for what the role may never do, too`() async throws {
        let register = try await Register.open()
        let token = try #require(try register.logIn(TestSchool.hawthorn.email(.governor))["token"])
        let governor = register.visitor(token: token)
        #expect(try governor.get("/v1/incidents").status == 403)
        #expect(try governor.delete("/v1/sessions/current").status == 204)
        #expect(try governor.get("/v1/incidents").status == 401)
    }

    /// SEC-14: what is no longer granted is refused.
    @Test func `lose a seat with the very next request, on every copy (SEC-14)`() async throws {
        let one = try await Register.open()
        let other = try await one.secondCopy()
        let told = try one.as(.staff).report()
        let path = "/v1/incidents/\(told.id)"
        for copy in [one, other] { #expect(try copy.as(.dsl).get(path).status == 200) }
        try one.endSeat(.dsl)
        for copy in [one, other] {
            #expect(try copy.as(.dsl).get(path).status == 403)
            #expect(try copy.as(.dsl).get("/v1/notices").status == 403)
            #expect(try copy.as(.dsl).report().status == 403)
        }
    }

    @Test func `gain a seat with the very next request, on every copy`() async throws {
        let one = try await Register.open()
        let other = try await one.secondCopy()
        _ = try one.as(.staff).report()
        for copy in [one, other] {
            #expect(try copy.as(.governor).get("/v1/incidents").status == 403)
        }
        try one.addSeat(.dsl, to: .governor)
        for copy in [one, other] {
            let list = try copy.as(.governor).get("/v1/incidents")
            #expect((list.status, list.data.count) == (200, 1))
        }
    }

    @Test func `count from the first day of a seat to its last, by the clock in London`()
        async throws
    {
        let register = try await Register.open()
        try register.addSeat(.dsl, to: .governor, from: "'2027-06-10'", until: "'2027-06-11'")
        let moments = [
            ("2027-06-09T22:59:59Z", 403), ("2027-06-09T23:00:00Z", 200),
            ("2027-06-11T22:59:59Z", 200), ("2027-06-11T23:00:00Z", 403),
        ]
        for (moment, status) in moments {
            try register.database.setClock(moment)
            #expect(try register.as(.governor).get("/v1/incidents").status == status, "\(moment)")
        }
    }
}

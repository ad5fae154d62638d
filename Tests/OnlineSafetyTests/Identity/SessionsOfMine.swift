import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Where somebody is logged in, and how it ends.
@Suite struct `Sessions of mine` {
    private let email = TestSchool.hawthorn.email(.staff)

    private func open() async throws -> Register {
        let register = try await Register.open {
            $0.proxies = Proxies("any") ?? .none
            $0.sessionLength = SessionLength(seconds: 100 * 3600) ?? .none
        }
        try register.database.setClock("2026-11-20T09:00:00Z")
        return register
    }

    /// Waits until the uses of now are put down.
    private func settle(_ register: Register, _ moment: String) async throws {
        let noted = try await eventually {
            try register.database.number(
                """
                select count(*) from session
                where used_at >= \(moment)::text::timestamptz and idle_ends_at is not null
                """) > 0
        }
        #expect(noted, "no use was put down")
    }

    @Test func `end when they are not used for the time that the school sets, to the moment`()
        async throws
    {
        let register = try await open()
        try register.set("idle_minutes", "30")
        let opened = try register.logIn(email, from: "192.0.2.1")
        #expect(opened["idle_ends_at"] == "2026-11-20T09:30:00.000Z")
        let visitor = register.visitor(token: try #require(opened["token"]))
        try register.database.setClock("2026-11-20T09:29:59.999Z")
        #expect(try visitor.get("/v1/incidents?mine=true").status == 200)
        try await settle(register, "2026-11-20T09:29:58Z")
        // A use moves it on, and so does the setting, from the last use.
        try register.set("idle_minutes", "20")
        try register.database.setClock("2026-11-20T09:49:57Z")
        #expect(try visitor.report().status == 201)
        try await settle(register, "2026-11-20T09:49:56Z")
        try register.set("idle_minutes", "50")
        try register.database.setClock("2026-11-20T10:39:55Z")
        #expect(try visitor.get("/v1/me").status == 200)
        try await settle(register, "2026-11-20T10:39:54Z")
        try register.set("idle_minutes", "20")
        try register.database.setClock("2026-11-20T10:59:55Z")
        let other = try await register.secondCopy()
        for copy in [register, other] {
            let late = copy.visitor(token: visitor.token ?? "")
            #expect(try late.get("/v1/me").status == 401)
            #expect(try late.report().status == 401)
        }
    }

    @Test func `end at last, however much they are used`() async throws {
        let register = try await open()
        try register.set("idle_minutes", "480")
        try register.set("session_hours", "7")
        let opened = try register.logIn(email, from: "192.0.2.1")
        #expect(opened["ends_at"] == "2026-11-20T16:00:00.000Z")
        let visitor = register.visitor(token: try #require(opened["token"]))
        try register.database.setClock("2026-11-20T15:59:59.999Z")
        #expect(try visitor.get("/v1/me").status == 200)
        try register.database.setClock("2026-11-20T16:00:00Z")
        #expect(try visitor.get("/v1/me").status == 401)
    }

    @Test func `are held to the strictest of several schools`() async throws {
        let register = try await open()
        try register.set("idle_minutes", "10", at: .rosehip)
        #expect(
            try register.logIn(email, from: "192.0.2.1")["idle_ends_at"]
                == "2026-11-20T10:00:00.000Z")
        let (account, person) = (
            TestSchool.hawthorn.account(.staff), TestSchool.hawthorn.seat(.dpo)
        )
        try register.database.execute(
            """
            insert into person (school_id, id, kind, given_name, family_name, account_id)
            values ('\(TestSchool.rosehip.id)', '\(person)', 'teacher', 'A', 'B', '\(account)');
            insert into seat (school_id, id, account_id, person_id, role, from_on)
            values ('\(TestSchool.rosehip.id)', '\(person)', '\(account)', '\(person)', 'staff',
                '2020-01-01')
            """)
        #expect(
            try register.logIn(email, from: "192.0.2.1")["idle_ends_at"]
                == "2026-11-20T09:10:00.000Z")
    }

    /// SEC-07
    @Test func `are listed with where and when, and ended one by one or all, on every copy`()
        async throws
    {
        let register = try await open()
        let copy = try await register.secondCopy()
        try register.database.execute("delete from session")
        let tokens = try ["192.0.2.1", "2001:db8:1:2:3:4:5:6", "198.51.100.7"].map { place in
            try #require(try register.logIn(email, from: place)["token"])
        }
        let visitors = tokens.map { copy.visitor(token: $0) }
        let list = try visitors[0].get("/v1/me/sessions").data
        #expect(list.count == 3)
        #expect(
            Set(list.compactMap { $0["network"]?.text })
                == ["192.0.2.1", "2001:db8:1:2::", "198.51.100.7"])
        #expect(list.allSatisfy { $0["opened_at"] == "2026-11-20T09:00:00.000Z" })
        let current = list.filter { $0["is_current"] == true }
        #expect(current.compactMap { $0["network"]?.text } == ["192.0.2.1"])
        let third = try #require(list.first { $0["network"] == "198.51.100.7" }?["id"]?.text)
        for visitor in visitors { #expect(try visitor.get("/v1/me").status == 200) }
        #expect(try visitors[0].delete("/v1/me/sessions/\(third)").status == 204)
        #expect(try visitors.map { try $0.get("/v1/me").status } == [200, 200, 401])
        #expect(try visitors[0].delete("/v1/me/sessions/\(third)").status == 404)
        #expect(try visitors[1].delete("/v1/me/sessions").status == 204)
        #expect(try visitors.map { try $0.get("/v1/me").status } == [401, 401, 401])
        let deeds = try register.database.entries().filter { $0.chain == "changes" }.map(\.deed)
        #expect(deeds.suffix(2) == ["session_ended", "sessions_ended"])
    }

    /// SEC-07
    @Test
    func
        `of a person are ended by headteacher or administrator, everywhere (SEC-07)`()
        async throws
    {
        let register = try await open()
        let copy = try await register.secondCopy()
        let path = "/v1/people/\(TestSchool.hawthorn.person(.staff))/sessions"
        for role in [Role.headteacher, .schoolAdministrator] {
            let tokens = try (0..<2).map { _ in
                try #require(try register.logIn(email, from: "192.0.2.1")["token"])
            }
            let visitors = tokens.map { copy.visitor(token: $0) }
            for visitor in visitors { #expect(try visitor.get("/v1/me").status == 200) }
            #expect(try register.as(.dsl).delete(path).status == 403)
            #expect(try register.as(role, at: .rosehip).delete(path).status == 404)
            #expect(try register.as(role).delete(path).status == 204)
            for visitor in visitors { #expect(try visitor.get("/v1/me").status == 401) }
            #expect(try register.as(.office).get("/v1/me").status == 200)
        }
        let ended = try register.database.entries().filter { $0.deed == "sessions_ended" }
        #expect(ended.count == 2)
        #expect(ended.allSatisfy { $0.organisation == TestSchool.hawthorn.id })
    }
}

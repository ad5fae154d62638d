import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Notices as they come, for a front end that is open.
@Suite struct `Following notices` {
    @Test func `tells of each as it comes, and goes on where it left off`() async throws {
        let register = try await Register.open()
        let dsl = register.as(.dsl)
        let events = try dsl.follow()
        #expect(events.status == 200)
        _ = try events.read(until: "\n\n")
        _ = try register.as(.staff).report("One")
        let first = try events.next()
        for _ in 0..<250 { _ = try register.as(.staff).report() }
        let list = try dsl.get("/v1/notices?limit=1000&sort=created_at").data
            .compactMap { $0["id"]?.text }
        #expect(first.notice == list[0])
        let again = try dsl.follow(after: first.event)
        let missed = try (0..<250).map { _ in try again.next().notice }
        #expect(Set(missed) == Set(list.dropFirst()))
        _ = try register.as(.staff).report("Last")
        let last = try #require(try dsl.get("/v1/notices").data.first?["id"]?.text)
        #expect(try again.next().notice == last)
    }

    @Test func `misses nothing that is committed late`() async throws {
        let register = try await Register.open()
        let events = try register.as(.dsl).follow()
        let late = try register.database.owner()
        try late.execute(script: "begin")
        try late.run(
            """
            insert into notice (school_id, account_id, role, kind, urgency, reference)
            values (
                \(TestSchool.hawthorn.id), \(TestSchool.hawthorn.account(.dsl)), 'dsl',
                'incident_reported', 'normal', 'LATE-ONE')
            """)
        _ = try register.as(.staff).report()
        try await Task.sleep(for: .milliseconds(2500))
        try late.execute(script: "commit")
        let both = try [events.next().notice, events.next().notice]
        let list = try register.as(.dsl).get("/v1/notices").data.compactMap { $0["id"]?.text }
        #expect(list.count == 2 && Set(both) == Set(list))
    }

    @Test func `ends within seconds when the session does, or the posts change`() async throws {
        let register = try await Register.open { $0.following.beat = 15_000 }
        let visitor = try register.session(of: .dsl)
        let events = try visitor.follow()
        #expect(try visitor.delete("/v1/sessions/current").status == 204)
        let start = ContinuousClock.now
        #expect(try events.isEnded())
        #expect(ContinuousClock.now - start < .seconds(3))
        #expect(try visitor.follow().status == 401)
        let quick = try await register.secondCopy()
        let other = try quick.as(.deputyDSL).follow()
        #expect(other.status == 200)
        try register.vacate(.deputyDSL)
        #expect(try other.isEnded())
        #expect(try quick.as(.deputyDSL).follow().status == 403)
    }

    @Test func `tells of what climbs, though nobody asks`() async throws {
        let register = try await Register.open()
        try register.clock("13:00")
        _ = try register.as(.staff).reportRisk()
        let events = try register.as(.headteacher).follow(after: "0.0")
        #expect(try !events.read(until: ": beat").contains("event: notice"))
        try register.clock("13:30")
        #expect(try events.read(until: "notice_unanswered").contains("event: notice"))
    }

    @Test func `is bounded for each account, and a place is free when somebody leaves`()
        async throws
    {
        let register = try await Register.open()
        var open = try (0..<4).map { _ in try register.as(.dsl).follow() }
        #expect(open.map(\.status) == [200, 200, 200, 200])
        #expect(try register.as(.dsl).follow().status == 503)
        #expect(try register.as(.headteacher).follow().status == 200)
        open.removeFirst()
        #expect(try await eventually { try register.as(.dsl).follow().status == 200 })
        withExtendedLifetime(open) {}
    }

    @Test func `is asked for by name, and after an event that there can have been`() async throws {
        let register = try await Register.open()
        let dsl = register.as(.dsl)
        #expect(try dsl.get("/v1/notices/stream").status == 406)
        let anything = try dsl.get("/v1/notices/stream", ["Accept": "*/*"])
        #expect(anything.status == 406)
        #expect(anything["detail"] == "Ask with Accept: text/event-stream.")
        for id in ["x", "1", "1.2.3", "-1.0", "1.", "1e3.0", String(repeating: "9", count: 19)] {
            let refused = try dsl.get(
                "/v1/notices/stream", ["Accept": "text/event-stream", "Last-Event-ID": id])
            #expect(refused.status == 400)
            #expect(refused.faults == ["Last-Event-ID": "event_id"], "\(id)")
        }
        let lost = try dsl.follow(after: "999999999999.1")
        #expect(try lost.read(until: "\n\n").contains("event: reset\n"))
    }

    @Test func `shows nobody another's, and nothing but what a notice tells`() async throws {
        let register = try await Register.open()
        _ = try register.as(.staff).report("Canary", .child, ("spoken_for", "Robin Ash"))
        for role in [Role.governor, .staff, .headteacher] {
            let events = try register.as(role).follow(after: "0.0")
            #expect(try !events.read(until: ": beat").contains("event: notice"))
        }
        let events = try register.as(.dsl).follow(after: "0.0").read(until: ": beat")
        #expect(events.contains("event: notice"))
        for secret in ["Canary", "Robin", "_written_by", "account"] {
            #expect(!events.contains(secret))
        }
    }

    @Test func `is over when the service is told to stop`() async throws {
        let database = try TestDatabase()
        let service = try RunningService(database.serviceURL)
        #expect(try await service.isReady())
        let events = try service.as(.dsl).follow()
        #expect(events.status == 200)
        service.child.signal(15)
        #expect(try events.isEnded())
        #expect(try await eventually { !service.child.isRunning })
        #expect(service.child.wait() == 0)
    }
}

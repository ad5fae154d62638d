import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// NOT-03: what is urgent and not acknowledged in the set time goes to the next post, and to the
/// one after that.
@Suite struct `Climbing of what nobody answers` {
    /// At one o'clock, with only the DSL told first of what concerns a child.
    private func register() async throws -> Register {
        let register = try await Register.open()
        try register.clock("13:00")
        let address = "/v1/schools/\(TestSchool.hawthorn.id)/settings/incident-recipients"
        _ = try register.as(.headteacher).put(address, ["value": ["dsl"]], ["If-Match": "*"])
        return register
    }

    @Test func `goes from post to post, each time the set time is over (NOT-03)`() async throws {
        let register = try await register()
        try register.vacate(.deputyDSL)
        let told = try register.as(.staff).reportRisk()
        try register.appoint(.deputyDSL)
        for (time, posts) in [
            ("13:29:59.999", ["dsl"]), ("13:30", ["dsl", "deputy_dsl"]),
            ("13:59:59.999", ["dsl", "deputy_dsl"]),
            ("14:00", ["dsl", "deputy_dsl", "headteacher"]),
            ("14:30", ["dsl", "deputy_dsl", "headteacher", "senior_leader"]),
        ] {
            try register.clock(time)
            _ = try register.as(.governor).get("/v1/notices")
            #expect(try register.posts(toldOf: told) == posts, "\(time)")
        }
        let notice = try #require(try register.as(.headteacher).get("/v1/notices").data.first)
        #expect(notice["kind"]?.text == "notice_unanswered")
        #expect(notice["urgency"]?.text == "urgent")
        #expect(notice["reference"]?.text == told["reference"])
        #expect(notice["role"]?.text == "headteacher")
    }

    @Test func `goes past the headteacher to the chair when it concerns the headteacher (NOT-03)`()
        async throws
    {
        let register = try await register()
        try register.vacate(.chairOfGovernors)
        let told = try register.as(.staff).report("A story", .headteacher)
        #expect(try register.posts(toldOf: told) == ["dsl"])
        try register.appoint(.chairOfGovernors)
        try register.clock("23:00")
        #expect(try register.as(.headteacher).get("/v1/notices").data.isEmpty)
        let posts = try register.posts(toldOf: told)
        #expect(
            posts == [
                "dsl", "deputy_dsl", "chair_of_governors", "senior_leader",
                "online_safety_coordinator",
            ])
    }

    /// A case about a child is not open to governors, however slow the headteacher is.
    @Test func `does not go to the chair where a headteacher can be told`() async throws {
        let register = try await register()
        let told = try register.as(.staff).reportRisk()
        try register.clock("23:00")
        #expect(try register.as(.chairOfGovernors).get("/v1/notices").data.isEmpty)
        #expect(
            try register.posts(toldOf: told) == [
                "dsl", "deputy_dsl", "headteacher", "senior_leader", "online_safety_coordinator",
            ])
    }

    @Test func `makes readers of those to whom it has climbed, and of no subject ever`()
        async throws
    {
        let register = try await register()
        let told = try register.as(.staff).report(
            "A story", .child, ("is_child_at_risk", true),
            ("people", [Scene.alleged(.headteacher), Scene.alleged(.onlineSafetyCoordinator)]))
        let path = "/v1/incidents/\(told.id)"
        #expect(try register.as(.seniorLeader).get(path).status == 404)
        try register.clock("23:00")
        #expect(try register.as(.seniorLeader).get("/v1/me").json["waiting"]?["notices"] == 1)
        #expect(try register.as(.seniorLeader).get(path).status == 200)
        for subject in [Role.headteacher, .onlineSafetyCoordinator] {
            #expect(try register.as(subject).get("/v1/notices").data.isEmpty)
            #expect(try register.as(subject).get(path).status == 404)
        }
    }

    @Test func `ends with anybody's acknowledgement, and not with a reading`() async throws {
        let register = try await register()
        for role in [Role.dsl, .deputyDSL, .headteacher] {
            try register.clock("13:00")
            let told = try register.as(.staff).reportRisk()
            try register.clock("13:30")
            let notices = try register.as(role).get("/v1/notices").data
            let notice = notices.first { $0["reference"]?.text == told["reference"] }
            _ = try register.as(.dsl).get("/v1/incidents/\(told.id)")
            let id = try #require(notice?["id"]?.text)
            #expect(
                try register.as(role).post("/v1/notices/\(id)/acknowledgement").status == 201)
            try register.clock("23:00")
            _ = try register.as(role).get("/v1/notices")
            #expect(
                try register.posts(toldOf: told) == ["dsl", "deputy_dsl", "headteacher"])
        }
        #expect(try register.database.number("select count(*) from unanswered") == 0)
    }

    @Test func `does not happen to what is not urgent`() async throws {
        let register = try await register()
        let told = try register.as(.staff).report()
        try register.clock("23:00")
        _ = try register.as(.deputyDSL).get("/v1/notices")
        #expect(try register.posts(toldOf: told) == ["dsl"])
    }

    @Test func `tells nobody twice, however many look at the same moment`() async throws {
        let register = try await register()
        let told = try (0..<3).map { _ in try register.as(.staff).reportRisk() }
        try register.clock("23:00")
        let worker = try DirectConnection(register.database.workerURL)
        async let sweep = apart { [url = register.database.workerURL] in
            let other = try DirectConnection(url)
            for _ in 0..<20 { try other.run("select climb(sweeps => true)") }
        }
        let lists = try await atOnce(8) { _ in
            try register.as(.headteacher).get("/v1/notices").data.count
        }
        try await sweep
        #expect(lists == Array(repeating: 3, count: 8))
        for told in told { #expect(try register.posts(toldOf: told).count == 5) }
        #expect(try worker.run("select climb(sweeps => true) as done").isNull(0, "done"))
    }

    @Test func `is on record as nobody's deed, and the chain stays whole`() async throws {
        let register = try await register()
        let told = try register.as(.staff).reportRisk()
        try register.clock("14:00")
        _ = try register.as(.dsl).get("/v1/notices")
        let climbs = try register.database.entries().filter { $0.deed == "climbed" }
        #expect(climbs.count == 2)
        for climb in climbs {
            #expect(climb.account == nil && climb.roles == [] && climb.chain == "changes")
            #expect(climb.records.map { $0.uuidString.lowercased() } == [told.id])
            #expect(climb.organisation == TestSchool.hawthorn.id)
        }
        let report = try AuditChains.verify(DirectConnection(register.database.maintenanceURL))
        #expect(report.faults == [])
        #expect(Notices.area.deeds.contains("climbed"))
    }

    @Test func `is refused to whoever acts as somebody, in whatever school`() async throws {
        let register = try await register()
        let service = try DirectConnection(register.database.serviceURL)
        try service.run("begin")
        try service.run("select identify(\(BearerToken(TestSchool.hawthorn.token(.dsl)).hash))")
        let refusal = #expect(throws: PostgresError.self) {
            try service.run("select climb(\([TestSchool.rosehip.id]))")
        }
        #expect(refusal?.sqlState == "RW403")
    }
}

/// What reaches nobody when it is reported, or nobody who answers.
@Suite struct `A report that reaches nobody` {
    @Test func `goes to the first who can be told, as soon as there is one`() async throws {
        let register = try await Register.open()
        try register.clock("13:00")
        let ladder: [Role] = [
            .dsl, .deputyDSL, .headteacher, .chairOfGovernors, .seniorLeader,
            .onlineSafetyCoordinator,
        ]
        for role in ladder { try register.vacate(role) }
        let told = try register.as(.staff).report()
        #expect(try register.figures() == [1, 1])
        try register.clock("14:00")
        _ = try register.as(.staff).get("/v1/notices")
        #expect(try register.figures() == [1, 1])
        try register.appoint(.seniorLeader)
        try register.clock("15:00")
        let notice = try #require(try register.as(.seniorLeader).get("/v1/notices").data.first)
        #expect(notice["kind"]?.text == "incident_reported")
        #expect(try register.as(.seniorLeader).get("/v1/incidents/\(told.id)").status == 200)
        #expect(try register.figures() == [0, 0])
    }

    @Test func `is counted from the end of the ladder until somebody answers`() async throws {
        let register = try await Register.open()
        try register.clock("13:00")
        _ = try register.as(.staff).reportRisk()
        let worker = try DirectConnection(register.database.workerURL)
        var outcomes: [String] = []
        for time in ["13:30", "14:00", "14:30", "15:00", "15:30"] {
            try register.clock(time)
            let step = try worker.run("select climb(sweeps => true) as outcome")
            outcomes.append(step.text(0, "outcome") ?? "nothing")
        }
        #expect(outcomes == ["told", "told", "told", "nobody", "still_nobody"])
        #expect(try register.figures() == [1, 1])
        let notice = try #require(try register.as(.deputyDSL).get("/v1/notices").data.first)
        _ = try register.as(.deputyDSL).post(
            "/v1/notices/\(notice["id"]?.text ?? "")/acknowledgement")
        #expect(try register.figures() == [0, 0])
    }
}

extension Visitor {
    /// An urgent report: a child is at risk.
    func reportRisk() throws -> Reading {
        try report("A story", .child, ("is_child_at_risk", true))
    }
}

extension Register {
    /// A time of one Friday in November.
    func clock(_ time: String) throws { try database.setClock("2026-11-20T\(time)Z") }

    /// Gives a post back to whom it was taken from.
    func appoint(_ role: Role) throws {
        try database.execute(
            "update seat set until_on = null where id = '\(TestSchool.hawthorn.seat(role))'")
    }

    /// The posts that have a notice of it, in the order in which they were told.
    fileprivate func posts(toldOf told: Reading) throws -> [String] {
        let found = try database.owner().run(
            """
            select role from notice where incident_id = \(told.id)::text::uuid
            order by created_at, place_on_the_ladder(role)
            """)
        return (0..<found.count).compactMap { found.text($0, "role") }
    }

    /// How many wait for an answer, and how many of those reach nobody, as the worker is told.
    fileprivate func figures() throws -> [Int] {
        let found = try DirectConnection(database.workerURL).run(
            "select * from unanswered_figures()")
        return [found.int(0, "waiting") ?? -1, found.int(0, "reaching_nobody") ?? -1]
    }
}

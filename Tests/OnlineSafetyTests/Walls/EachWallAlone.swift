import Testing

@testable import OnlineSafety

/// Three walls, so that one mistake opens nothing: each is taken down, and the others hold.
@Suite struct `Each wall` {
    static let routes = areas.flatMap(\.routes)

    /// Whom a route refuses it refuses before the database is asked: they are left out.
    ///
    /// ORG-02, ORG-06
    @Test func `without row-level security the service alone answers as is decided`() async throws {
        let scene = try await Secrets.scene(areas: [])
        try scene.register.dropRowLevelSecurity()
        try forEachCell { route, decision, role, stand in
            guard decision.expected(role, stand) != .refused else { return }
            let sight = try decision.ask(
                Asking(scene: scene, visitor: scene.register.as(role), role: role, stand: stand))
            let cell = "\(route.operationID) as \(role.rawValue), \(stand)"
            #expect(sight == decision.expected(role, stand), "\(cell)")
        }
        try scanEverything(scene, in: ["?limit=1000", "?format=csv", "?mine=true"])
    }

    /// ORG-02, ORG-06
    @Test func `without the first or the second, nothing foreign nor about oneself is shown`()
        async throws
    {
        // Side by side, because each waits for answers most of the time.
        async let one: Void = showNothingHidden(without: .firstOpen)
        async let other: Void = showNothingHidden(without: .secondOpen)
        _ = try await (one, other)
    }

    /// Without the first wall those are of interest whom it would have refused; without the second
    /// those whom the first lets in. How all others are answered, all walls up, is told elsewhere.
    private func showNothingHidden(without walls: Walls) async throws {
        let scene = try await Secrets.scene(areas: [], walls: walls)
        try forEachCell { route, decision, role, stand in
            guard [.aboutOneself, .sameTrust, .foreign].contains(stand),
                decision.shown[stand]?.isEmpty == true,
                (decision.admitted?.contains(role) ?? true) == (walls == .secondOpen)
            else { return }
            let sight = try decision.ask(
                Asking(scene: scene, visitor: scene.register.as(role), role: role, stand: stand))
            let cell = "\(route.operationID) as \(role.rawValue), \(stand)"
            #expect([.hidden, .refused].contains(sight), "\(cell)")
        }
        try scanEverything(scene, in: ["?limit=1000"])
    }

    /// With the third wall down, the first two must really have been what held.
    @Test func `two walls down, and what is foreign is shown`() async throws {
        let scene = try await Scene.open(walls: .secondOpen)
        let path = "/v1/incidents/\(scene.incident(.dsl, .foreign))"
        #expect(try scene.register.as(.dsl).get(path).status == 404)
        try scene.register.dropRowLevelSecurity()
        #expect(try scene.register.as(.dsl).get(path).status == 200)
    }

    private func forEachCell(
        _ check: (Route, Decision, Role, Stand) throws -> Void
    ) throws {
        for route in Self.routes {
            let decision = try #require(Decision.all[route.operationID])
            for stand in Stand.allCases {
                for role in Role.allCases { try check(route, decision, role, stand) }
            }
        }
    }

    /// Every list, in some forms, as everybody in every school: not a word of another.
    private func scanEverything(_ scene: Scene, in forms: [String]) throws {
        let lists = Self.routes.filter { $0.method == .get && !$0.path.contains("{") }
            .filter { $0.admissions != nil }
        for school in TestSchool.all {
            for role in Role.allCases {
                let visitor = scene.register.as(role, at: school)
                for route in lists {
                    for form in forms {
                        var told = try visitor.get(route.path + form)
                        // What has no pages is read as it is.
                        if told.status == 400 { told = try visitor.get(route.path) }
                        let leak = Secrets.leak(told, to: role, at: school)
                        #expect(leak == nil, "\(route.path)\(form) as \(role.rawValue)")
                        if told.status != 200 { break }
                    }
                }
            }
        }
    }
}

import JSON
import Testing

@testable import OnlineSafety

/// Every operation, as every role, in every relation.
@Suite struct Access {
    static let routes = areas.flatMap(\.routes)

    /// ORG-02, SEC-14
    @Test func `every operation answers every role, in every relation, as is decided`() async throws
    {
        // Side by side, because each waits for answers most of the time.
        let half = Self.routes.count / 2
        async let one: Void = callAll(Self.routes.prefix(half))
        async let other: Void = callAll(Self.routes.dropFirst(half))
        _ = try await (one, other)
    }

    private func callAll(_ routes: ArraySlice<Route>) async throws {
        let scene = try await Scene.open()
        for route in routes {
            let decision = try #require(
                Decision.all[route.operationID], "undecided operation \(route.operationID)")
            for stand in Stand.allCases {
                for role in Role.allCases { try call(decision, route, role, stand, in: scene) }
            }
        }
        // All that was done meanwhile, of every kind.
        let others = try scene.register.database.recordsOfAnotherKind()
        #expect(others == [])
    }

    private func call(
        _ decision: Decision, _ route: Route, _ role: Role, _ stand: Stand, in scene: Scene
    ) throws {
        let cell = "\(route.operationID) as \(role.rawValue), \(stand)"
        let expected = try #require(decision.expected(role, stand), "undecided cell: \(cell)")
        let sight = try decision.ask(
            Asking(scene: scene, visitor: scene.register.as(role), role: role, stand: stand))
        #expect(sight == expected, "\(cell)")
    }

    @Test func `nothing is decided of operations that are not there`() {
        #expect(Set(Decision.all.keys) == Set(Self.routes.map(\.operationID)))
    }

    /// SEC-14
    @Test func `without a live credential there is nothing but what is for everybody`()
        async throws
    {
        let scene = try await Scene.open()
        for (name, visitor) in try Self.dead(in: scene.register) {
            for route in Self.routes {
                let decision = try #require(Decision.all[route.operationID])
                let sight = try decision.ask(
                    Asking(scene: scene, visitor: visitor, role: .dsl, stand: .own))
                let expected: Sight = decision.admitted == nil ? .shown : .unknownCaller
                #expect(sight == expected, "\(route.operationID) with \(name)")
            }
        }
    }

    private static func dead(in register: Register) throws -> [(String, Visitor)] {
        let ended = try register.session(of: .dsl)
        #expect(try ended.get("/v1/me").status == 200)
        #expect(try ended.delete("/v1/sessions/current").status == 204)
        let disabled = try register.session(of: .deputyDSL)
        #expect(try disabled.get("/v1/me").status == 200)
        try register.database.execute(
            """
            update account set disabled_at = rowan_now()
            where id = '\(TestSchool.hawthorn.account(.deputyDSL))'
            """)
        return [
            ("no credential", register.nobody), ("an ended session", ended),
            ("a disabled account", disabled),
            ("an expired session", try register.session(of: .dsl, lasting: "-1 second")),
            ("an unknown token", register.visitor(token: "rwn_session_of_nobody")),
            ("an empty token", register.visitor(token: "")),
            (
                "somebody's account id",
                register.visitor(
                    token: TestSchool.hawthorn.account(.dsl).uuidString)
            ),
        ]
    }

    @Test func `a refusal for want of a credential says which kind is wanted`() async throws {
        let register = try await Register.open()
        let told = try register.nobody.get("/v1/me")
        #expect(told.header("www-authenticate") == "Bearer realm=\"rowan\"")
        #expect(told.code == "unauthorized")
        let basic = try register.nobody.get(
            "/v1/me", ["Authorization": "Basic \(Role.dsl.token)"])
        #expect(basic.status == 401)
    }

    /// A post that ends, or is given, counts from the very next request.
    @Test func `a change of posts acts at once`() async throws {
        let scene = try await Scene.open()
        let (path, dsl) = (
            "/v1/incidents/\(scene.incident(.dsl, .ownSchool))", scene.register.as(.dsl)
        )
        #expect(try dsl.get(path).status == 200)
        let seat = TestSchool.hawthorn.seat(.dsl)
        try scene.register.database.execute(
            "update seat set role = 'office' where id = '\(seat)'")
        #expect(try dsl.get(path).status == 404)
        try scene.register.database.execute(
            "update seat set until_on = london_today() - 1 where id = '\(seat)'")
        #expect(try dsl.get(path).status == 403)
        // Whoever holds no post any more may still see that, and log out.
        #expect(try dsl.get("/v1/me").json["posts"] == [])
        #expect(try dsl.delete("/v1/sessions/current").status == 204)
    }
}

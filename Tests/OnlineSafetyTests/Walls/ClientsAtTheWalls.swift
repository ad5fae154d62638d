import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Every operation, as a machine's client with each scope, and as one that lives no more.
@Suite struct `Clients at the walls` {
    static let routes = areas.flatMap(\.routes)

    private static func scene(walls: Walls = []) async throws -> Scene {
        let register = try await Register.open(walls: walls) {
            $0.intakeLimits = Scene.limits
            $0.signingLimits = Scene.signingLimits
            $0.publicLimits = Scene.publicLimits
            $0.clientLimits = ClientLimits(burst: 1_000_000)
        }
        return try Scene(register)
    }

    @Test(arguments: Scope.allCases)
    func `a client does what its scope says, in its school, and nothing else`(
        scope: Scope
    ) async throws {
        let scene = try await Self.scene()
        let visitor = try scene.register.machine(scope).signedIn()
        try forEachCell(scene, visitor) { route, decision, stand, sight in
            #expect(
                sight == Self.expected(route, decision, stand, [scope]),
                "\(route.operationID) with \(scope.rawValue), \(stand)")
        }
    }

    /// ORG-02
    @Test(arguments: [Walls.firstOpen, .secondOpen])
    func `with a wall down, nothing foreign is shown to a client`(walls: Walls) async throws {
        let scene = try await Self.scene(walls: walls)
        let visitor = try scene.register.machine(
            .schoolsRead, .peopleRead, .incidentFiguresRead, .vulnerabilityMarkersWrite
        ).signedIn()
        try forEachCell(scene, visitor) { route, decision, stand, sight in
            guard [.sameTrust, .foreign].contains(stand),
                decision.admitted?.isEmpty == false || decision.isForClients,
                decision.shown[stand]?.isEmpty == true
            else { return }
            #expect(
                sight == .hidden || sight == .refused || sight == .other(409),
                "\(route.operationID), \(stand)")
        }
    }

    @Test func `without row-level security the service alone answers a client as is decided`()
        async throws
    {
        let scene = try await Self.scene()
        try scene.register.dropRowLevelSecurity()
        let scopes: Set<Scope> = [.schoolsRead, .peopleRead, .vulnerabilityMarkersWrite]
        let visitor = try scene.register.machine(
            .schoolsRead, .peopleRead, .vulnerabilityMarkersWrite
        ).signedIn()
        try forEachCell(scene, visitor) { route, decision, stand, sight in
            #expect(
                sight == Self.expected(route, decision, stand, scopes),
                "\(route.operationID), \(stand)")
        }
    }

    /// Neither an incident nor its story, whatever the client asks for.
    @Test func `a client meets no story`() async throws {
        let scene = try await Self.scene()
        let all = try scene.register.machine(.schoolsRead, .peopleRead, .incidentFiguresRead)
        let visitor = try all.signedIn()
        for route in Self.routes where route.method == .get {
            for form in ["", "?format=csv"] {
                let told = try visitor.get(scene.address(of: route, for: .staff) + form)
                #expect(!told.text.contains(Scene.secret), "\(route.path)")
            }
        }
    }

    @Test func `a client that lives no more is let in nowhere`() async throws {
        let scene = try await Self.scene()
        let register = scene.register
        let deaths = [
            "revoked": "update client set revoked_at = rowan_now(), revoked_by = made_by",
            "expired": "update client set ends_at = rowan_now()",
            "rotated": "update client_secret set ends_at = rowan_now()",
            "with a token that has ended": "update client_token set ends_at = rowan_now()",
            "with a token that was revoked": "update client_token set revoked_at = rowan_now()",
        ]
        for (name, death) in deaths {
            let machine = try register.machine(.schoolsRead, .peopleRead, .incidentFiguresRead)
            let visitor = try machine.signedIn()
            #expect(try visitor.get("/v1/schools").data.count == 1)
            let column = death.contains("update client set") ? "id" : "client_id"
            try register.database.execute("\(death) where \(column) = '\(machine.id)'")
            try forEachCell(scene, visitor, [.ownSchool]) { route, decision, _, sight in
                let expected: Sight = decision.admitted == nil ? .shown : .unknownCaller
                #expect(sight == expected, "\(route.operationID), \(name)")
            }
        }
    }

    @Test func `the access table names the scopes that were decided`() throws {
        let lines = String(decoding: try committed("Docs/Access.md"), as: UTF8.self)
            .split(separator: "\n").filter { $0.contains("<br>`") }
        for route in Self.routes {
            let place = "<br>`\(route.method.rawValue) \(route.path)` |"
            let named = lines.filter { $0.contains(place) }.flatMap { line in
                line.split(separator: "|")[3].split(separator: ",").compactMap { name in
                    Scope(rawValue: name.filter { $0 != "`" && $0 != " " })
                }
            }
            #expect(Set(named) == Decision.scopes[route.operationID] ?? [], "\(route.path)")
        }
    }

    private static func expected(
        _ route: Route, _ decision: Decision, _ stand: Stand, _ scopes: Set<Scope>
    ) -> Sight {
        guard let admitted = decision.admitted else { return .shown }
        if admitted.isEmpty, !decision.isForClients { return .unknownCaller }
        let opening = Decision.scopes[route.operationID] ?? []
        guard !opening.isDisjoint(with: scopes) else { return .refused }
        return [.sameTrust, .foreign].contains(stand) ? .hidden : .shown
    }

    private func forEachCell(
        _ scene: Scene, _ visitor: Visitor, _ stands: [Stand] = Stand.allCases,
        _ check: (Route, Decision, Stand, Sight) throws -> Void
    ) throws {
        for route in Self.routes {
            let decision = try #require(Decision.all[route.operationID])
            for stand in stands {
                let sight = try decision.ask(
                    Asking(
                        scene: scene, visitor: visitor, role: .staff, stand: stand,
                        isOfAClient: true))
                try check(route, decision, stand, sight)
            }
        }
    }
}

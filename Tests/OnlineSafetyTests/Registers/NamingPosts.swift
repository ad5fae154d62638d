import JSON
import Testing

@testable import OnlineSafety

/// Who holds the posts that a policy names, those too that open nothing.
@Suite struct `Naming who holds a post` {
    private let school = TestSchool.hawthorn

    private func holds(
        _ kind: NamedPostKind, _ who: Role, from: String, until: String? = nil
    ) -> JSONValue {
        var said: [(String, JSONValue)] = [
            ("kind", .string(kind.rawValue)), ("from_on", .string(from)),
            ("person_id", .string(school.person(who).lowercased)),
        ]
        if let until { said.append(("until_on", .string(until))) }
        return .object(JSONObject(said.map { .init($0.0, $0.1) }))
    }

    /// ORG-04: of every post that it names, with start and end, several to one person; and who the
    /// safeguarding staff are is read by all staff.
    @Test func `is by their own terms, for every post, and read by everybody at the school`()
        async throws
    {
        let register = try await Register.open()
        let office = register.as(.office)
        for kind in NamedPostKind.allCases {
            let told = try office.post(
                "/v1/named-posts", holds(kind, .seniorLeader, from: "2026-09-01"))
            #expect(told.status == 201, "\(kind)")
            #expect(told["person"] == "The Senior leader", "\(told.json)")
        }
        let before = try office.post(
            "/v1/named-posts", holds(.senco, .staff, from: "2025-09-01", until: "2026-08-31"))
        #expect(before.status == 201)
        func sencos(_ role: Role, on day: String) throws -> [String?] {
            try register.as(role).get("/v1/named-posts?kind=senco&on=\(day)").data
                .map { $0["person_id"]?.text }
        }
        for role in [Role.staff, .technician, .governor] {
            #expect(try sencos(role, on: "2026-01-10") == [school.person(.staff).lowercased])
            #expect(try sencos(role, on: "2026-10-10") == [school.person(.seniorLeader).lowercased])
        }
        // The posts that open something are appointed, each with its dates.
        let posts = try register.as(.staff).get("/v1/posts").data
        let held = Set(posts.compactMap { $0["role"]?.text })
        for role in [
            Role.headteacher, .dsl, .deputyDSL, .onlineSafetyCoordinator, .linkGovernor,
            .chairOfGovernors, .office, .dpo, .technician,
        ] {
            #expect(held.contains(role.rawValue), "\(role)")
        }
        let ever = try register.as(.headteacher).get("/v1/schools/\(school.id)/posts/history").data
        #expect(ever.allSatisfy { $0["from_on"] != nil })
        #expect(try register.as(.staff, at: .rosehip).get("/v1/named-posts").data.isEmpty)
    }
}

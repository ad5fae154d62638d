import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Whoever makes a secret has seen it: when they go, somebody is told, until it is another.
@Suite struct `Somebody who made a client and leaves` {
    private let school = TestSchool.hawthorn
    private let keeper = Role.schoolAdministrator

    /// A client of that name, made by a keeper.
    private func make(
        _ name: String, by keeper: Visitor, of kind: String = "school_id", _ id: UUID
    ) throws -> Reading {
        let told = try keeper.post(
            "/v1/clients",
            .object(
                JSONObject([
                    .init(kind, .string(id.uuidString)), .init("name", .string(name)),
                    .init("purpose", "Tests"), .init("scopes", ["incident-figures.read"]),
                    .init("ends_on", .string(Decision.soon)),
                ])))
        #expect(told.status == 201)
        return told
    }

    private func leave(_ role: Role, _ register: Register) throws -> Reading {
        try register.as(.headteacher).post("/v1/people/\(school.person(role))/leaving", [:])
    }

    private func wants(_ id: String, _ visitor: Visitor) throws -> Bool {
        try visitor.get("/v1/clients/\(id)").json["wants_rotation"] == true
    }

    private func told(_ role: Role, _ register: Register) throws -> Int {
        try register.as(role).get("/v1/notices").data.count { $0["kind"] == "rotation_wanted" }
    }

    /// USR-11
    @Test func `is told of to whoever records it, until the secret is another`() async throws {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        let other = try make("Dashboard", by: head, school.id)
        let own = try make("MIS", by: register.as(keeper), school.id)
        let shown = try head.get("/v1/clients/\(own.id)").json
        #expect(shown["made_by"] == "School administrator" && shown["wants_rotation"] == false)
        #expect(shown["secrets"]?[0]?["made_by"] == "School administrator")
        let left = try leave(keeper, register)
        #expect(left.status == 201)
        #expect(left.json["clients"] == [["id": .string(own.id), "name": "MIS"]])
        #expect(try wants(own.id, head) && !wants(other.id, head))
        #expect(try told(.headteacher, register) == 1)
        let listed = try register.as(.dsl).get("/v1/clients").data
        #expect(listed.count { $0["wants_rotation"] == true } == 1)
        let leavers = "/v1/schools/\(school.id)/leavers"
        #expect(try head.get(leavers).data.first?["clients"]?[0]?["name"] == "MIS")
        let soon: JSONValue = ["old_ends_at": "2020-01-01T00:00:00Z"]
        #expect(try head.post("/v1/clients/\(own.id)/secrets", soon).status == 201)
        #expect(try !wants(own.id, head))
        #expect(try head.get(leavers).data.first?["clients"] == nil)
    }

    /// A reporting token is shown once, too; and nobody need be told of what is dead.
    @Test func `knows a reporting token that they made, until it is revoked`() async throws {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        let client = try make("Dashboard", by: head, school.id)
        let token = try register.as(keeper).post(
            "/v1/clients/\(client.id)/reporting-tokens",
            ["label": "Workbook", "ends_on": .string(Decision.soon)])
        let dead = try make("Old MIS", by: register.as(keeper), school.id)
        #expect(try head.post("/v1/clients/\(dead.id)/revocation").status == 201)
        #expect(
            try leave(keeper, register).json["clients"]
                == [["id": .string(client.id), "name": "Dashboard"]])
        #expect(try wants(client.id, head))
        let revocation = "/v1/clients/\(client.id)/reporting-tokens/\(token.id)/revocation"
        #expect(try head.post(revocation).status == 201)
        #expect(try !wants(client.id, head))
    }

    @Test func `may be known to have kept no copy, until somebody else goes`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let head = register.as(.headteacher)
        try register.seat(.schoolAdministrator, for: .office)
        let client = try make("MIS", by: register.as(keeper), school.id)
        let path = "/v1/clients/\(client.id)/confirmation"
        _ = try leave(keeper, register)
        let words: JSONValue = ["words": "Typed in before my eyes"]
        #expect(try register.session(of: .headteacher).post(path, words).code == "step_up_required")
        #expect(try register.as(.dsl).post(path, words).status == 403)
        try register.database.setClock("2026-11-20T12:01:00Z")
        let kept = try head.post(path, words)
        #expect(kept.status == 201 && kept.json["wants_rotation"] == false)
        #expect(kept["kept_by"] == "Headteacher" && kept["kept_at"] == "2026-11-20T12:01:00.000Z")
        #expect(kept["kept_because"] == "Typed in before my eyes")
        let deeds = try register.database.entries().map(\.deed)
        #expect(deeds.count { $0 == "client_kept" } == 1)
        _ = try register.as(.office).post(
            "/v1/clients/\(client.id)/secrets", ["old_ends_at": "2026-11-30T00:00:00Z"])
        try register.database.setClock("2026-11-20T12:02:00Z")
        _ = try leave(.office, register)
        #expect(try wants(client.id, head))
    }

    @Test func `but not somebody who made none, or stays in another post`() async throws {
        let register = try await Register.open()
        try register.seat(.staff, for: keeper)
        let client = try make("MIS", by: register.as(keeper), school.id)
        #expect(try leave(.office, register).json["clients"] == nil)
        let head = register.as(.headteacher)
        let ended = try head.post("/v1/posts/\(school.seat(keeper))/ending", [:])
        #expect(ended.status == 201)
        #expect(try !wants(client.id, head))
        #expect(try told(.headteacher, register) == 0)
        // The last of their posts is as good as a leaving.
        let posts = try head.get("/v1/schools/\(school.id)/posts").data
        let last = try #require(
            posts.first { $0["who"] == "The School administrator" }?["id"]?.text)
        #expect(try head.post("/v1/posts/\(last)/ending", [:]).status == 201)
        #expect(try wants(client.id, head))
        #expect(try told(.headteacher, register) == 1)
    }

    /// Of a trust: nobody records a leaving there but by ending the post.
    @Test func `is told of to the administrator of a trust who ends their post`() async throws {
        let register = try await Register.open()
        let trust = TestSchool.hedgerow
        _ = try register.database.owner().run(
            """
            insert into trust_seat (trust_id, id, account_id, role, from_on)
            values (
                \(trust), gen_random_uuid(), \(school.account(.office)), 'trust_administrator',
                '2020-01-01')
            """)
        let client = try make(
            "Dashboard", by: register.as(.trustAdministrator), of: "trust_id", trust)
        let other = register.as(.office)
        #expect(try !wants(client.id, other))
        let ended = try other.post(
            "/v1/trust-posts/\(school.seat(.trustAdministrator))/ending", [:])
        #expect(ended.status == 201)
        #expect(ended.json["clients"] == [["id": .string(client.id), "name": "Dashboard"]])
        #expect(try wants(client.id, other))
    }

    /// The headteacher makes most of them, and the chair records that they go.
    @Test func `is told of to the chair, where nobody else is left who looks after clients`()
        async throws
    {
        let register = try await Register.open()
        try register.vacate(keeper)
        let client = try make("MIS", by: register.as(.headteacher), school.id)
        let chair = register.as(.chairOfGovernors)
        let person = JSONValue.string(school.person(.headteacher).uuidString)
        let proposal = try chair.post(
            "/v1/schools/\(school.id)/proposals", ["leaving": ["person_id": person]])
        #expect(proposal.status == 201)
        #expect(try told(.chairOfGovernors, register) == 0)
        let confirmed = try register.as(.headteacher).post(
            "/v1/proposals/\(proposal.id)/confirmation")
        #expect(confirmed["status"] == "confirmed")
        #expect(try told(.chairOfGovernors, register) == 1)
        let left = try chair.get("/v1/schools/\(school.id)/leavers").data.first
        #expect(left?["clients"] == [["id": .string(client.id), "name": "MIS"]])
    }
}

import JSON
import Testing

@testable import OnlineSafety

/// INC-47 and section 25: what is restricted is open to few, and to the others it does not exist.
@Suite struct `Restricting an incident` {
    private let coordinator = Role.onlineSafetyCoordinator

    /// A child may be at risk: the coordinator has word of it, and no more.
    @Test func `of a child at risk the coordinator has a reference and a count`() async throws {
        let register = try await Register.open()
        let one = try Case(register, .child, ("is_child_at_risk", true))
        #expect(try one.read()["restricted_as"] == "child_protection")
        #expect(try one.read(as: .headteacher).status == 200)
        let notice = try #require(try register.as(coordinator).get("/v1/notices").data.first)
        #expect(notice["kind"]?.text == "restricted_reported")
        #expect(notice["link"] == nil)
        try one.isHidden(from: coordinator)
        #expect(try one.count(as: coordinator) == 1)
        #expect(try one.count(as: .seniorLeader) == 1)
        #expect(try one.count(as: .dsl) == 0)
        let elsewhere = try register.as(coordinator, at: .rosehip).get("/v1/restricted-incidents")
        #expect(elsewhere.data.first?["number"] == 0)
    }

    /// That the coordinator has seen the word of it answers nothing.
    @Test func `word of it is no answer`() async throws {
        let register = try await Register.open()
        _ = try Case(register, .child, ("is_child_at_risk", true))
        let notice = try #require(
            try register.as(coordinator).get("/v1/notices").data.first?["id"]?.text)
        #expect(
            try register.as(coordinator).post("/v1/notices/\(notice)/acknowledgement").status
                == 201)
        #expect(try register.database.number("select count(*) from unanswered") == 1)
    }

    @Test func `found to be of a child at risk, it closes to the coordinator`() async throws {
        let one = try Case(await Register.open())
        #expect(try one.read(as: coordinator).status == 200)
        let found = try one.triage(
            as: coordinator, Case.finding(("is_child_at_risk", true)))
        #expect(found.json["is_open_to_me"] == false)
        try one.isHidden(from: coordinator)
        #expect(try one.count(as: coordinator) == 1)
    }

    @Test func `an ordinary one is restricted by a DSL, and opened again by a DSL alone`()
        async throws
    {
        let one = try Case(await Register.open())
        #expect(try one.restrict(as: coordinator).json["errors"]?.codes == ["not_in_charge"])
        let put = try one.restrict(as: .deputyDSL)
        #expect(put.status == 201)
        #expect(put["kind"] == "child_protection" && put["decided_by_role"] == "deputy_dsl")
        try one.isHidden(from: coordinator)
        let lifting = try JSON.value(of: Restriction.Lifted.example)
        #expect(
            try one.post("lifting", lifting, as: .headteacher).json["errors"]?.codes
                == ["not_in_charge"])
        #expect(try one.post("lifting", lifting).status == 201)
        #expect(try one.post("lifting", lifting).json["errors"]?.codes == ["not_restricted"])
        #expect(try one.read(as: coordinator).status == 200)
        let story = try one.register.as(.dsl).get("\(one.path)/chronology").data
        #expect(story.filter { $0["kind"]?.text == "restriction" }.count == 1)
        #expect(story.filter { $0["kind"]?.text == "lifting" }.count == 1)
    }

    /// What a DSL has lifted stays so when it is triaged again.
    @Test func `a DSL's word outlasts triage`() async throws {
        let one = try Case(await Register.open(), .child, ("is_child_at_risk", true))
        #expect(try one.post("lifting", JSON.value(of: Restriction.Lifted.example)).status == 201)
        #expect(try one.triage(Case.finding(("is_child_at_risk", true))).status == 201)
        #expect(try one.read(as: coordinator).status == 200)
        #expect(try one.read()["restricted_as"] == nil)
    }

    @Test func `an allegation stays one as long as it concerns an adult`() async throws {
        let one = try Case(await Register.open(), .staff)
        #expect(try one.read()["restricted_as"] == "allegation")
        let lifting = try JSON.value(of: Restriction.Lifted.example)
        let refused = try one.post("lifting", lifting).json["errors"]?.codes ?? []
        #expect(refused.contains("not_in_charge"))
    }

    /// Need to know: open to the people who are named, whatever posts others hold.
    @Test func `by name it is open to nobody else, not even to a DSL`() async throws {
        let one = try Case(await Register.open())
        let put = try one.restrict(to: [.deputyDSL, .seniorLeader], as: .deputyDSL)
        #expect(put.status == 201 && put.json["is_by_name"] == true)
        #expect(put.json["people"]?[1] != nil)
        for role in [Role.dsl, .headteacher, coordinator] {
            try one.isHidden(from: role)
            #expect(try one.count(as: role) == 1)
        }
        #expect(try one.read(as: .seniorLeader).status == 200)
        let lead = Case.finding(("lead_id", Case.person(.deputyDSL)))
        #expect(try one.triage(as: .deputyDSL, lead).status == 201)
        try one.isHidden(from: .dsl)
        #expect(try one.restrict(as: .deputyDSL).status == 201)
        #expect(try one.read(as: .dsl).status == 200)
        #expect(try one.read(as: .seniorLeader).status == 404)
    }

    @Test
    func `those named can read incidents, are not its subject, and include whoever names them`()
        async throws
    {
        let one = try Case(
            await Register.open(), .child, ("people", [Scene.alleged(.seniorLeader)]))
        #expect(try one.read(as: .headteacher).status == 200)
        let refused = try one.restrict(to: [.seniorLeader, .staff], as: .headteacher)
        #expect(refused.status == 422)
        #expect(
            refused.json["errors"]?.codes == ["cannot_read", "cannot_read", "without_yourself"])
    }
}

extension Case {
    func restrict(to people: [Role]? = nil, as role: Role) throws -> Reading {
        var body: JSONValue = ["kind": "child_protection", "words": "Known to several of us"]
        if let people { body = body.with("people", .array(people.map(Self.person))) }
        return try post("restriction", body, as: role)
    }

    /// As if it were not there: by its id, in lists, in the log, in a search, in its parts.
    fileprivate func isHidden(from role: Role) throws {
        let caller = register.as(role)
        let missing = try caller.get("/v1/incidents/0199b5f6-1c3e-7c45-9a3b-3d7f0c1e2a44")
        let answer = try read(as: role)
        #expect(answer.status == 404 && answer.json["code"] == missing.json["code"])
        for part in ["people", "restriction", "chronology", "closure", "notices"] {
            #expect(try caller.get("\(path)/\(part)").status == 404)
        }
        for list in ["/v1/incidents", "/v1/incidents?q=happened", "/v1/incident-log"] {
            let listed = try caller.get(list)
            #expect(!listed.text.contains(id), "\(list) as \(role)")
        }
    }

    /// How many are restricted that are not open to them.
    fileprivate func count(as role: Role) throws -> JSONValue? {
        try register.as(role).get("/v1/restricted-incidents").data.first?["number"]
    }
}

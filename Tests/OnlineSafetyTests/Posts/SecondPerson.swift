import JSON
import Testing

@testable import OnlineSafety

/// What alters who receives a report about its author needs a second person.
@Suite struct `A second person` {
    private let school = TestSchool.hawthorn
    private let path = "/v1/schools/\(TestSchool.hawthorn.id)"

    private func ending(_ role: Role) -> JSONValue {
        ["ending": ["post_id": .string(school.seat(role).uuidString)]]
    }

    /// Who would be told of a report about the headteacher.
    private func toldOfTheHead(_ register: Register) throws -> Set<String> {
        let asked = try register.as(.chairOfGovernors).get(
            "\(path)/report-recipients?concerns=headteacher")
        return Set(asked.data.compactMap { $0["post"]?.text })
    }

    @Test func `confirms that the chair's post ends, and the headteacher alone does not end it`()
        async throws
    {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        let alone = try head.post("/v1/posts/\(school.seat(.chairOfGovernors))/ending", [:])
        #expect(alone.status == 409)
        #expect(alone.codes == ["second_person_needed"])
        #expect(try toldOfTheHead(register) == ["chair_of_governors"])
        let proposal = try head.post("\(path)/proposals", ending(.chairOfGovernors))
        #expect(proposal.status == 201)
        #expect(proposal["status"] == "waiting")
        #expect(try toldOfTheHead(register) == ["chair_of_governors"])
        let notices = try register.as(.chairOfGovernors).get("/v1/notices").data
        #expect(notices.map { $0["kind"]?.text } == ["confirmation_wanted"])
        for role in [Role.headteacher, .dsl, .deputyDSL] {
            let told = try register.as(role).post("/v1/proposals/\(proposal.id)/confirmation")
            #expect(told.codes == ["not_yours_to_decide"], "\(role)")
        }
        let confirmed = try register.as(.chairOfGovernors).post(
            "/v1/proposals/\(proposal.id)/confirmation")
        #expect(confirmed["status"] == "confirmed")
        #expect(try register.as(.chairOfGovernors).get("/v1/me").json["posts"] == [])
        let deeds = try register.database.entries().map(\.deed)
        #expect(deeds.contains("post_ended") && deeds.contains("proposal_confirmed"))
    }

    /// By the routing itself: whatever alters it, and nothing else.
    @Test func `is needed for just what alters the routing of reports about its author`()
        async throws
    {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        let office = JSONValue.string(school.person(.office).uuidString)
        for (role, isNeeded) in [
            (Role.chairOfGovernors, true), (.dsl, true), (.deputyDSL, true), (.headteacher, false),
            (.technician, false), (.staff, false), (.governor, false),
        ] {
            let told = try head.post(
                "\(path)/posts", ["person_id": office, "role": .string(role.rawValue)])
            #expect(told.codes == (isNeeded ? ["second_person_needed"] : []), "\(role)")
        }
        for (setting, value, isNeeded) in [
            ("incident-recipients", ["headteacher"], false),
            ("staff-concern-recipients", ["dsl"], false), ("acknowledgement-minutes", 1440, false),
        ] as [(String, JSONValue, Bool)] {
            let told = try head.put(
                "\(path)/settings/\(setting)", ["value": value], ["If-Match": "*"])
            #expect(told.status == (isNeeded ? 409 : 200), "\(setting)")
        }
    }

    @Test func `is not asked for what needs none`() async throws {
        let register = try await Register.open()
        let told = try register.as(.headteacher).post(
            "\(path)/proposals",
            ["setting": ["name": "incident_recipients", "value": ["headteacher"]]])
        #expect(told.codes == ["no_second_person_needed"])
    }

    @Test func `may refuse, and the author withdraw`() async throws {
        let register = try await Register.open()
        let (head, chair) = (register.as(.headteacher), register.as(.chairOfGovernors))
        let first = try head.post("\(path)/proposals", ending(.chairOfGovernors))
        let refused = try chair.post("/v1/proposals/\(first.id)/refusal")
        #expect(refused["status"] == "refused")
        #expect(refused["decided_by"] == "Chair of governors")
        #expect(
            try chair.post("/v1/proposals/\(first.id)/confirmation").codes == ["decided_already"])
        let second = try head.post("\(path)/proposals", ending(.dsl))
        #expect(
            try chair.post("/v1/proposals/\(second.id)/withdrawal").codes == [
                "not_yours_to_decide"
            ])
        #expect(
            try head.post("/v1/proposals/\(second.id)/withdrawal")["status"] == "withdrawn")
        #expect(try toldOfTheHead(register) == ["chair_of_governors"])
        #expect(try register.as(.dsl).get("/v1/me").json["posts"]?[0] != nil)
    }

    @Test func `decides within fourteen days`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let proposal = try register.as(.headteacher).post("\(path)/proposals", ending(.dsl))
        #expect(proposal["expires_at"] == "2026-12-04T12:00:00.000Z")
        try register.database.setClock("2026-12-04T12:00:00Z")
        let chair = register.as(.chairOfGovernors)
        let late = try chair.post("/v1/proposals/\(proposal.id)/confirmation")
        #expect(late.codes == ["expired"])
        #expect(try chair.get("\(path)/proposals").data.map { $0["status"]?.text } == ["expired"])
    }

    /// What was proposed a while ago is held to the rules of the moment in which it is confirmed.
    @Test func `confirms only what may still be done`() async throws {
        let register = try await Register.open()
        let proposal = try register.as(.headteacher).post("\(path)/proposals", ending(.dsl))
        try register.vacate(.deputyDSL)
        let told = try register.as(.chairOfGovernors).post(
            "/v1/proposals/\(proposal.id)/confirmation")
        #expect(told.codes.contains("last_dsl"))
        #expect(try register.as(.dsl).get("/v1/me").json["posts"]?[0] != nil)
    }

    /// A school that is being set up has only its headteacher: whoever is added may be, and nobody
    /// is taken away.
    @Test func `where there is none, somebody may be added, and nobody taken away`() async throws {
        let register = try await Register.open()
        for role in [
            Role.chairOfGovernors, .dsl, .deputyDSL, .linkGovernor, .governor, .seniorLeader,
            .onlineSafetyCoordinator,
        ] { try register.vacate(role) }
        let head = register.as(.headteacher)
        let leader = JSONValue.string(school.person(.seniorLeader).uuidString)
        let told = try head.post(
            "\(path)/posts", ["person_id": leader, "role": "senior_leader"])
        #expect(told.status == 201)
        let ended = try head.post("/v1/posts/\(told.id)/ending", [:])
        #expect(ended.codes == ["last_of_the_head", "nobody_to_confirm"])
    }

    @Test func `is told no more than is proposed, and of another school nothing`() async throws {
        let register = try await Register.open()
        let proposal = try register.as(.headteacher).post(
            "\(path)/proposals", ending(.chairOfGovernors))
        #expect(
            proposal.keys == [
                "id", "school_id", "kind", "role", "person_id", "who", "post_id", "until_on",
                "proposed_by", "proposed_at", "expires_at", "status",
            ])
        let foreign = register.as(.chairOfGovernors, at: .rosehip)
        #expect(try foreign.get("\(path)/proposals").data == [])
        #expect(try foreign.post("/v1/proposals/\(proposal.id)/confirmation").status == 404)
        let none = try register.as(.headteacher).post("\(path)/proposals", [:])
        #expect(none.faults == ["": "exactly_one"])
    }
}

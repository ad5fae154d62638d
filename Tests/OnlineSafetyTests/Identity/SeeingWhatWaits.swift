import JSON
import Testing

@testable import OnlineSafety

/// What `GET /v1/me` tells somebody of what waits until they do it, and of the posts they hold.
@Suite struct `Seeing what waits` {
    private let school = TestSchool.hawthorn

    private func tasks(_ visitor: Visitor) throws -> [JSONValue] {
        guard case .array(let tasks)? = try visitor.get("/v1/me").json["to_do"] else { return [] }
        return tasks
    }

    private func kinds(_ visitor: Visitor) throws -> [String?] {
        try tasks(visitor).map { $0["kind"]?.text }
    }

    /// The one thing that waits.
    private func only(_ visitor: Visitor) throws -> JSONValue? {
        let tasks = try tasks(visitor)
        #expect(tasks.count == 1, "\(tasks)")
        return tasks.first
    }

    private func posts(_ visitor: Visitor) throws -> [JSONValue] {
        guard case .array(let posts)? = try visitor.get("/v1/me").json["posts"] else { return [] }
        return posts
    }

    @Test func `tells of an agreement until it is signed, and when it is due`() async throws {
        let register = try await Register.open()
        #expect(try kinds(register.as(.staff)) == [])
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        _ = try register.publish(agreementText(), of: template)
        let staff = register.as(.staff)
        let task = try #require(try only(staff))
        #expect(task["kind"] == "agreement_to_sign" && task["number"] == 1)
        #expect(task["due_on"] != nil && task["is_overdue"] == false)
        // The link leads to it.
        let waiting = try staff.get(task["link"]?.text ?? "").data
        #expect(waiting.map { $0["template_id"]?.text } == [template])
        let issued = try staff.post(
            "/v1/agreements",
            [
                "person_id": .string(school.person(.staff).uuidString),
                "template_id": .string(template),
            ])
        #expect(try kinds(staff) == ["agreement_to_sign"])
        let signed = try staff.post(
            "/v1/agreements/\(issued.id)/signatures", signature())
        #expect(signed.status == 201, "\(signed.json)")
        #expect(try kinds(staff) == [])
    }

    @Test func `tells of a report whoever is in charge of it, until it is triaged`() async throws {
        let register = try await Register.open()
        let incident = try register.as(.staff).report("A story").id
        for role in [Role.dsl, .deputyDSL, .headteacher, .onlineSafetyCoordinator] {
            let task = try #require(try only(register.as(role)), "\(role)")
            #expect(task["kind"] == "incident_to_triage" && task["number"] == 1, "\(role) \(task)")
            let found = try register.as(role).get(task["link"]?.text ?? "").data
            #expect(found.map { $0["id"]?.text } == [incident], "\(role)")
        }
        for role in [Role.staff, .technician, .seniorLeader, .chairOfGovernors] {
            #expect(try kinds(register.as(role)) == [], "\(role)")
        }
        #expect(try kinds(register.as(.dsl, at: .rosehip)) == [])
        // Nobody is told of one that may be about them.
        _ = try register.as(.office).report(
            "Of the head", .staff, ("people", [Scene.alleged(.headteacher)]))
        #expect(try only(register.as(.headteacher))?["number"] == 1)
        let triaged = try register.as(.dsl).post(
            "/v1/incidents/\(incident)/triage", Case.finding())
        #expect(triaged.status == 201)
        for role in [Role.deputyDSL, .headteacher, .onlineSafetyCoordinator] {
            #expect(try kinds(register.as(role)) == [], "\(role)")
        }
    }

    @Test func `tells of images to remove whoever may, until they are, and by when`() async throws {
        let family = try await Family.open()
        let register = family.register
        try family.says(Family.mother, .consent)
        try register.database.setClock("2026-11-20T13:00:00Z")
        try family.says(Family.mother, .withdraw)
        let removers: [Role] = [
            .onlineSafetyCoordinator, .dsl, .deputyDSL, .headteacher, .seniorLeader, .office,
        ]
        for role in removers {
            let task = try #require(try only(register.as(role)), "\(role)")
            #expect(task["kind"] == "image_removal" && task["number"] == 1, "\(role)")
            #expect(task["due_on"] == "2026-11-25" && task["is_overdue"] == false, "\(role)")
        }
        for role in [Role.dpo, .staff, .technician, .governor] {
            #expect(try kinds(register.as(role)) == [], "\(role)")
        }
        #expect(try kinds(register.as(.office, at: .rosehip)) == [])
        try register.database.setClock("2026-11-26T09:00:00Z")
        let office = register.as(.office)
        let late = try #require(try only(office))
        #expect(late["is_overdue"] == true)
        let found = try office.get(late["link"]?.text ?? "").data
        #expect(found.map { $0["who"] } == ["Robin Ash of Hawthorn"])
        let done = try office.post(
            "/v1/image-removals/\(found[0]["id"]?.text ?? "")/completion", ["outcome": "removed"])
        #expect(done.status == 201)
        for role in removers { #expect(try kinds(register.as(role)) == [], "\(role)") }
    }

    @Test func `tells of a change those who can decide it, and nobody else`() async throws {
        let register = try await Register.open()
        let seat = school.seat(.chairOfGovernors).uuidString
        let proposal = try register.as(.headteacher).post(
            "/v1/schools/\(school.id)/proposals", ["ending": ["post_id": .string(seat)]])
        let chair = register.as(.chairOfGovernors)
        let task = try #require(try only(chair))
        #expect(task["kind"] == "proposal_to_decide")
        let found = try chair.get(task["link"]?.text ?? "").data
        #expect(found.map { $0["id"]?.text } == [proposal.id])
        for role in [Role.headteacher, .dsl, .governor] {
            #expect(try kinds(register.as(role)) == [], "\(role)")
        }
        #expect(try chair.post("/v1/proposals/\(proposal.id)/refusal").status == 201)
        #expect(try kinds(chair) == [])
    }

    @Test func `says who one is in each school, and when a post ends`() async throws {
        let register = try await Register.open()
        let staff = try posts(register.as(.staff))
        #expect(staff.map { $0["person_id"]?.text } == [school.person(.staff).lowercased])
        #expect(staff[0]["until_on"] == nil)
        let temporary = try posts(register.as(.temporaryStaff))
        #expect(temporary[0]["until_on"] != nil && temporary[0]["ends_at"] != nil)
        let trust = try posts(register.as(.trustViewer))
        #expect(trust[0]["organisation_id"] != nil && trust[0]["person_id"] == nil)
    }
}

import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Taking a complaint, and whom it goes to.
@Suite struct `Taking a complaint` {
    /// CMP-01: the complainant, about whom, the subject, when and how it was received, who has it;
    /// linked with an incident where they overlap, and apart from it.
    @Test func `puts down who complains, of whom or what, and who has it`() async throws {
        let work = try await ComplaintsAtWork.open()
        let incident = try work.register.as(.staff).report("Something happened").id
        let id = try work.take(
            .internetMisuse, by: .headteacher, ("incident_ids", [.string(incident)]),
            ("about", [["name": "Mr Lee", "post": "A visiting teacher"]]))
        let told = try work.read(id, by: .seniorLeader)
        #expect(told["state"] == "routed" && told["handler"] == "senior_leader")
        #expect(told.json["handlers"] == ["The Senior leader"])
        #expect(told.json["complainant"]?["name"] == "Jo Ash")
        #expect(told.json["about"]?[0]?["name"] == "Mr Lee" && told["received_by"] == "telephone")
        #expect(told["received_on"] == "2026-11-19" && told["put_down_by"] == "Headteacher")
        // To whom the incident is not open it is not named.
        #expect(told.json["incident_ids"] == [])
        #expect(
            try work.read(id, by: .headteacher).json["incident_ids"] == [.string(incident)])
        #expect(try work.register.as(.headteacher).get("/v1/incidents").data.count == 1)
        #expect(try work.act(.noted, on: id, by: .seniorLeader, ("words", "Read")).status == 201)
        let list = try work.register.as(.seniorLeader).get("/v1/complaints?state=handling")
        #expect(list.data.map { $0["id"]?.text } == [id])
        #expect(try work.register.as(.seniorLeader).get("/v1/complaints?state=routed").data == [])
        let acts = try work.read(id, by: .headteacher).json.list("acts")
        #expect(acts.map { $0["done_as"] } == ["senior_leader"])
    }

    @Test func `names everything that is wrong at once`() async throws {
        let work = try await ComplaintsAtWork.open()
        let wrong = ComplaintsAtWork.said(
            .staff,
            [
                ("received_on", "2026-11-21"), ("complainant", ["kind": "parent"]),
                ("about", [[:], ["person_id": .string(Scene.missing)]]),
                ("incident_ids", [.string(Scene.missing)]),
            ])
        let told = try work.register.as(.office).post("/v1/complaints", wrong)
        #expect(
            told.faults == [
                "/received_on": "in_the_future", "/complainant/name": "required",
                "/about/0/name": "required", "/about/1/person_id": "unknown_person",
                "/incident_ids/0": "unknown_incident",
            ])
        let anonymous = ComplaintsAtWork.said(
            .other, [("complainant", ["kind": "anonymous", "name": "Jo"])])
        #expect(
            try work.register.as(.office).post("/v1/complaints", anonymous).faults
                == ["/complainant/name": "not_wanted"])
    }

    /// CMP-02: by what it is of, and by the posts of whoever it is about.
    @Test(
        arguments: [
            (ComplaintMatter.internetMisuse, nil, Role.seniorLeader, [.headteacher]),
            (.negativeComments, nil, .seniorLeader, [.headteacher]),
            (.staff, nil, .headteacher, []), (.headteacher, nil, .chairOfGovernors, []),
            (.governor, nil, .headteacher, []),
            (.childProtection, nil, .dsl, [.deputyDSL, .headteacher]),
            (.internetMisuse, .technician, .headteacher, []),
            (.internetMisuse, .headteacher, .chairOfGovernors, []),
            (.childProtection, .headteacher, .chairOfGovernors, []),
            (.other, .governor, .chairOfGovernors, [.headteacher]),
        ] as [(ComplaintMatter, Role?, Role, Set<Role>)])
    func `routes it`(
        of matter: ComplaintMatter, about: Role?, to handler: Role, besides: Set<Role>
    ) async throws {
        let work = try await ComplaintsAtWork.open()
        let named = about.map { [ComplaintsAtWork.about($0)] } ?? []
        let body = ComplaintsAtWork.said(matter, named)
        let id = try work.register.as(.office).post("/v1/complaints", body).id
        #expect(try work.read(id, by: handler)["handler"] == handler.rawValue)
        #expect(try work.handlers(of: id) == besides.union([handler]))
        #expect(try work.told() == [handler])
        // Whoever took it learns whether it is closed, and nothing of what is done.
        let own = try work.read(id, by: .office)
        #expect(own["state"] == "received" && own.json["acts"] == nil && own["handler"] == nil)
        #expect(own.json["may_do"] == [])
        #expect(try work.act(.noted, on: id, by: .office, ("words", "x")).status == 403)
        #expect(try work.act(.noted, on: id, by: handler, ("words", "x")).status == 201)
    }

    /// CMP-02: changed with a reason, by those who handle it; never to nobody, nor to a post to
    /// which none goes.
    @Test func `goes to another post for a reason`() async throws {
        let work = try await ComplaintsAtWork.open()
        let id = try work.take(.internetMisuse)
        func reroute(to post: JSONValue, by role: Role) throws -> Reading {
            try work.act(.rerouted, on: id, by: role, ("to", post), ("words", "It is graver"))
        }
        #expect(
            try work.act(.rerouted, on: id, by: .seniorLeader).faults
                == ["/to": "required", "/words": "required"])
        #expect(try reroute(to: "technician", by: .seniorLeader).faults == ["/to": "no_handler"])
        #expect(try reroute(to: "chair_of_governors", by: .staff).status == 404)
        let told = try reroute(to: "chair_of_governors", by: .seniorLeader)
        // Whoever had it knows no more than that it is not closed.
        #expect(told.status == 201 && told["state"] == "received" && told["handler"] == nil)
        #expect(try work.handlers(of: id) == [.chairOfGovernors, .headteacher])
        #expect(try work.told() == [.seniorLeader, .chairOfGovernors])
        let why = try work.read(id, by: .headteacher).json["acts"]?[0]
        #expect(why?["to"] == "chair_of_governors" && why?["words"] == "It is graver")
    }

    /// What is due is known to whoever has it, and stands in no figure.
    @Test func `is due to be acknowledged and answered, by whoever has it`() async throws {
        let work = try await ComplaintsAtWork.open()
        let id = try work.take(.staff, ComplaintsAtWork.about(.dsl))
        func duties(_ role: Role) throws -> [String] {
            try work.register.as(role).get("/v1/duties?limit=1000").data.compactMap {
                $0["kind"]?.text
            }.filter { $0.hasPrefix("complaint") }.sorted()
        }
        let both = ["complaint_to_acknowledge", "complaint_to_answer"]
        #expect(try duties(.headteacher) == both)
        #expect(try work.register.as(.headteacher).get("/v1/me").text.contains("complaint_to_han"))
        for role in [Role.dsl, .deputyDSL, .office, .seniorLeader, .onlineSafetyCoordinator] {
            #expect(try duties(role) == [], "\(role)")
        }
        let due = try work.read(id, by: .headteacher)
        #expect(due["acknowledge_by"] == "2026-11-26" && due.json["is_overdue"] == false)
        try work.act(.acknowledged, on: id, by: .headteacher, ("told", ["Jo Ash, by telephone"]))
        #expect(try duties(.headteacher) == ["complaint_to_answer"])
        #expect(try work.act(.acknowledged, on: id, by: .headteacher).status == 409)
        let set = try work.register.as(.headteacher).put(
            "/v1/schools/\(work.school.id)/settings/complaint-answer-days", ["value": 0],
            ["If-Match": "*"])
        #expect(set.status == 200, "\(set.text)")
        #expect(try duties(.headteacher) == [])
    }
}

import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Suspending, reinstating, freezing and revoking.
@Suite struct `Ending access` {
    private let school = TestSchool.hawthorn

    @Test func `ACC-14: it is suspended, reinstated, revoked and frozen, with reason and link`()
        async throws
    {
        let access = try await AccessAtWork.open()
        let person = school.person(.staff)
        let id = try access.give(access.system(), to: person)
        let incident = try access.register.as(.office).report("Something").id
        let template = try access.register.template("Staff", for: [["kind": "teacher"]])
        _ = try access.register.publish(agreementText(), of: template)
        let agreement = try access.register.issue(template, to: person.lowercased)

        let suspended = try access.act(
            "suspension", on: id, by: .dsl,
            ["reason": "While we look into it", "incident_id": .string(incident)])
        #expect(suspended.status == 201 && suspended["state"] == "suspended")
        #expect(suspended.json["acts"]?[2]?["incident_id"] == .string(incident))
        #expect(try access.act("suspension", on: id, by: .dsl, ["reason": "x"]).status == 409)
        let back = try access.act(
            "reinstatement", on: id, by: .headteacher, ["reason": "Nothing in it"])
        #expect(back["state"] == "active")
        let lapsed = try access.act(
            "suspension", on: id, by: .deputyDSL,
            [
                "reason": "Not signed anew", "agreement_id": .string(agreement),
                "until_on": "2026-11-24",
            ])
        #expect(lapsed.json["acts"]?[4]?["agreement_id"] == .string(agreement))
        try access.at("2026-11-24T20:00:00Z")
        #expect(try access.state(id) == "suspended")
        try access.at("2026-11-25T08:00:00Z")
        #expect(try access.state(id) == "active")
        let revoked = try access.act(
            "revocation", on: id, by: .seniorLeader, ["reason": "Other work now"])
        #expect(revoked["state"] == "revoked")
        #expect(
            revoked.json.acts == [
                "approved", "activated", "suspended", "reinstated", "suspended", "revoked",
            ])
        #expect(
            try access.act("deletion", on: id, by: .technician, ["reason": "x"]).status == 409)
        // And a leaver, whose access ends by itself.
        let leaver = try access.give(access.system("Mail"), to: person)
        let left = try access.register.as(.headteacher).post(
            "/v1/people/\(person)/leaving", ["left_on": "2026-11-27"])
        #expect(left.status == 201)
        try access.at("2026-11-28T08:00:00Z")
        #expect(try access.state(leaver) == "ended")
        let closed = try access.act(
            "freezing", on: leaver, by: .technician, ["reason": "Has left"])
        #expect(closed["state"] == "frozen")
        for (act, role) in [("reinstatement", Role.dsl), ("revocation", .headteacher)] {
            let told = try access.act(act, on: leaver, by: role, ["reason": "x"])
            #expect(told.status == 409 && told.codes == ["wrong_state"], "\(act)")
        }
        #expect(
            try access.act("deletion", on: leaver, by: .technician, ["reason": "Year over"])[
                "state"] == "deleted")
    }

    @Test func `what it goes back to must be there for whoever says so`() async throws {
        let access = try await AccessAtWork.open()
        let id = try access.give(access.system(), to: school.person(.staff))
        let about = try access.register.as(.office).report(
            "canary", .staff, ("people", [Scene.alleged(.dsl)])
        ).id
        for (field, value) in [("incident_id", about), ("incident_id", UUID().lowercased)] {
            let told = try access.act(
                "suspension", on: id, by: .dsl, ["reason": "x", field: .string(value)])
            #expect(told.faults == ["/incident_id": "unknown_incident"])
        }
        let template = try access.register.template("Staff", for: [["kind": "teacher"]])
        _ = try access.register.publish(agreementText(), of: template)
        let others = try access.register.issue(template, to: school.person(.dpo).lowercased)
        #expect(
            try access.act(
                "suspension", on: id, by: .dsl,
                ["reason": "x", "agreement_id": .string(others)]
            ).faults == ["/agreement_id": "unknown_agreement"])
        let far = try access.act(
            "suspension", on: id, by: .dsl, ["reason": "x", "until_on": "2026-11-19"])
        #expect(far.faults == ["/until_on": "out_of_range"])
        #expect(try access.state(id) == "active")
    }

    @Test func `why it was suspended is for those who lead, and not for whom it concerns`()
        async throws
    {
        let access = try await AccessAtWork.open()
        // The DSL's own access, suspended by the headteacher for an incident about them.
        let id = try access.give(access.system(), to: school.person(.dsl))
        let incident = try access.register.as(.office).report(
            "Something", .staff, ("people", [Scene.alleged(.dsl)])
        ).id
        let suspended = try access.act(
            "suspension", on: id, by: .headteacher,
            ["reason": "canary", "incident_id": .string(incident)])
        #expect(suspended.status == 201, "\(suspended.json)")
        for role in [Role.headteacher, .seniorLeader, .deputyDSL] {
            let told = try access.read(id, as: role)
            #expect(told.json["acts"]?[2]?["reason"] == "canary", "\(role)")
            let isOpen = try access.register.as(role).get("/v1/incidents/\(incident)").status == 200
            #expect((told.json["acts"]?[2]?["incident_id"] != nil) == isOpen, "\(role)")
        }
        for role in [Role.dsl, .technician, .office, .onlineSafetyCoordinator, .dpo] {
            let told = try access.read(id, as: role)
            #expect(told["state"] == "suspended", "\(role)")
            #expect(!told.text.contains("canary") && !told.text.contains(incident), "\(role)")
        }
        #expect(try access.act("reinstatement", on: id, by: .dsl, ["reason": "x"]).status == 403)
        #expect(try access.read(id, as: .staff).status == 404)
    }

    @Test func `an account that is used is closed by nobody, and none by the office`() async throws
    {
        let access = try await AccessAtWork.open()
        let id = try access.give(access.system(), to: school.person(.staff))
        for act in ["freezing", "deletion"] {
            let early = try access.act(act, on: id, by: .technician, ["reason": "x"])
            #expect(early.status == 409 && early.codes == ["not_over"], "\(act)")
            #expect(try access.act(act, on: id, by: .office, ["reason": "x"]).status == 403)
        }
        // Not even where it is a task.
        _ = try access.register.as(.headteacher).post(
            "/v1/people/\(school.person(.staff))/leaving", ["left_on": "2026-11-19"])
        let task = try #require(try access.tasks("task=close").first)
        #expect(task["because"] == "left")
        #expect(try access.complete(task, by: .office).status == 403)
        #expect(try access.complete(task).status == 201)
        // And what was only approved is withdrawn, not revoked.
        let asked = try access.ask(access.system("Mail"), for: school.person(.dsl))
        #expect(try access.act("approval", on: asked.id, by: .headteacher).status == 201)
        let revoked = try access.act(
            "revocation", on: asked.id, by: .headteacher, ["reason": "x"])
        #expect(revoked.codes == ["wrong_state"])
    }

    @Test func `two who decide at once do it once`() async throws {
        let access = try await AccessAtWork.open()
        let asked = try access.ask(access.system(), for: school.person(.staff))
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for role in [Role.headteacher, .seniorLeader, .headteacher, .seniorLeader] {
                group.addTask { try access.act("approval", on: asked.id, by: role).status }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.sorted() == [201, 409, 409, 409])
    }
}

import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Lines of the policies' duties with a clock (section 26), each told with whose it is and when.
@Suite struct `Lines with a clock` {
    private let school = TestSchool.hawthorn

    private func duties(_ register: Register, _ role: Role, _ line: String) throws -> [JSONValue] {
        let told = try register.as(role).get("/v1/duties?limit=1000")
        try #require(told.status == 200, "\(told.json)")
        return told.data.filter { $0["source"]?.text == line }
    }

    @Test func `T-42: what was investigated is looked back upon, by those to whom it is open`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let one = try Case(register)
        #expect(try one.triage().status == 201)
        let begun = try one.post(
            "investigations", ["investigator_id": Case.person(.seniorLeader)])
        #expect(begun.status == 201, "\(begun.json)")
        #expect(try duties(register, .dsl, "T-42") == [])
        let found = try one.post("findings", CasePartSaid<InvestigationFindings>.json)
        #expect(found.status == 201, "\(found.json)")
        let due = try #require(try duties(register, .dsl, "T-42").first)
        #expect(due["kind"] == "debrief_to_hold" && due["record_id"]?.text == one.id)
        #expect(due["since"] == "2026-11-20" && due["due_on"] == "2026-12-04")
        #expect(due["label"] == "An incident is to be looked back upon")
        let waits = try register.as(.dsl).get("/v1/me").json.list("to_do")
        #expect(waits.contains { $0["kind"] == "debrief_to_hold" })
        for role in [Role.office, .technician, .governor, .staff, .seniorLeader] {
            #expect(try duties(register, role, "T-42") == [], "\(role)")
        }
        let worker = try DirectConnection(register.database.workerURL)
        for _ in 0..<5 { _ = try worker.run("select count_duties()") }
        let figures = try register.as(.dsl).get("/v1/duty-figures").data
        #expect(!figures.isEmpty && !figures.contains { $0["kind"] == "debrief_to_hold" })
        try one.complete()
        let debrief = try one.post("debriefs", CasePartSaid<Debrief>.json)
        #expect(debrief.status == 201, "\(debrief.json)")
        #expect(try duties(register, .dsl, "T-42") == [])
    }

    @Test func `T-45: that a new adult may be shown is asked on induction`() async throws {
        let newcomer = try await Newcomer.open()
        let asked = try duties(newcomer.register, .office, "T-45")
        #expect(asked.count == 1 && asked[0]["due_on"] != nil && asked[0]["about_id"] != nil)
        #expect(try duties(newcomer.register, .office, "T-18").count == 4)
    }

    @Test func `T-46, T-58: what is done regularly is due once the school says how often`()
        async throws
    {
        let work = try await ReviewsAtWork.open()
        let lines: [(ReviewKind, String, Role)] = [
            (.permissionList, "T-46", .office), (.monitoringSupervision, "T-58", .seniorLeader),
            (.filteringProvision, "T-54", .technician),
        ]
        for (kind, line, owner) in lines {
            #expect(try duties(work.register, owner, line) == [])
            let set = try work.set(
                kind,
                [
                    ("is_held", true), ("period", "months"), ("months", 1),
                    ("responsible", [.string(owner.rawValue)]), ("notice_days", 14),
                ])
            #expect(set.status == 200, "\(set.json)")
            let due = try #require(try duties(work.register, owner, line).first)
            #expect(due["due_on"] == "2026-12-20" && due["roles"]?[0]?.text == owner.rawValue)
            let told = try work.complete(
                due["record_id"]?.text ?? "", by: owner,
                ["reported_to": [["to": "All staff", "on": "2026-11-20"]]])
            #expect(told.status == 201, "\(told.json)")
            #expect(try duties(work.register, owner, line).count == 1)
        }
    }

    @Test func `T-50: a phone that was handed in is to be collected the same day`() async throws {
        let devices = try await DevicesAtWork.open()
        let register = devices.register
        try register.database.execute(
            "update person set year_group = '6' where id = '\(school.pupil)'")
        try devices.sets(setting: "device-hand-in-year", to: 6)
        let phone = try devices.declare(
            school.pupil, ["ownership": "student_owned", "may_walk_alone": "Mother, by letter"])
        #expect(try duties(register, .office, "T-50") == [])
        #expect(try devices.act("handed_in", on: phone, by: .office).status == 201)
        let due = try #require(try duties(register, .office, "T-50").first)
        #expect(due["state"] == "due" && due["record_id"]?.text == phone)
        #expect(due["roles"] == ["office"])
        #expect(try duties(register, .technician, "T-50") == [])
        let waits = try register.as(.office).get("/v1/me").json.list("to_do")
        #expect(waits.contains { $0["kind"] == "phone_to_collect" })
        // A trust learns nothing of what pupils bring.
        let worker = try DirectConnection(register.database.workerURL)
        for _ in 0..<5 { _ = try worker.run("select count_duties()") }
        func isTold(_ role: Role) throws -> Bool {
            try register.as(role).get("/v1/duty-figures?limit=500").data
                .contains { $0["kind"] == "phone_to_collect" }
        }
        #expect(try isTold(.office) && !isTold(.trustViewer))
        #expect(try devices.act("collected", on: phone, by: .office).status == 201)
        #expect(try duties(register, .office, "T-50") == [])
    }

    @Test func `T-53: a temporary log-in that is over is to be closed, by the technician`()
        async throws
    {
        let access = try await AccessAtWork.open()
        let system = try access.system()
        _ = try access.give(
            system, to: school.person(.staff),
            ["is_temporary": true, "until_on": "2026-11-27", "level": "Class pages"])
        #expect(try duties(access.register, .technician, "T-53") == [])
        try access.at("2026-11-28T12:00:00Z")
        let due = try #require(try duties(access.register, .technician, "T-53").first)
        #expect(due["kind"] == "access_task" && due["due_on"] == "2026-11-28")
        #expect(try duties(access.register, .technician, "T-48") == [])
    }

    /// On entering Nursery and Reception it is told as that; of an older child, who has never
    /// signed, as any first signature.
    @Test(arguments: [("n1", "T-10"), ("r", "T-10"), ("3", "T-11")])
    func `what is signed on entering a year is told as that`(year: String, line: String)
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        try register.database.execute(
            "update person set year_group = '\(year)' where id = '\(school.pupil)'")
        let template = try register.template("Home and school", for: [["kind": "pupil"]])
        _ = try register.publish(
            agreementText([
                "signers": "parent", "attestations": .null,
                "renewal": ["on_entering": ["n1", "r", "3"]],
            ]), of: template)
        for other in ["T-09", "T-10", "T-11", "T-15"] {
            #expect(
                try duties(register, .headteacher, other).count == (other == line ? 1 : 0),
                "\(other)")
        }
    }
}

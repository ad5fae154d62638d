import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// What waits for somebody is counted just as its link lists it, and each duty says where it is
/// done.
@Suite struct `What is to be done` {
    private let school = TestSchool.hawthorn

    private func task(_ kind: String, _ visitor: Visitor) throws -> JSONValue? {
        try visitor.get("/v1/me").json.list("to_do").first { $0["kind"]?.text == kind }
    }

    /// Counts what the link of a task lists.
    private func follow(_ kind: String, _ visitor: Visitor, _ number: Int) throws {
        let task = try #require(try task(kind, visitor), "\(kind)")
        #expect(task["number"] == .number(JSONNumber(number)), "\(task)")
        let found = try visitor.get(task["link"]?.text ?? "")
        #expect(found.status == 200 && found.data.count == number, "\(kind) \(found.text)")
        let first = found.data.compactMap { $0["due_on"]?.text }.min()
        #expect(task["due_on"]?.text == first, "\(kind)")
    }

    private func duties(
        _ register: Register, _ role: Role, _ query: String
    ) throws -> [JSONValue] {
        let told = try register.as(role).get("/v1/duties?limit=500&\(query)")
        try #require(told.status == 200, "\(told.json)")
        return told.data
    }

    @Test func `devices to give back and to check wait for whom they are, within a week`()
        async throws
    {
        let devices = try await DevicesAtWork.open()
        let register = devices.register
        let ids = try ["HW-1", "HW-2", "HW-3"].map { try devices.device($0) }
        for (id, day) in zip(ids, ["2026-11-27", "2026-11-28", "2026-11-20"]) {
            let told = try devices.assign(
                id, to: school.person(.staff), ["until_on": .string(day)])
            #expect(told.status == 201, "\(told.text)")
        }
        let staff = register.as(.staff)
        try follow("device_to_return", staff, 2)
        for role in [Role.technician, .headteacher, .dsl] {
            #expect(try task("device_to_return", register.as(role)) == nil, "\(role)")
        }
        #expect(try task("device_to_check", register.as(.technician)) == nil)
        #expect(try devices.act("doubted", on: ids[0], ["reason": "Odd"]).status == 201)
        try follow("device_to_check", register.as(.technician), 1)
        try follow("device_to_check", register.as(.schoolAdministrator), 1)
        #expect(try task("device_to_check", staff) == nil)
        let due = try duties(register, .staff, "kind=device_return_due")
        #expect(due.count == 3)
        for duty in due {
            let found = try staff.get(duty["link"]?.text ?? "")
            #expect(found.status == 200 && found["id"]?.isEmpty == false)
        }
        let phone = try devices.declare(school.person(.staff))
        try follow("personal_device_to_decide", register.as(.headteacher), 1)
        _ = try devices.act("permitted", on: phone, ["network": "none"], by: .headteacher)
        #expect(try task("personal_device_to_decide", register.as(.headteacher)) == nil)
    }

    @Test func `reviews to hold and to plan, and the governors' report, wait likewise`()
        async throws
    {
        let work = try await ReviewsAtWork.open(at: "2026-12-10T12:00:00Z")
        let register = work.register
        let planned = try work.plan(.accessList, [("due_on", "2026-12-20")])
        #expect(planned.status == 201)
        _ = try work.plan(.riskMethods, [("due_on", "2027-09-20")])
        try follow("review", register.as(.headteacher), 1)
        // The log and the meeting of the term: to be planned four weeks before its end.
        try follow("review_to_plan", register.as(.dsl), 2)
        try follow("review_to_plan", register.as(.linkGovernor), 1)
        #expect(try task("review_to_plan", register.as(.headteacher)) == nil)
        #expect(try task("governor_report_to_issue", register.as(.dsl)) == nil)
        try work.moveClock(to: "2027-01-08")
        try follow("governor_report_to_issue", register.as(.dsl), 1)
        #expect(try task("governor_report_to_issue", register.as(.headteacher)) == nil)
    }

    @Test func `a policy to approve is found by what waits for one's step`() async throws {
        let work = try await PolicyAtWork.open()
        let id = try work.write().id
        _ = try work.write(PolicyAtWork.text(with: "name", "Phones"))
        #expect(try work.act(.approved, on: id, by: .headteacher).status == 201)
        try follow("policy_to_approve", work.register.as(.governor), 1)
        try follow("policy_to_approve", work.register.as(.seniorLeader), 1)
        #expect(try task("policy_to_approve", work.register.as(.dsl)) == nil)
    }

    @Test func `T-21: where a school says after how many days, passwords are a duty`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        try register.database.execute(
            """
            update account set password_set_at = '2026-09-01T08:00:00Z', password_hash = 'x'
            """)
        #expect(try duties(register, .staff, "kind=password_to_change") == [])
        let set = try register.as(.headteacher).put(
            "/v1/schools/\(school.id)/settings/password-days", ["value": 90], ["If-Match": "*"])
        #expect(set.status == 200, "\(set.json)")
        let own = try duties(register, .staff, "kind=password_to_change")
        #expect(own.count == 1 && own[0]["due_on"] == "2026-11-30")
        #expect(own[0]["person_id"]?.text == school.person(.staff).lowercased)
        #expect(own[0]["source"] == "T-21" && own[0]["link"] == "/v1/me")
        #expect(try duties(register, .headteacher, "kind=password_to_change").count > 5)
        let elsewhere = try register.as(.headteacher, at: .rosehip).get(
            "/v1/duties?kind=password_to_change")
        #expect(elsewhere.data == [])
    }

    @Test func `T-44: of a new pupil consent is sought, until somebody has answered`()
        async throws
    {
        let family = try await Family.open()
        let register = family.register
        try register.database.execute(
            "update person set created_at = '2026-11-16T08:00:00Z' where kind = 'pupil'")
        let of = try duties(register, .office, "kind=consent_to_seek")
        #expect(of.count == 1 && of[0]["about_id"]?.text == school.pupil.lowercased)
        #expect(of[0]["due_on"] == "2026-11-16" && of[0]["source"] == "T-44")
        #expect(try duties(register, .staff, "kind=consent_to_seek") == [])
        let sought = try register.as(.office).get(of[0]["link"]?.text ?? "")
        #expect(sought.status == 200 && sought.data.count == 1)
        // A form that was struck out is no answer, and one purpose is not all.
        let wrong = try family.says(Family.mother, .consent)
        let struck = try register.as(.office).post(
            "/v1/consents/\(wrong.id)/correction", ["reason": "Another child's"])
        #expect(struck.status == 201, "\(struck.json)")
        func isSought() throws -> Bool {
            let told = try duties(register, .office, "kind=consent_to_seek")
            #expect(try register.as(.office).get("/v1/consents-sought").data.count == told.count)
            return !told.isEmpty
        }
        #expect(try isSought())
        let asked: [ConsentPurpose] = [
            .images, .schoolWebsite, .schoolLiterature, .press, .learningPlatform, .socialMedia,
            .outsideNetwork,
        ]
        for purpose in asked {
            #expect(try isSought(), "\(purpose)")
            try family.says(Family.mother, purpose == .press ? .refuse : .consent, to: purpose)
        }
        #expect(try !isSought())
        // What the school asks anew is sought from the day it asks; what lapses, from that day.
        try register.database.setClock("2026-12-01T12:00:00Z")
        try family.asks(.progressApp)
        let more = try duties(register, .office, "kind=consent_to_seek")
        #expect(more.count == 1 && more.first?["due_on"] == "2026-12-01", "\(more)")
        try family.says(Family.mother, .consent, to: .progressApp)
        try family.asks(.schoolWebsite, ["is_asked": true, "after_months": 1])
        try register.database.setClock("2027-01-05T12:00:00Z")
        let lapsed = try duties(register, .office, "kind=consent_to_seek")
        #expect(lapsed.map { $0["due_on"] } == ["2026-12-20"], "\(lapsed)")
    }

    @Test func `images are removed by those alone who may say that they are`() async throws {
        let family = try await Family.open()
        try family.says(Family.mother, .consent, ["given_on": "2026-11-10"])
        try family.says(Family.mother, .withdraw)
        let told = try duties(family.register, .office, "kind=image_removal")
        let roles = told.first?.list("roles").compactMap { $0.text } ?? []
        #expect(Set(roles) == Set(Consents.obeyers.map(\.rawValue)), "\(told)")
    }

    /// Whoever may not open the incident, and whom it is about, learns of no such duty.
    @Test func `parents who are still to be told are a duty of those to whom the incident is open`()
        async throws
    {
        let one = try Case(await Register.open())
        let register = one.register
        let child = try one.post(
            "people", ["person_id": Case.pupil, "group": "child", "parts": ["target"]])
        let notYet = try one.post(
            "parents-decisions",
            ["child_id": .string(child.id), "decision": "not_yet", "reason": "At the weekend"])
        #expect(notYet.status == 201, "\(notYet.text)")
        func told(_ role: Role) throws -> [JSONValue] {
            try duties(register, role, "kind=parents_to_tell")
        }
        for role in [Role.dsl, .deputyDSL, .headteacher] {
            let found = try told(role)
            #expect(found.count == 1 && found[0]["due_on"] == nil, "\(role)")
            let link = found.first?["link"]?.text ?? ""
            #expect(try register.as(role).get(link).id == one.id, "\(role)")
        }
        for role in [Role.office, .seniorLeader, .staff, .governor, .technician] {
            #expect(try told(role) == [], "\(role)")
        }
        try register.database.execute(
            """
            insert into incident_subject (school_id, incident_id, account_id, basis)
            values ('\(school.id)', '\(one.id)', '\(school.account(.headteacher))', 'alleged')
            """)
        #expect(try told(.headteacher) == [])
        let worker = try DirectConnection(register.database.workerURL)
        for _ in 0..<5 { _ = try worker.run("select count_duties()") }
        let figures = try register.as(.office).get("/v1/duty-figures").data
        #expect(!figures.isEmpty && !figures.contains { $0["kind"] == "parents_to_tell" })
        let informed = try one.post(
            "parents-decisions",
            Case.informed(.string(child.id)).with("supersedes", .string(notYet.id)))
        #expect(informed.status == 201, "\(informed.text)")
        #expect(try told(.dsl) == [])
    }

    @Test func `each step of an induction is called by its words`() async throws {
        let newcomer = try await Newcomer.open()
        let labels = try duties(newcomer.register, .office, "kind=induction_step")
            .compactMap { $0["label"]?.text }
        #expect(Set(labels) == Set(InductionStep.allCases.map(\.label)))
        for duty in try duties(newcomer.register, .office, "") {
            let label = duty["label"]?.text ?? ""
            #expect(label.contains(" ") && !label.contains("_"), "\(label)")
        }
    }
}

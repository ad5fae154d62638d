import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Posts have holders from when to when, and the last who answers stays.
@Suite struct `Appointing and ending` {
    private let school = TestSchool.hawthorn
    private let path = "/v1/schools/\(TestSchool.hawthorn.id)/posts"

    private func appoint(
        _ role: Role, _ who: Role, _ more: [(String, JSONValue)] = [], as author: Role,
        in register: Register
    ) throws -> Reading {
        var object = JSONObject([
            .init("person_id", .string(school.person(who).uuidString)),
            .init("role", .string(role.rawValue)),
        ])
        for (name, value) in more { object[name] = value }
        return try register.as(author).post(path, .object(object))
    }

    /// Several posts at once.
    @Test func `acts at once, and its history stays`() async throws {
        let register = try await Register.open()
        let told = try appoint(.technician, .office, as: .headteacher, in: register)
        #expect(told.status == 201)
        #expect(told["appointed_by"] == "Headteacher")
        let mine = try register.as(.office).get("/v1/me").json["posts"]
        #expect(mine?[0]?["role"] == "office" && mine?[1]?["role"] == "technician")
        let again = try appoint(.technician, .office, as: .headteacher, in: register)
        #expect(again.status == 409)
        let ended = try register.as(.headteacher).post("/v1/posts/\(told.id)/ending", [:])
        #expect(ended.status == 201)
        #expect(ended["ended_by"] == "Headteacher")
        #expect(try register.as(.office).get("/v1/me").json["posts"]?[1] == nil)
        let history = try register.as(.dsl).get("\(path)/history").data
        #expect(history.contains { $0["id"]?.text == told.id && $0["ended_by"] != nil })
        #expect(try !register.as(.staff).get(path).data.contains { $0["id"]?.text == told.id })
        let over = try register.as(.headteacher).post("/v1/posts/\(told.id)/ending", [:])
        #expect(over.status == 409)
    }

    @Test func `holds from its first day to its last`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let told = try appoint(
            .technician, .office, [("from_on", "2026-11-23"), ("until_on", "2026-11-24")],
            as: .headteacher, in: register)
        #expect(told.status == 201)
        for (moment, isHeld) in [
            ("2026-11-22T23:59:59Z", false), ("2026-11-23T00:00:00Z", true),
            ("2026-11-24T23:59:59Z", true), ("2026-11-25T00:00:00Z", false),
        ] {
            try register.database.setClock(moment)
            let posts = try register.as(.office).get("/v1/me").json["posts"]
            #expect((posts?[1] != nil) == isHeld, "\(moment)")
        }
    }

    @Test func `names every fault`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let head = register.as(.headteacher)
        let unknown = try head.post(
            path,
            [
                "person_id": .string(TestSchool.rosehip.person(.office).uuidString),
                "role": "staff", "from_on": "2029-01-01", "until_on": "2028-01-01",
            ])
        #expect(
            unknown.faults == [
                "/person_id": "unknown_person", "/from_on": "out_of_range",
                "/until_on": "before_its_start",
            ])
        let pupil = try head.post(
            path, ["person_id": .string(school.pupil.uuidString), "role": "trust_viewer"])
        #expect(pupil.faults == ["/role": "unknown_word"])
        let account = try head.post(
            path, ["person_id": .string(school.pupil.uuidString), "role": "staff"])
        #expect(account.faults == ["/person_id": "no_account"])
    }

    /// The governing body appoints headteachers and governors, and nobody else.
    @Test func `by the chair is of headteachers and governors`() async throws {
        let register = try await Register.open()
        let governor = try appoint(.governor, .office, as: .chairOfGovernors, in: register)
        #expect(governor.status == 201)
        let ended = try register.as(.chairOfGovernors).post("/v1/posts/\(governor.id)/ending", [:])
        #expect(ended.status == 201)
        for role in [Role.dsl, .staff, .technician] {
            let told = try appoint(role, .office, as: .chairOfGovernors, in: register)
            #expect(told.status == 403, "\(role)")
        }
        let office = try register.as(.chairOfGovernors).post(
            "/v1/posts/\(school.seat(.office))/ending", [:])
        #expect(office.status == 403)
        let setting = try register.as(.chairOfGovernors).put(
            "/v1/schools/\(school.id)/settings/idle-minutes", ["value": 5], ["If-Match": "*"])
        #expect(setting.status == 403)
    }

    /// ORG-05: nobody to confirm is left here, so that the rule alone is what refuses.
    @Test func `leaves a DSL contact on every day to come`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let dsl = "/v1/posts/\(school.seat(.dsl))/ending"
        let deputy = school.seat(.deputyDSL)
        // The deputy holds on until Friday week, and nobody after them.
        try register.database.execute(
            "update seat set until_on = '2026-12-04' where id = '\(deputy)'")
        let head = register.as(.headteacher)
        for (last, isLast) in [("2026-12-02", true), ("2026-12-04", true)] {
            let told = try head.post(dsl, ["until_on": .string(last)])
            #expect(told.status == 409)
            #expect(told.codes.contains("last_dsl") == isLast, "\(last)")
        }
        // A successor from the day after, and the deputy's end may come.
        try register.database.execute("update seat set until_on = null where id = '\(deputy)'")
        let told = try head.post(dsl, ["until_on": "2026-12-04"])
        #expect(told.codes == ["second_person_needed"])
    }

    /// ORG-05: also by way of the setting that says which posts take reports.
    @Test func `leaves somebody who takes reports`() async throws {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        let setting = "/v1/schools/\(school.id)/settings/incident-recipients"
        _ = try head.put(setting, ["value": ["senior_leader"]], ["If-Match": "*"])
        let leader = "/v1/posts/\(school.seat(.seniorLeader))/ending"
        #expect(try head.post(leader, [:]).codes == ["last_report_taker"])
        _ = try head.put(
            setting, ["value": ["senior_leader", "online_safety_coordinator"]], ["If-Match": "*"])
        #expect(try head.post(leader, [:]).status == 201)
        let emptied = try head.put(setting, ["value": ["senior_leader"]], ["If-Match": "*"])
        #expect(emptied.codes.contains("held_by_nobody"))
    }

    /// ORG-05: of two that are ended at once one stays, whoever comes first.
    @Test func `of the last two that end at once, one stays`() async throws {
        for _ in 0..<6 {
            let register = try await Register.open()
            let setting = "/v1/schools/\(school.id)/settings/incident-recipients"
            let head = register.as(.headteacher)
            let set = try head.put(
                setting, ["value": ["senior_leader", "online_safety_coordinator"]],
                ["If-Match": "*"])
            #expect(set.status == 200)
            let answers = try register.atOnce(
                [Role.seniorLeader, .onlineSafetyCoordinator].map { role in
                    (head, "POST", "/v1/posts/\(school.seat(role))/ending")
                }, body: "{}")
            #expect(answers.map(\.status).sorted() == [201, 409])
        }
    }

    /// USR-03: a deputy is admitted wherever a DSL is, and the record says who acted.
    @Test func `a deputy acts as the DSL, and the record says which`() async throws {
        for route in areas.flatMap(\.routes) {
            let roles = Set((route.admissions ?? []).map(\.role))
            #expect(roles.contains(.dsl) == roles.contains(.deputyDSL), "\(route.path)")
        }
        let register = try await Register.open()
        let told = try register.as(.staff).report()
        let triage = try register.as(.deputyDSL).post(
            "/v1/incidents/\(told.id)/triage", Case.finding())
        #expect(triage.status == 201)
        let entry = try #require(
            register.database.entries().last { $0.deed == "triaged" || $0.kind == "incident" })
        #expect(entry.roles == ["deputy_dsl"])
        let chronology = try register.as(.dsl).get("/v1/incidents/\(told.id)/chronology")
        #expect(chronology.text.contains("\"deputy_dsl\""))
    }

    /// USR-04: with dates, and the headteacher remains an overseer.
    @Test func `a headteacher delegates to a coordinator`() async throws {
        let register = try await Register.open()
        let (head, delegations) = (
            register.as(.headteacher), "/v1/schools/\(school.id)/delegations"
        )
        let coordinator = JSONValue.string(school.person(.onlineSafetyCoordinator).uuidString)
        let told = try head.post(
            delegations, ["person_id": coordinator, "words": "Day to day"])
        #expect(told.status == 201)
        #expect(told["who"] == "The Online safety coordinator")
        let other = JSONValue.string(school.person(.office).uuidString)
        #expect(
            try head.post(delegations, ["person_id": other]).faults == [
                "/person_id": "no_coordinator"
            ])
        let incident = try register.as(.staff).report()
        #expect(try head.get("/v1/incidents/\(incident.id)").status == 200)
        let ended = try head.post("/v1/delegations/\(told.id)/ending", [:])
        #expect(ended["ended_by"] == "Headteacher")
        #expect(try register.as(.dsl).get(delegations).data.count == 1)
    }
}

extension Reading {
    /// The codes of what stands against it.
    var codes: [String] {
        guard case .array(let errors)? = json["errors"] else { return [] }
        return errors.compactMap { $0["code"]?.text }
    }
}

import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Those who have not signed are told again, each as they can be, and never twice in a day.
@Suite struct `Reminding those who have not signed` {
    private let school = TestSchool.hawthorn

    /// A campaign for pupils, of whom one has two parents with an address, and for one teacher.
    private func campaign(_ register: Register) throws -> String {
        try register.database.setClock("2026-11-20T12:00:00Z")
        try register.addFamily()
        _ = try register.person("parent", "dad@home.example", parentOf: TestSchool.sibling)
        _ = try register.person("pupil", nil)
        let template = try register.rulesForPupils()
        let run = try register.as(.office).post(
            "/v1/agreement-campaigns",
            [
                "template_id": .string(template), "name": "All pupils", "due_on": "2026-12-01",
                "is_told_at_once": false,
            ])
        try #require(run.status == 201 && run.json["issued"] == 3, "\(run.json)")
        return run.id
    }

    @Test func `tells each parent by a link, once a day, and says whom nothing reaches`()
        async throws
    {
        let register = try await Register.open()
        let path = "/v1/agreement-campaigns/\(try campaign(register))"
        let office = register.as(.office)
        let first = try office.post("\(path)/reminders")
        #expect(first.status == 201 && first["reminded_by"] == "School office")
        #expect(first.json["mails"] == 2 && first.json["notices"] == 0)
        #expect(first.json["unreachable"] == 1 && first.json["waiting"] == 0)
        let links = try register.links()
        #expect(Set(links.map(\.address)) == [TestSchool.address, "dad@home.example"])
        let again = try office.post("\(path)/reminders")
        #expect(again.json["mails"] == 0 && again.json["told_today"] == 2)
        #expect(try register.links().isEmpty)

        // Who has signed is told no more; the other parent has nothing to sign for that child.
        let mother = try #require(links.first { $0.address == TestSchool.address })
        let signer = register.visitor(token: mother.secret)
        guard case .array(let agreements)? = try signer.get("/v1/signing").json["agreements"]
        else { return }
        #expect(agreements.count == 2)
        for agreement in agreements {
            let id = try #require(agreement["id"]?.text)
            #expect(
                try signer.post("/v1/signing/agreements/\(id)/signature", parentsSignature).status
                    == 201)
        }
        try register.database.setClock("2026-11-21T12:00:00Z")
        let next = try office.post("\(path)/reminders")
        #expect(next.json["mails"] == 0 && next.json["unreachable"] == 3)
        let listed = try register.as(.headteacher).get("\(path)/reminders").data
        #expect(listed.map { $0["mails"] } == [0, 0, 2])
        #expect(try office.get(path)["reminded_at"] == "2026-11-21T12:00:00.000Z")
        #expect(try register.as(.dsl).post("\(path)/reminders").status == 403)
        #expect(
            try register.as(.office, at: .rosehip).post("\(path)/reminders").status == 404)
    }

    @Test func `tells by a notice whoever signs in, which names nobody`() async throws {
        let register = try await Register.open()
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        _ = try register.publish(agreementText(), of: template)
        let office = register.as(.office)
        let run = try office.post(
            "/v1/agreement-campaigns",
            [
                "template_id": .string(template), "name": "Canary", "due_on": "2028-11-01",
                "is_told_at_once": false,
            ])
        let told = try office.post("/v1/agreement-campaigns/\(run.id)/reminders")
        let teachers = Role.allCases.filter(\.isOfASchool).count
        #expect(told.json["mails"] == 0)
        #expect(told.json["notices"] == .number(JSONNumber(teachers)))
        let notice = try #require(
            try register.as(.staff).get("/v1/notices").data.first {
                $0["kind"] == "agreement_awaited"
            })
        #expect(notice["reference"]?.text == run.id.suffix(8).uppercased())
        #expect(notice["link"] == nil && !JSON.string(of: notice).contains("Canary"))
    }

    @Test func `a bound is told, and the rest goes with the next`() async throws {
        let register = try await Register.open()
        let template = try register.rulesForPupils()
        try register.database.execute(
            """
            insert into person (school_id, id, kind, given_name, family_name, email)
            select '\(school.id)', gen_random_uuid(), 'pupil', 'P', number::text,
                'p' || number || '@school.example'
            from generate_series(1, 205) as number
            """)
        let office = register.as(.office)
        let run = try office.post(
            "/v1/agreement-campaigns",
            [
                "template_id": .string(template), "name": "All", "due_on": "2028-11-01",
                "is_told_at_once": false,
            ])
        let path = "/v1/agreement-campaigns/\(run.id)/reminders"
        let first = try office.post(path)
        #expect(first.json["mails"] == 200 && first.json["waiting"] == 5)
        let second = try office.post(path)
        #expect(second.json["mails"] == 5 && second.json["waiting"] == 0)
        #expect(second.json["told_today"] == 200)
        #expect(
            try register.database.number(
                "select count(*) from sign_in_link where purpose = 'signing'") == 205)
    }

    @Test func `whoever runs a campaign tells them at once, or says not to`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        try register.addFamily()
        let template = try register.rulesForPupils()
        let office = register.as(.office)
        let said: JSONValue = [
            "template_id": .string(template), "name": "All pupils", "due_on": "2026-12-01",
        ]
        let run = try office.post("/v1/agreement-campaigns", said)
        #expect(run.status == 201 && run["reminded_at"] == "2026-11-20T12:00:00.000Z")
        #expect(try register.links().map(\.address) == [TestSchool.address])
        let again = try office.post("/v1/agreement-campaigns/\(run.id)/reminders")
        #expect(again.json["mails"] == 0 && again.json["told_today"] == 1)
    }

    @Test func `every fault of a campaign is told at once`() async throws {
        let register = try await Register.open()
        let template = try register.rulesForPupils()
        let told = try register.as(.office).post(
            "/v1/agreement-campaigns",
            [
                "template_id": .string(template), "name": "All", "due_on": "1999-01-01",
                "kinds": [], "class_names": ["5b"],
            ])
        #expect(
            told.faults == [
                "/due_on": "in_the_past", "/kinds": "required",
                "/class_names/0": "unknown_class",
            ])
        #expect(
            try register.as(.office).post(
                "/v1/agreement-campaigns",
                [
                    "template_id": .string(Scene.missing), "name": "All", "due_on": "1999-01-01",
                ]
            ).faults == ["/template_id": "unknown_template", "/due_on": "in_the_past"])
    }

    @Test func `goes of itself before the day and after it, in the morning`() async throws {
        let register = try await Register.open()
        let id = try campaign(register)
        func goes(_ moment: String) throws -> Bool {
            try register.database.setClock(moment)
            let worker = try DirectConnection(register.database.workerURL)
            let answer = try worker.run("select remind_by_the_clock() as is_done")
            return answer.bool(0, "is_done") == true
        }
        #expect(try !goes("2026-11-27T12:00:00Z"))
        #expect(try !goes("2026-11-28T07:59:59Z"))
        #expect(try goes("2026-11-28T08:00:00Z"))
        #expect(try !goes("2026-11-28T08:01:00Z"))
        #expect(try register.links().count == 2)
        #expect(try !goes("2026-11-30T12:00:00Z"))
        #expect(try !goes("2026-12-01T12:00:00Z"))
        #expect(try goes("2026-12-02T12:00:00Z"))
        #expect(try !goes("2026-12-03T12:00:00Z"))
        let listed = try register.as(.office).get("/v1/agreement-campaigns/\(id)/reminders").data
        #expect(listed.count == 2 && listed.allSatisfy { $0["reminded_by"] == nil })
        // And not where a school wants none.
        try register.set("agreement_reminder_days", "0")
        _ = try register.database.owner().run("update agreement_campaign set due_on = '2026-12-10'")
        for day in ["07", "10", "11"] { #expect(try !goes("2026-12-\(day)T12:00:00Z")) }
    }

    /// AGR-22: what is put before a class or a year has a day, and is followed up.
    @Test func `AGR-22: a campaign goes to a class, a year or the staff, and is followed up`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        try register.addFamily()
        try register.database.execute(
            """
            update person set class_name = '6W', year_group = '6' where id = '\(TestSchool.sibling)'
            """)
        let template = try register.rulesForPupils()
        let office = register.as(.office)
        func run(_ whom: String, _ value: JSONValue) throws -> Reading {
            try office.post(
                "/v1/agreement-campaigns",
                .object(
                    JSONObject([
                        .init("template_id", .string(template)), .init("name", "Autumn"),
                        .init("due_on", "2026-12-01"), .init(whom, value),
                        .init("is_told_at_once", false),
                    ])))
        }
        let ofClass = try run("class_names", ["5B"])
        #expect(ofClass.json["issued"] == 1 && ofClass["due_on"] == "2026-12-01")
        let ofYear = try run("year_groups", ["6"])
        #expect(ofYear.json["issued"] == 1)
        #expect(try run("kinds", ["teacher"]).json["issued"] == 0)
        let issued = try office.get("/v1/agreements?template_id=\(template)").data
        #expect(issued.map { $0["due_on"] } == ["2026-12-01", "2026-12-01"])
        // Whom one campaign told today, another does not tell again.
        #expect(
            try office.post("/v1/agreement-campaigns/\(ofClass.id)/reminders").json["mails"] == 1)
        let other = try office.post("/v1/agreement-campaigns/\(ofYear.id)/reminders")
        #expect(other.json["mails"] == 0 && other.json["told_today"] == 1)
    }
}

import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Nothing goes out that nobody asked for: what is owed by hand is shown, what would be too much
/// waits for a word, and nobody is asked twice.
@Suite struct `Holding back what is owed` {
    private let school = TestSchool.hawthorn

    private func owed(_ register: Register, _ role: Role = .office) throws -> JSONValue? {
        guard case .array(let tasks)? = try register.as(role).get("/v1/me").json["to_do"] else {
            return nil
        }
        return tasks.first { $0["kind"] == "agreement_to_issue" }
    }

    private func pupils(_ count: Int, _ register: Register) throws {
        try register.database.execute(
            """
            insert into person (school_id, id, kind, given_name, family_name, email)
            select '\(school.id)', gen_random_uuid(), 'pupil', 'P', number::text,
                'p' || number || '@school.example'
            from generate_series(1, \(count)) as number
            """)
    }

    @Test func `by hand nothing goes out, and whoever issues sees what is owed`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        try register.addFamily()
        #expect(try owed(register) == nil)
        let template = try register.rulesForPupils(["due_days": 5])
        #expect(try register.issues(at: "2026-11-20T12:00:00Z") == 0)
        for role in [Role.office, .onlineSafetyCoordinator] {
            let task = try #require(try owed(register, role))
            #expect(task["number"] == 2 && task["due_on"] == "2026-11-25")
            let found = try register.as(role).get(task["link"]?.text ?? "").data
            #expect(found.count == 2 && found.allSatisfy { $0["template_id"]?.text == template })
        }
        for role in [Role.staff, .headteacher, .dsl] { #expect(try owed(register, role) == nil) }
        #expect(try owed(register, .office) != nil)
        _ = try register.issue(template, to: TestSchool.sibling)
        #expect(try owed(register)?["number"] == 1)
    }

    @Test func `going live sends nothing that was owed before`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        try register.addFamily()
        try register.database.execute(
            "update person set created_at = '2026-11-20T12:00:00Z' where id = '\(school.pupil)'")
        let template = try register.rulesForPupils()
        try register.database.setClock("2026-11-21T12:00:00Z")
        try register.chooseByItself("pupils")
        #expect(try register.issues(at: "2026-11-21T12:00:00Z") == 1)
        #expect(try register.standing(template, of: TestSchool.sibling)["state"] == "owed")
        #expect(try register.links().isEmpty)
        #expect(try owed(register)?["number"] == 2)
        // What comes to be owed from then on does, also of somebody without a day of joining.
        let joiner = try register.person("pupil", "joiner@school.example")
        try register.issues(at: "2026-11-21T12:15:00Z")
        #expect(try register.standing(template, of: joiner)["state"] == "issued")
        #expect(try register.links().map(\.address) == ["joiner@school.example"])
        #expect(try owed(register)?["number"] == 2)
    }

    @Test func `more than the school lets go out waits until somebody runs a campaign`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        try register.chooseByItself("pupils")
        let set = try register.as(.headteacher).put(
            "/v1/schools/\(school.id)/settings/agreement-issuing-most", ["value": 4],
            ["If-Match": "*"])
        try #require(set.status == 200, "\(set.json)")
        let template = try register.template("Pupils", for: [["kind": "pupil"]])
        _ = try register.publish(agreementText(["signers": "pupil"]), of: template)
        try pupils(3, register)
        try register.issues(at: "2026-11-20T12:00:00Z")
        let path = "/v1/agreements?template_id=\(template)&state=issued"
        let office = register.as(.office)
        #expect(try office.get(path).data.count == 4)
        // Of a day, not of a time.
        _ = try register.person("pupil", nil)
        try register.issues(at: "2026-11-20T12:20:00Z")
        #expect(try office.get(path).data.count == 4)
        try register.issues(at: "2026-11-21T12:00:00Z")
        #expect(try office.get(path).data.count == 5)
        // A mistake in the roster.
        try pupils(5, register)
        try register.issues(at: "2026-11-22T12:00:00Z")
        #expect(try office.get(path).data.count == 5)
        #expect(try owed(register)?["number"] == 5)
        let run = try office.post(
            "/v1/agreement-campaigns",
            ["template_id": .string(template), "name": "So it is", "due_on": "2026-12-01"])
        #expect(run.json["issued"] == 5 && run["made_by"] == "School office")
        #expect(try owed(register) == nil)
    }

    @Test func `two workers at once issue it once`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        try register.addFamily()
        try register.chooseByItself("pupils")
        let template = try register.rulesForPupils()
        let one = try DirectConnection(register.database.workerURL)
        let other = try DirectConnection(register.database.workerURL)
        _ = try one.run("begin")
        #expect(try one.run("select issue_by_the_clock() as is_done").bool(0, "is_done") == true)
        #expect(try other.run("select issue_by_the_clock() as is_done").bool(0, "is_done") == false)
        _ = try one.run("commit")
        #expect(try other.run("select issue_by_the_clock() as is_done").bool(0, "is_done") == false)
        // And whoever has not seen that it was looked at finds it done.
        try register.database.execute("delete from agreement_clock")
        #expect(try other.run("select issue_by_the_clock() as is_done").bool(0, "is_done") == true)
        #expect(
            try register.database.number("select count(*) from agreement") == 2)
        #expect(try register.standing(template, of: TestSchool.sibling)["state"] == "issued")
        #expect(
            try register.as(.office).get("/v1/agreement-campaigns").data.map { $0["issued"] }
                == [2])
    }

    @Test func `those whom one time cannot tell are told by the next`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        try register.chooseByItself("pupils")
        let template = try register.template("Pupils", for: [["kind": "pupil"]])
        _ = try register.publish(agreementText(["signers": "pupil"]), of: template)
        try pupils(205, register)
        try register.issues(at: "2026-11-20T12:00:00Z")
        func sent() throws -> Int {
            try register.database.number(
                "select count(*) from sign_in_link where purpose = 'signing'")
        }
        #expect(try sent() == 200)
        let worker = try DirectConnection(register.database.workerURL)
        #expect(
            try worker.run("select remind_by_the_clock() as is_done").bool(0, "is_done") == true)
        #expect(try sent() == 205)
        #expect(
            try worker.run("select remind_by_the_clock() as is_done").bool(0, "is_done") == false)
    }

    /// Before it is due, and after.
    @Test func `what was put before one person is reminded of before its day and after it`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        try register.addFamily()
        let template = try register.rulesForPupils(["signers": "parent", "due_days": 10])
        let id = try register.issue(template, to: TestSchool.sibling)
        func told(_ moment: String) throws -> Int {
            try register.database.setClock(moment)
            let worker = try DirectConnection(register.database.workerURL)
            for _ in 0..<5 {
                let answer = try worker.run("select remind_one_by_one() as is_done")
                if answer.bool(0, "is_done") != true { break }
            }
            return try register.links().count
        }
        #expect(try told("2026-11-26T12:00:00Z") == 0)
        #expect(try told("2026-11-27T07:00:00Z") == 0)
        #expect(try told("2026-11-27T08:00:00Z") == 1)
        #expect(try told("2026-11-27T09:00:00Z") == 0)
        for day in ["28", "29", "30"] { #expect(try told("2026-11-\(day)T12:00:00Z") == 0) }
        #expect(try told("2026-12-01T12:00:00Z") == 1)
        #expect(try told("2026-12-02T12:00:00Z") == 0)
        // Nor where it is signed, or the school wants none.
        try register.database.execute(
            """
            update agreement set due_on = '2026-12-10' where id = '\(id)'
            """)
        try register.set("agreement_reminder_days", "0")
        #expect(try told("2026-12-11T12:00:00Z") == 0)
    }
}

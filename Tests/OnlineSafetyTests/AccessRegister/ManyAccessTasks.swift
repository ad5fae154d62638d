import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// September: as many tasks as there are pupils and systems.
@Suite struct `Many access tasks` {
    private let school = TestSchool.hawthorn

    @Test func `many are completed at once, each by itself`() async throws {
        let access = try await AccessAtWork.open()
        let template = try access.register.template("Pupils", for: [["kind": "pupil"]])
        _ = try access.register.publish(
            agreementText(["opens": ["email"], "signers": "pupil"]), of: template)
        let roster: [String: JSONValue] = ["roster_kinds": ["pupil"]]
        try access.system("Purple Mash", .learningPlatform, roster)
        try access.system("Mail", .pupilEmail, roster.merging(["opens": "email"]) { $1 })
        for name in ["Kim", "Ada", "Lee"] { _ = try access.pupil(name, year: "3", class: "3A") }
        let tasks = try access.tasks()
        #expect(tasks.count == 8)
        let ids = tasks.compactMap { $0["id"] } + [.string(UUID().lowercased)]
        func complete(_ ids: [JSONValue], by role: Role = .technician) throws -> Reading {
            try access.register.as(role).post(
                "/v1/access-task-completions", ["task_ids": .array(ids)])
        }
        let told = try complete(ids)
        #expect(told.status == 207 && told.number("completed") == 4, "\(told.json)")
        #expect(told.number("refused") == 5)
        let rows = (0..<9).compactMap { told.json["rows"]?[$0] }
        #expect(rows.map { $0["task_id"] } == ids)
        for (task, row) in zip(tasks, rows) {
            let isMail = task["system"] == "Mail"
            #expect(row["status"] == (isMail ? 409 : 201))
            #expect(row["errors"]?[0]?["code"] == (isMail ? "agreement_unsigned" : nil))
        }
        #expect(rows[8]["status"] == 404)
        #expect(try access.list("state=active").count == 4)
        #expect(try access.tasks().count == 4 && access.tasks("is_done=true").count == 4)
        #expect(try complete([]).faults == ["/task_ids": "required"])
        #expect(try complete([ids[0], ids[0]]).faults == ["/task_ids/1": "repeated"])
        #expect(try complete([ids[0]], by: .headteacher).status == 403)
        let open = try access.tasks().compactMap { $0["id"] }
        let unneeded = try access.register.as(.office).post(
            "/v1/access-task-completions",
            ["task_ids": .array(open), "outcome": "withdrawn", "note": "No e-mail this year"])
        #expect(unneeded.status == 201 && unneeded.number("refused") == 0)
    }

    @Test func `as many as one request takes are completed within its time`() async throws {
        let access = try await AccessAtWork.open()
        try access.system("Purple Mash", .learningPlatform, ["roster_kinds": ["pupil"]])
        try access.register.database.execute(
            """
            insert into person (school_id, id, kind, given_name, family_name, year_group)
            select '\(school.id)', gen_random_uuid(), 'pupil', 'P' || n, 'Oak', '3'
            from generate_series(1, 199) as n
            """)
        let ids = try access.tasks("limit=1000").compactMap { $0["id"] }
        #expect(ids.count == 200)
        let told = try access.register.as(.technician).post(
            "/v1/access-task-completions", ["task_ids": .array(ids)])
        #expect(told.status == 201 && told.number("completed") == 200, "\(told.json)")
        #expect(try access.tasks().isEmpty)
    }

    @Test func `tasks are read page by page, those that are done too`() async throws {
        let access = try await AccessAtWork.open()
        try access.system("Purple Mash", .learningPlatform, ["roster_kinds": ["pupil"]])
        for name in ["Kim", "Ada", "Lee", "Joe"] { _ = try access.pupil(name, year: "3") }
        func all(_ query: String) throws -> [String] {
            var (cursor, seen): (String?, [String]) = (nil, [])
            for _ in 0..<6 {
                let place = cursor.map { "&cursor=\($0)" } ?? ""
                let page = try access.register.as(.technician).get(
                    "/v1/access-tasks?limit=2\(query)\(place)")
                #expect(page.data.count <= 2)
                seen += page.data.compactMap { $0["id"]?.text }
                cursor = page["next_cursor"]
                if cursor == nil { break }
            }
            return seen
        }
        let open = try all("")
        #expect(open.count == 5 && Set(open).count == 5)
        #expect(try Set(all("&sort=-since")) == Set(open))
        for id in open { _ = try access.complete(.of(["id": .string(id)])) }
        #expect(try all("").isEmpty && Set(all("&is_done=true")) == Set(open))
    }
}

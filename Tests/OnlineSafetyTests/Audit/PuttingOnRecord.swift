import Testing

@testable import OnlineSafety
@testable import Postgres

/// Every change and every reading of a record leaves one entry, or does not happen.
@Suite struct `Putting on record` {
    private let school = TestSchool.hawthorn

    /// Who, when, what, under which request.
    @Test func `leaves one entry for each change: who, as what, which, why`()
        async throws
    {
        let register = try await Register.open()
        let told = try register.as(.staff).post(
            "/v1/incidents", report(), ["X-Request-Id": "a-report-of-mine"])
        let entries = try register.database.entries()
        #expect(entries.count == 1)
        let entry = try #require(entries.first)
        #expect((entry.chain, entry.number) == ("changes", 1))
        #expect(entry.organisation == school.id)
        #expect(entry.account == school.account(.staff))
        #expect(entry.roles == ["staff"])
        #expect((entry.deed, entry.kind) == ("reported", "incident"))
        #expect(entry.records.map { $0.uuidString.lowercased() } == [told.id])
        #expect(entry.request == "a-report-of-mine")
        let notice = try #require(register.as(.dsl).get("/v1/notices").data.first?["id"]?.text)
        _ = try register.as(.dsl).post("/v1/notices/\(notice)/acknowledgement")
        let last = try #require(try register.database.entries().last)
        #expect((last.deed, last.kind, last.number) == ("acknowledged", "notice", 2))
        #expect(last.account == school.account(.dsl))
        #expect(last.records.map { $0.uuidString.lowercased() } == [notice])
    }

    /// Every reading of incidents, and their exports.
    @Test func `leaves one entry for each reading, naming all that was shown`()
        async throws
    {
        let register = try await Register.open()
        let ids = try (0..<3).map { try register.as(.staff).report("\($0)").id }
        let dsl = register.as(.dsl)
        _ = try dsl.get("/v1/incidents?sort=reported_at")
        _ = try dsl.get("/v1/incidents?sort=reported_at&limit=2")
        _ = try dsl.get("/v1/incidents?sort=reported_at&format=csv")
        let etag = try #require(dsl.get("/v1/incidents/\(ids[1])").header("etag"))
        _ = try dsl.get("/v1/incidents/\(ids[1])", ["If-None-Match": etag])
        _ = try register.as(.staff).get("/v1/incidents/\(ids[2])")
        let reads = try register.database.entries().filter { $0.chain == "reads" }
        #expect(
            reads.map(\.deed) == ["listed", "listed", "exported", "opened", "opened", "opened"])
        let named = reads.map { $0.records.map { $0.uuidString.lowercased() } }
        #expect(named == [ids, Array(ids[..<2]), ids, [ids[1]], [ids[1]], [ids[2]]])
        #expect(reads.map(\.kind) == Array(repeating: "incident", count: 5) + ["receipt"])
        #expect(reads.dropLast().allSatisfy { $0.account == school.account(.dsl) })
        #expect(reads.dropLast().allSatisfy { $0.roles == ["dsl"] && $0.request.hasPrefix("req_") })
    }

    @Test func `names what was shown of each school in that school's own chain`() async throws {
        let register = try await Register.open()
        try register.seat(.dsl, for: .dsl, at: .rosehip)
        let here = try register.as(.staff).report().id
        let there = try register.as(.staff, at: .rosehip).report().id
        #expect(try register.as(.dsl).get("/v1/incidents").data.count == 2)
        let reads = try register.database.entries().filter { $0.chain == "reads" }
        #expect(reads.map(\.organisation) == [school.id, TestSchool.rosehip.id])
        #expect(reads.map { $0.records.map { $0.uuidString.lowercased() } } == [[here], [there]])
    }

    /// But for the refusals, which are a chain of their own.
    @Test func `leaves nothing of what fails or shows nothing`() async throws {
        let register = try await Register.open()
        let told = try register.as(.staff, at: .rosehip).report()
        let before = try register.database.entries().count
        let dsl = register.as(.dsl)
        #expect(try dsl.get("/v1/incidents/\(told.id)").status == 404)
        #expect(try dsl.get("/v1/incidents").data.isEmpty)
        #expect(try dsl.get("/v1/incidents?mood=1").status == 400)
        #expect(try register.as(.governor).get("/v1/incidents").status == 403)
        #expect(try register.as(.staff).post("/v1/incidents", [:]).status == 422)
        let entries = try register.database.entries()
        #expect(entries.count { $0.chain != "refusals" } == before)
        #expect(entries.count { $0.chain == "refusals" } == 2)
    }

    /// The entry comes first: where it cannot be written, nothing is shown, and nothing is done.
    @Test func `shows nothing that cannot be put on record`() async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).report("A secret of this report")
        try register.database.execute(
            """
            create function refuses() returns trigger language plpgsql as
                'begin raise exception ''no room''; end';
            create trigger refuses before insert on event
                for each row execute function refuses();
            """)
        for path in ["/v1/incidents", "/v1/incidents?format=csv", "/v1/incidents/\(told.id)"] {
            let refused = try register.as(.dsl).get(path)
            #expect((refused.status, refused.code) == (500, "internal_error"))
            #expect(!refused.text.contains("secret") && !refused.text.contains("no room"))
        }
        #expect(try register.as(.staff).report().status == 500)
        #expect(try register.database.number("select count(*) from incident") == 1)
        #expect(try register.database.entries().count == 1)
    }

    /// While another holds the chain, the reader waits for the entry, and sees nothing before.
    @Test func `has the entry before the answer`() async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).report()
        let path = "/v1/incidents/\(told.id)"
        #expect(try register.as(.dsl).get(path).status == 200)
        let lock = try register.database.owner()
        try lock.execute(script: "begin; select from event_head for update")
        async let reading = apart { () -> (Reading, Int) in
            let answer = try register.as(.dsl).get(path)
            return (answer, try register.database.entries().count { $0.deed == "opened" })
        }
        #expect(try await eventually { try register.database.waits() == 1 })
        #expect(try register.database.entries().count { $0.deed == "opened" } == 1)
        try lock.execute(script: "rollback")
        let (answer, entries) = try await reading
        #expect((answer.status, entries) == (200, 2))
    }

    @Test func `covers the report by a digest that its salt and its text make`() async throws {
        let register = try await Register.open()
        _ = try register.as(.staff).report(
            "What was said", .child, ("people", [["group": "child", "name": "Robin"]]))
        let agrees: SQL = """
            select count(*) from event join report on incident_id = record_ids[1]
            where digest = digest_of(salt, report_content(report)) and length(salt) = 16
            """
        #expect(try register.database.number(agrees) == 1)
        for change in ["description = 'Nothing'", "people = '[]'", "salt = '\\x00'"] {
            let connection = try register.database.owner()
            try connection.execute(script: "begin; update report set \(change)")
            let left = try connection.run(
                """
                select count(*) from event join report on incident_id = record_ids[1]
                where digest = digest_of(salt, report_content(report))
                """)
            #expect(left.int(0, "count") == 0)
        }
    }
}

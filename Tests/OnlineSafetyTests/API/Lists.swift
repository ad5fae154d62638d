import JSON
import Testing

@testable import OnlineSafety

/// API-05: lists are read by pages, and a cursor goes on where its own page ended.
@Suite struct `Reading a list` {
    private func filled(_ count: Int) async throws -> Register {
        let register = try await Register.open()
        for number in 0..<count { _ = try register.as(.staff).report("Number \(number)") }
        return register
    }

    private func ids(_ page: Reading) -> [String] { page.data.compactMap { $0["id"]?.text } }

    /// Walks all pages; something new arrives after each.
    private func walk(_ register: Register, _ path: String) throws -> [String] {
        var found: [String] = []
        var next: String? = path
        while let path = next {
            let page = try register.as(.dsl).get(path)
            #expect(page.status == 200)
            found += ids(page)
            let link = page.header("link")
            #expect((link == nil) == (page.json["next_cursor"] == .null))
            next = link.map { String($0.dropFirst().prefix { $0 != ">" }) }
            if let link { #expect(link.hasSuffix(">; rel=\"next\"")) }
            _ = try register.as(.staff).report("Meanwhile")
            #expect(found.count < 60)
        }
        return found
    }

    @Test func `the newest first shows each of those that were there just once`() async throws {
        let register = try await filled(25)
        let all = ids(try register.as(.dsl).get("/v1/incidents"))
        #expect(all.count == 25)
        #expect(try walk(register, "/v1/incidents?limit=7") == all)
    }

    @Test func `the oldest first shows those too that arrive on the way`() async throws {
        let register = try await filled(25)
        let all = ids(try register.as(.dsl).get("/v1/incidents?sort=reported_at"))
        let walked = try walk(register, "/v1/incidents?limit=7&sort=reported_at")
        #expect(walked.prefix(25) == all[...])
        #expect(Set(walked).count == walked.count)
        #expect(walked.count > 25)
        #expect(
            all
                == ids(try register.as(.dsl).get("/v1/incidents?sort=-reported_at"))
                .filter(all.contains).reversed())
    }

    @Test func `rows of the same instant are told apart by their id`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T09:30:00Z")
        for _ in 0..<9 { _ = try register.as(.staff).report() }
        for path in ["/v1/incidents?limit=2", "/v1/incidents?limit=2&sort=reported_at"] {
            var (found, next) = ([String](), Optional(path))
            while let path = next {
                let page = try register.as(.dsl).get(path)
                found += ids(page)
                next = page.header("link").map { String($0.dropFirst().prefix { $0 != ">" }) }
            }
            #expect(found.count == 9 && Set(found).count == 9)
        }
    }

    @Test func `the cursor in the body is the cursor of the link`() async throws {
        let register = try await filled(3)
        let page = try register.as(.dsl).get("/v1/incidents?limit=2&urgency=normal,urgent")
        let cursor = try #require(page["next_cursor"])
        let link = try #require(page.header("link"))
        #expect(link.contains("cursor=\(cursor)") && link.contains("urgency=normal,urgent"))
        let rest = try register.as(.dsl).get(
            "/v1/incidents?limit=2&urgency=normal,urgent&cursor=\(cursor)")
        #expect(rest.data.count == 1 && rest.json["next_cursor"] == .null)
        #expect(rest.header("link") == nil)
    }

    @Test func `a cursor belongs to its account, its filters, its order and its list`() async throws
    {
        let register = try await filled(3)
        let dsl = register.as(.dsl)
        let cursor = try #require(try dsl.get("/v1/incidents?limit=1")["next_cursor"])
        let damaged = (cursor.first == "A" ? "B" : "A") + cursor.dropFirst()
        let wrong: [(Visitor, String)] = [
            (register.as(.headteacher), "/v1/incidents?cursor=\(cursor)"),
            (register.as(.dsl, at: .rosehip), "/v1/incidents?cursor=\(cursor)"),
            (dsl, "/v1/incidents?urgency=urgent&cursor=\(cursor)"),
            (dsl, "/v1/incidents?sort=reported_at&cursor=\(cursor)"),
            (dsl, "/v1/notices?cursor=\(cursor)"), (dsl, "/v1/incidents?cursor=\(damaged)"),
            (dsl, "/v1/incidents?cursor=\(cursor.dropLast(2))"),
            (dsl, "/v1/incidents?cursor="), (dsl, "/v1/incidents?cursor=%27--"),
        ]
        for (visitor, path) in wrong {
            let told = try visitor.get(path)
            #expect(told.status == 400, "\(path)")
            #expect(told.code == "invalid_cursor", "\(path)")
        }
        #expect(try dsl.get("/v1/incidents?limit=2&cursor=\(cursor)").data.count == 2)
    }

    @Test func `more than a thousand is taken as a thousand`() async throws {
        let register = try await Register.open()
        try register.database.execute(
            """
            insert into incident (
                school_id, id, reference, concerns, urgency, treated_as, readers,
                reported_at)
            select '\(TestSchool.hawthorn.id)', gen_random_uuid(), 'R' || number, 'child', 'normal',
                'child', '{dsl}', rowan_now() - number * interval '1 minute'
            from generate_series(1, 1003) as number
            """)
        let page = try register.as(.dsl).get("/v1/incidents?limit=100000")
        #expect(page.status == 200)
        #expect(page.data.count == 1000)
        #expect(try register.as(.dsl).get("/v1/incidents").data.count == 100)
        let rest = try register.as(.dsl).get(
            "/v1/incidents?limit=100000&cursor=\(#require(page["next_cursor"]))")
        #expect(rest.data.count == 3)
    }

    @Test(arguments: ["0", "-1", "", "1.5", "ten", "+5", "99999999999999999999", "%F0%9F%98%80"])
    func `a limit is a whole number from one on`(limit: String) async throws {
        let register = try await Register.open()
        let told = try register.as(.dsl).get("/v1/incidents?limit=\(limit)")
        #expect(told.status == 400)
        #expect(told.faults == ["limit": "whole_number"])
    }
}

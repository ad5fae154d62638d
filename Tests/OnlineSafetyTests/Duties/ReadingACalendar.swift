import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// What somebody has to do, in their own calendar program.
@Suite struct `Reading a calendar` {
    private func opened() async throws -> Register {
        let register = try await Register.open()
        try register.database.execute(
            """
            update school set created_at = '2026-09-01T08:00:00Z';
            update person set created_at = '2026-09-01T08:00:00Z';
            update seat set from_on = '2026-09-01'
            """)
        try register.database.setClock("2026-11-20T12:00:00Z")
        return register
    }

    private func link(_ register: Register, _ role: Role) throws -> Reading {
        let made = try register.as(role).post("/v1/me/calendar-links", ["label": "My telephone"])
        #expect(made.status == 201, "\(made.json)")
        return made
    }

    private func address(_ made: Reading) throws -> String { try #require(made["path"]) }

    /// Its lines, each whole.
    private func lines(_ told: Reading) -> [String] {
        told.text.replacing("\r\n ", with: "").split(separator: "\r\n").map(String.init)
    }

    @Test func `it says on which days there is what to do, of one's own, and nothing of whom`()
        async throws
    {
        let register = try await opened()
        let made = try link(register, .staff)
        #expect(made["ends_on"] == "2027-12-25")
        let told = try register.nobody.get(address(made))
        #expect(told.status == 200, "\(told.text)")
        #expect(told.header("content-type") == "text/calendar; charset=utf-8")
        #expect(told.text.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 75 })
        let all = lines(told)
        #expect(all.first == "BEGIN:VCALENDAR" && all.last == "END:VCALENDAR")
        let training = try #require(
            all.firstIndex(of: "SUMMARY:Somebody is to be trained\\, or trained again"))
        #expect(all[training - 1] == "DTSTART;VALUE=DATE:20261130")
        #expect(all[training - 2] == "DTSTAMP:20261120T120000Z")
        // Of a hundred who are due it tells the one whose calendar it is.
        let mine = try register.as(.staff).get("/v1/duties?is_mine=true&limit=500").data
        #expect(mine.count { $0["due_on"] != nil } == all.count { $0 == "BEGIN:VEVENT" } - 1)
        for name in ["Member of staff", "Hawthorn", "Online safety update"] {
            #expect(!told.text.contains(name), "\(name)")
        }
        // What is overdue stands on today.
        try register.database.setClock("2026-12-02T12:00:00Z")
        let later = lines(try register.nobody.get(address(made)))
        let overdue = try #require(
            later.firstIndex(of: "SUMMARY:Overdue: Somebody is to be trained\\, or trained again"))
        #expect(later[overdue - 1] == "DTSTART;VALUE=DATE:20261202")
    }

    @Test func `it holds what the posts of its owner must do, for as long as they hold them`()
        async throws
    {
        let register = try await opened()
        let made = try link(register, .dsl)
        let path = try address(made)
        let summary = "SUMMARY:The governors are to be told of a term"
        #expect(try lines(register.nobody.get(path)).contains(summary))
        let none = try link(register, .technician)
        #expect(try !lines(register.nobody.get(address(none))).contains(summary))
        try register.database.execute("update seat set until_on = '2026-11-19' where role = 'dsl'")
        let after = try register.nobody.get(path)
        #expect(after.status == 200 && !lines(after).contains(summary))
        try register.database.execute(
            """
            update account set disabled_at = rowan_now()
            where id = '\(TestSchool.hawthorn.account(.dsl))'
            """)
        #expect(try register.nobody.get(path).status == 404)
    }

    @Test func `it ends when its owner says so or by itself, and five live at most`() async throws {
        let register = try await opened()
        let made = try link(register, .staff)
        for _ in 1..<5 { _ = try link(register, .staff) }
        let sixth = try register.as(.staff).post("/v1/me/calendar-links", ["label": "Another"])
        #expect(sixth.status == 409)
        let listed = try register.as(.staff).get("/v1/me/calendar-links")
        #expect(listed.data.count == 5 && !listed.text.contains("rwn_calendar"))
        let others = try register.as(.office).delete("/v1/me/calendar-links/\(made.id)")
        #expect(others.status == 404)
        #expect(try register.as(.staff).delete("/v1/me/calendar-links/\(made.id)").status == 204)
        let path = try address(made)
        let ended = try register.nobody.get(path)
        #expect(ended.status == 404 && !ended.text.contains("rwn_calendar"), "\(ended.text)")
        #expect(ended["instance"] == "/v1/calendar/{secret}.ics")
        let last = try address(link(register, .staff))
        #expect(try register.nobody.get(last).status == 200)
        #expect(try register.nobody.get(String(last.dropLast(4))).status == 404)
        try register.database.setClock("2027-12-26T12:00:00Z")
        #expect(try register.nobody.get(last).status == 404)
        // No secret is kept, nor in the audit.
        let kept: SQL =
            "select count(*) from event where to_jsonb(event)::text like '%rwn_calendar%'"
        #expect(try register.database.number(kept) == 0)
    }
}

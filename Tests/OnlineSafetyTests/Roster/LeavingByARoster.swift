import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Whoever a full batch does not have, or whose last day it tells.
@Suite struct `Leaving by a roster` {
    private let school = TestSchool.hawthorn

    private func pupils(_ numbers: Range<Int>, year: String = "3") -> [JSONValue] {
        numbers.map { row("P\($0)", "pupil", "Kim", "Oak \($0)", [("year_group", .string(year))]) }
    }

    private func knownToTheMIS(_ role: Role, as id: String, _ register: Register) throws {
        try register.database.execute(
            """
            update person set external_id = '\(id)', given_name = 'Kim', family_name = 'Oak'
            where id = '\(school.person(role))'
            """)
    }

    /// API-02
    @Test func `a full batch marks whom it does not have, of the groups that it has`() async throws
    {
        let register = try await Register.open()
        let office = register.as(.office)
        let staff = row("T1", "teacher", "Tom", "Reed")
        #expect(try office.roster(pupils(0..<20) + [staff], "?mode=full").number("added") == 21)
        let told = try office.roster(pupils(1..<20), "?mode=full")
        #expect(told.number("leavers") == 1 && told.number("missing") == 1)
        #expect(try office.known("P0") == nil)
        #expect(try office.known("P0", left: true)?["left_on"] != nil)
        #expect(try office.known("T1") != nil)
        // The pupil whom the school keeps by itself stays.
        #expect(try office.get("/v1/people/\(school.pupil)")["left_on"] == nil)
        #expect(try office.roster(pupils(1..<20), "?mode=full").number("leavers") == 0)
        let back = try office.roster(pupils(0..<20), "?mode=full")
        #expect(back.number("returned") == 1)
        #expect(try office.known("P0")?["left_on"] == nil)
    }

    @Test func `a mass of leavers is held until their number is confirmed`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        _ = try office.roster(pupils(0..<20), "?mode=full")
        let held = try office.roster(pupils(3..<20), "?mode=full")
        #expect(held.status == 409 && held.code == "mass_leave_blocked")
        // It names those who would leave, by the ids that the MIS and the register have of them.
        let named = try ["P0", "P1", "P2"].map { id in
            "/would_leave/\(try #require(try office.known(id)?["id"]?.text))"
        }
        #expect(
            held.faults
                == ["confirm_leavers": "mass_leave_blocked"].merging(
                    named.map { ($0, "would_leave") }
                ) { $1 })
        let errors = held.json.list("errors")
        #expect(errors.dropFirst().map { $0["detail"] } == ["P0", "P1", "P2"])
        let trial = try office.roster(pupils(3..<20), "?mode=full&dry_run=true")
        let leavers = trial.json.list("would_leave")
        #expect(leavers.map { $0["external_id"] } == ["P0", "P1", "P2"])
        #expect(leavers.map { "/would_leave/\($0["person_id"]?.text ?? "")" } == named)
        #expect(try office.known("P0") != nil)
        #expect(trial["outcome"] == "blocked" && trial.number("missing") == 3)
        let wrong = try office.roster(pupils(3..<20), "?mode=full&confirm_leavers=2")
        #expect(wrong.status == 409)
        let told = try office.roster(pupils(3..<20), "?mode=full&confirm_leavers=3")
        #expect(told.status == 201 && told.number("leavers") == 3)
    }

    @Test func `the top year may leave in the summer`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let all = pupils(0..<20) + pupils(20..<30, year: "6")
        try register.database.setClock("2026-06-30T09:00:00Z")
        _ = try office.roster(all, "?mode=full")
        #expect(try office.roster(pupils(0..<20), "?mode=full").status == 409)
        try register.database.setClock("2026-09-02T09:00:00Z")
        let told = try office.roster(pupils(0..<20), "?mode=full")
        #expect(told.status == 201 && told.number("leavers") == 10)
        #expect(told.number("expected") == 10)
    }

    /// USR-11: posts and sessions end with the last day that the MIS tells.
    @Test func `posts and sessions of a leaver end, and the person stays`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        try knownToTheMIS(.staff, as: "T1", register)
        let staff = register.as(.staff)
        let told = try register.as(.office).roster([
            row("T1", "teacher", "Kim", "Oak", [("left_on", "2026-11-27")])
        ])
        #expect(told.number("leavers") == 1)
        #expect(try staff.get("/v1/people").status == 200)
        try register.database.setClock("2026-11-28T00:00:00Z")
        #expect(try staff.get("/v1/people").status == 403)
        let list = try register.as(.headteacher).get("/v1/schools/\(school.id)/leavers").data
        #expect(list.map { $0["left_on"]?.text } == ["2026-11-27"])
        #expect(try register.database.entries().map(\.deed).contains("left"))
        #expect(try register.as(.office).get("/v1/people/\(school.person(.staff))").status == 200)
    }

    /// ORG-05
    @Test func `the last DSL stays, and a warning says so`() async throws {
        let register = try await Register.open()
        try register.vacate(.deputyDSL)
        try knownToTheMIS(.dsl, as: "T1", register)
        let told = try register.as(.office).roster([
            row("T1", "teacher", "Kim", "Oak", [("left_on", "2026-01-01")]), row("P1"),
        ])
        #expect(told.status == 201 && told.number("added") == 1 && told.number("leavers") == 0)
        #expect(told.issues.contains("1 last_dsl"))
        #expect(try register.as(.dsl).get("/v1/me").status == 200)
        #expect(try register.as(.dsl).known("T1") != nil)
    }

    @Test func `whom the headteacher let go a batch does not bring back`() async throws {
        let register = try await Register.open()
        try knownToTheMIS(.staff, as: "T1", register)
        let path = "/v1/people/\(school.person(.staff))/leaving"
        #expect(try register.as(.headteacher).post(path, [:]).status == 201)
        #expect(try register.as(.office).known("T1", left: true) != nil)
        let told = try register.as(.office).roster(
            [row("T1", "teacher", "Kim", "Oak")], "?mode=full")
        #expect(told.number("unchanged") == 1 && told.number("returned") == 0)
        #expect(try register.as(.office).known("T1", left: true) != nil)
    }
}

import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Files that are wrong, and machines: nobody leaves who is there, and whoever leaves is gone.
@Suite struct `Leaving by a roster that is wrong` {
    private let school = TestSchool.hawthorn
    private static let today = "2026-11-20T12:00:00Z"

    private func opened() async throws -> Register {
        let register = try await Register.open()
        try register.database.setClock(Self.today)
        return register
    }

    private func persons(
        _ letter: String, _ numbers: Range<Int>, _ kind: String = "pupil",
        _ more: (String, JSONValue)...
    ) -> [JSONValue] {
        numbers.map { row("\(letter)\($0)", kind, "Kim", "Oak", more) }
    }

    private func leaver(_ id: String = "T1", on day: String) -> JSONValue {
        row(id, "teacher", "Kim", "Oak", [("left_on", .string(day))])
    }

    private func known(_ role: Role, _ register: Register) throws {
        try register.database.execute(
            """
            update person set external_id = 'T1', given_name = 'Kim', family_name = 'Oak'
            where id = '\(school.person(role))'
            """)
    }

    private func lastDay(_ role: Role, _ register: Register) throws -> String? {
        try register.database.owner().run(
            "select until_on::text as day from seat where id = \(school.seat(role))"
        ).text(0, "day")
    }

    @Test func `a machine ends posts as a person does`() async throws {
        let register = try await opened()
        try known(.staff, register)
        let machine = try register.machine(.rosterWrite).signedIn()
        let told = try machine.roster([leaver(on: "2026-11-19")])
        #expect(told.status == 201 && told.number("leavers") == 1)
        #expect(try lastDay(.staff, register) == "2026-11-19")
        #expect(try register.as(.staff).get("/v1/people").status == 401)
    }

    @Test func `a machine does not let the last DSL go`() async throws {
        let register = try await opened()
        try register.vacate(.deputyDSL)
        try known(.dsl, register)
        let machine = try register.machine(.rosterWrite).signedIn()
        let told = try machine.roster([leaver(on: "2026-11-19")])
        #expect(told.status == 201 && told.number("leavers") == 0)
        #expect(told.issues == ["1 last_dsl"])
        #expect(try lastDay(.dsl, register) == nil)
        #expect(try register.as(.dsl).get("/v1/people").status == 200)
    }

    @Test(arguments: ["", "?mode=full"])
    func `rows that say that all have left are held, too`(query: String) async throws {
        let register = try await opened()
        let office = register.as(.office)
        _ = try office.roster(persons("P", 0..<20))
        let gone = persons("P", 0..<20, "pupil", ("left_on", "2026-07-20"))
        let held = try office.roster(gone, query)
        #expect(held.status == 409 && held.code == "mass_leave_blocked", "\(held.text)")
        #expect(try office.known("P0") != nil)
        let tried = try office.roster(
            gone, query.isEmpty ? "?dry_run=true" : "\(query)&dry_run=true")
        #expect(tried["outcome"] == "blocked" && tried.number("leavers") == 20)
        let few = persons("P", 2..<20) + persons("P", 0..<2, "pupil", ("left_on", "2026-07-20"))
        #expect(try office.roster(few, query).number("leavers") == 2)
        // Whoever leaves one day has not left, and can be told of anew.
        let soon = persons("P", 2..<20, "pupil", ("left_on", "2026-12-18"))
        #expect(try office.roster(soon, "?dry_run=true").number("leavers") == 18)
        let confirmed = try office.roster(
            gone, query.isEmpty ? "?confirm_leavers=18" : "\(query)&confirm_leavers=18")
        #expect(confirmed.number("leavers") == 18)
    }

    /// A group is lost more easily than a school: 39 of 40 staff are few of all.
    @Test func `each group is looked at by itself, and a small one may lose two`() async throws {
        let register = try await opened()
        let office = register.as(.office)
        let pupils = persons("P", 0..<400)
        let all =
            pupils + persons("S", 0..<40, "support_staff") + persons("C", 0..<5, "parent")
        #expect(try office.roster(all, "?mode=full").number("added") == 445)
        let cut = try office.roster(
            pupils + persons("S", 0..<1, "support_staff"), "?mode=full")
        #expect(cut.status == 409 && cut.code == "mass_leave_blocked", "\(cut.text)")
        let few = try office.roster(
            pupils + persons("S", 0..<40, "support_staff") + persons("C", 0..<3, "parent"),
            "?mode=full")
        #expect(few.status == 201 && few.number("leavers") == 2, "\(few.text)")
    }

    @Test func `parents of the top year leave with their children`() async throws {
        let register = try await opened()
        let office = register.as(.office)
        let families = (0..<30).map { number in
            [
                row("C\(number)", "parent"),
                row(
                    "P\(number)", "pupil", "Kim", "Oak",
                    [
                        ("year_group", number < 20 ? "3" : "6"),
                        ("parents", [["external_id": .string("C\(number)")]]),
                    ]),
            ]
        }
        _ = try office.roster(families.flatMap { $0 }, "?mode=full")
        let stayed = families.prefix(20).flatMap { $0 }
        #expect(try office.roster(stayed, "?mode=full").status == 409)
        try register.database.setClock("2027-07-22T09:00:00Z")
        let told = try office.roster(stayed, "?mode=full")
        #expect(told.status == 201 && told.number("leavers") == 20, "\(told.text)")
        #expect(told.number("expected") == 20)
    }

    @Test func `a last day out of all bounds is no last day of who is there`() async throws {
        let register = try await opened()
        let office = register.as(.office)
        _ = try office.roster(persons("P", 0..<3))
        func send(_ id: String, _ day: String) throws -> Reading {
            try office.roster([row(id, "pupil", "Kim", "Oak", [("left_on", .string(day))])])
        }
        for (id, day) in [("P0", "1900-01-01"), ("P0", "2019-07-19"), ("N1", "1900-01-01")] {
            #expect(try send(id, day).faults == ["/rows/0/left_on": "out_of_range"], "\(id) \(day)")
        }
        let table = try office.file(
            "id,forename,surname,DOL\nP1,Kim,Oak,01/01/1900\n", "?kind=pupil")
        #expect(table.faults == ["/rows/0/left_on": "out_of_range"])
        #expect(try office.known("P0") != nil && office.known("P1") != nil)
        // An MIS tells of those who left long ago as well.
        #expect(try send("N2", "2019-07-19").number("added") == 1)
        #expect(try send("N2", "2018-07-19").number("changed") == 1)
        #expect(try office.known("N2", left: true)?["left_on"] == "2018-07-19")
        let ahead = try send("P2", "2062-07-19")
        #expect(ahead.status == 201 && ahead.issues == ["1 out_of_range"])
        for day in ["1926-11-20", "2126-11-20"] {
            let told = try office.roster(persons("P", 0..<3), "?mode=full&as_of=\(day)")
            #expect(told.status == 400 && told.faults == ["as_of": "out_of_range"])
        }
    }

    /// Or whoever was let go would come in again.
    @Test func `a day that the headteacher recorded goes before that of the MIS`() async throws {
        let register = try await opened()
        try known(.staff, register)
        let path = "/v1/people/\(school.person(.staff))/leaving"
        let head = register.as(.headteacher)
        #expect(try head.post(path, ["left_on": "2026-11-10"]).status == 201)
        let told = try register.as(.office).roster([leaver(on: "2026-12-31")])
        #expect(told.number("unchanged") == 1 && told.number("changed") == 0, "\(told.text)")
        #expect(
            try register.as(.office).known("T1", left: true)?["left_on"] == "2026-11-10")
    }

    @Test func `whoever leaves earlier than a batch said leaves once`() async throws {
        let register = try await opened()
        try known(.deputyDSL, register)
        let machine = try register.machine(.rosterWrite).signedIn()
        for day in ["2026-12-31", "2026-12-10"] {
            #expect(try machine.roster([leaver(on: day)]).status == 201)
            #expect(try lastDay(.deputyDSL, register) == day)
            let list = try register.as(.headteacher).get("/v1/schools/\(school.id)/leavers").data
            #expect(list.map { $0["left_on"]?.text } == [day])
        }
        #expect(try register.as(.office).known("T1")?["left_on"] == "2026-12-10")
    }

    @Test func `a last day before the first leaves all else as the row says`() async throws {
        let register = try await opened()
        let office = register.as(.office)
        _ = try office.roster([row("P1", "pupil", "Kim", "Oak", [("joined_on", "2026-09-01")])])
        let wrong = row(
            "P1", "pupil", "Kim", "Oak", [("class_name", "5B"), ("left_on", "2026-08-01")])
        let told = try office.roster([wrong])
        #expect(told.number("changed") == 1 && told.number("leavers") == 0, "\(told.text)")
        #expect(told.issues == ["1 left_before_joining"])
        let kim = try #require(try office.known("P1"))
        #expect(kim["class_name"] == "5B" && kim["left_on"] == nil)
        #expect(try office.roster([wrong]).number("unchanged") == 1)
        #expect(try office.known("P1")?["etag"] == kim["etag"])
    }

    /// A roll-over that goes wrong has everybody leave today.
    @Test(arguments: ["2026-11-20", "2026-12-04"], ["", "?mode=full"])
    func `rows that say that all leave within a fortnight are held`(
        day: String, query: String
    ) async throws {
        let register = try await opened()
        let office = register.as(.office)
        _ = try office.roster(persons("P", 0..<20))
        let gone = persons("P", 0..<20, "pupil", ("left_on", .string(day)))
        let held = try office.roster(gone, query)
        #expect(held.status == 409 && held.code == "mass_leave_blocked", "\(held.text)")
        #expect(held.faults["confirm_leavers"] == "mass_leave_blocked")
        #expect(held.faults.count == 21)
        #expect(try office.known("P0")?["left_on"] == nil)
        let again = query.isEmpty ? "?confirm_leavers=20" : "\(query)&confirm_leavers=20"
        #expect(try office.roster(gone, again).number("leavers") == 20)
        // What the register holds already is no news; and what is weeks ahead is seen coming.
        let same = try office.roster(gone, query)
        #expect(same.status == 201 && same.number("unchanged") == 20, "\(same.text)")
        let others = persons("Q", 0..<20)
        _ = try office.roster(others)
        let later = try office.roster(persons("Q", 0..<20, "pupil", ("left_on", "2026-12-05")))
        #expect(later.status == 201 && later.number("leavers") == 20, "\(later.text)")
    }

    @Test func `a top year that leaves in July is told of weeks before, and at its end`()
        async throws
    {
        let register = try await opened()
        let office = register.as(.office)
        func year(_ letter: String, _ day: String? = nil) -> [JSONValue] {
            (0..<20).map {
                row(
                    "\(letter)\($0)", "pupil", "Kim", "Oak",
                    [
                        ("year_group", letter == "P" ? "6" : "5"),
                        ("left_on", day.map { .string($0) } ?? .null),
                    ])
            }
        }
        for (today, letter) in [("2027-06-10", "P"), ("2028-07-12", "Q")] {
            _ = try office.roster(year(letter) + persons("R\(letter)", 0..<30))
            try register.database.setClock("\(today)T09:00:00Z")
            let told = try office.roster(year(letter, "\(today.prefix(4))-07-21"))
            #expect(told.status == 201 && told.number("leavers") == 20, "\(told.text)")
        }
    }
}

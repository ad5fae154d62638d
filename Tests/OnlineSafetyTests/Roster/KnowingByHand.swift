import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// Persons whom the school entered before its MIS told of them.
@Suite struct `Persons entered by hand and a roster` {
    private static let upn = "B801200005001"

    private func enter(
        _ register: Register, _ kind: String, _ given: String, _ more: [String: JSONValue]
    ) throws -> String {
        let body: [String: JSONValue] = [
            "school_id": .string(TestSchool.hawthorn.id.lowercased), "kind": .string(kind),
            "given_name": .string(given), "family_name": "Oak",
        ]
        let made = try register.as(.office).post("/v1/people", .of(body.merging(more) { $1 }))
        try #require(made.status == 201, "\(made.json)")
        return made.id
    }

    @Test func `a pupil of the same UPN is taken over, with everything that hangs on them`()
        async throws
    {
        let register = try await Register.open()
        let office = register.as(.office)
        let id = try enter(register, "pupil", "Kimberley", ["upn": .string(Self.upn)])
        let rows = [row("P1", "pupil", "Kim", "Oak", [("upn", .string(Self.upn))])]
        let tried = try office.roster(rows, "?dry_run=true")
        #expect(tried.issues == ["1 taken_over"] && tried.number("added") == 0)
        #expect(try office.known("P1") == nil)
        let told = try office.roster(rows)
        #expect(told.status == 201 && told.issues == ["1 taken_over"], "\(told.text)")
        #expect(told.number("added") == 0 && told.number("changed") == 1)
        let known = try office.known("P1")
        #expect(known?["id"]?.text == id && known?["given_name"] == "Kim")
        let again = try office.roster(rows)
        #expect(again.issues.isEmpty && again.number("unchanged") == 1)
        let unlike: SQL = "select count(*) from roster_unlike_its_entry"
        #expect(try register.database.number(unlike) == 0)
        // Of whom nothing else is said than who they are, as well.
        let same = try enter(register, "pupil", "Zoe", ["upn": "H801200001001"])
        let bare = try office.roster([
            row("P2", "pupil", "Zoe", "Oak", [("upn", "H801200001001")])
        ])
        #expect(bare.issues == ["1 taken_over"], "\(bare.text)")
        #expect(try office.known("P2")?["id"]?.text == same)
        #expect(try register.database.number(unlike) == 0)
    }

    @Test func `who only has the same name and day of birth is told of, and stays another`()
        async throws
    {
        let register = try await Register.open()
        let office = register.as(.office)
        _ = try enter(register, "pupil", "Kim", ["date_of_birth": "2016-03-09"])
        _ = try enter(register, "pupil", "Zoe", [:])
        let teacher = try enter(
            register, "teacher", "Ada", ["date_of_birth": "1980-01-01"])
        let told = try office.roster([
            row("P1", "pupil", "KIM", "oak", [("date_of_birth", "2016-03-09")]),
            row("P2", "pupil", "Zoe", "Oak", [("date_of_birth", "2016-03-09")]),
            row("P3", "pupil", "Kim", "Oak", [("date_of_birth", "2016-03-10")]),
            row("T1", "teacher", "Ada", "Oak", [("date_of_birth", "1980-01-01")]),
            row("P4", "pupil", "Ada", "Oak", [("date_of_birth", "1980-01-01")]),
        ])
        #expect(told.status == 201 && told.number("added") == 5, "\(told.text)")
        #expect(told.issues == ["1 probably_known", "4 probably_known"])
        #expect(try office.known("T1")?["id"]?.text != teacher)
    }

    @Test func `two of one UPN are settled by people`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        for name in ["Kim", "Zoe"] {
            let id = try enter(register, "pupil", name, [:])
            try register.database.execute(
                "update person set upn = '\(Self.upn)' where id = '\(id)'")
        }
        let told = try office.roster([
            row("P1", "pupil", "Kim", "Oak", [("upn", .string(Self.upn))])
        ])
        #expect(told.number("added") == 1 && told.issues == ["1 upn_twice"], "\(told.text)")
    }

    @Test func `every head that is known stands in the contract`() throws {
        let words = RosterRows.words
        for head in [
            "`legal forename`", "`nc year`", "`dob`", "`admission number`", "`court order`",
        ] {
            #expect(words.contains(head), "\(head)")
        }
        for column in RosterColumns.Column.allCases {
            #expect(words.contains("`\(column.rawValue)`: `"), "\(column)")
        }
        let document = String(decoding: Contract.document, as: UTF8.self)
        #expect(document.contains("`legal forename`"))
    }
}

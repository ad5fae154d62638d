import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Of whose family a batch says nothing, nothing is altered.
@Suite struct `Families of a roster` {
    private func child(_ id: String, of parents: String...) -> JSONValue {
        let list = parents.map { parent -> JSONValue in
            ["external_id": .string(parent), "has_responsibility": true, "no_contact": true]
        }
        return row(id, "pupil", "Kim", "Oak", [("parents", .array(list))])
    }

    private func parents(_ numbers: ClosedRange<Int>) -> [JSONValue] {
        numbers.map { row("C\($0)", "parent") }
    }

    private func parents(of id: String, _ office: Visitor) throws -> Int {
        let child = try #require(try office.known(id)?["id"]?.text)
        return try office.get("/v1/people/\(child)/links").data.count {
            $0["until_on"] == nil && $0["no_contact"] == .bool(true)
        }
    }

    @Test func `one whose row names parents ends no other's`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let rows = parents(1...3) + [child("P1", of: "C1", "C3"), child("P2", of: "C2")]
        #expect(try office.roster(rows, "?mode=full").number("links_added") == 3)
        let told = try office.roster(
            parents(1...3) + [child("P1", of: "C1"), row("P2")], "?mode=full")
        #expect(told.status == 201 && told.number("links_ended") == 1, "\(told.text)")
        #expect(try parents(of: "P1", office) == 1 && parents(of: "P2", office) == 1)
    }

    @Test func `a full table of contacts speaks of the children who stand in it`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let rows =
            parents(1...3) + [child("P1", of: "C1", "C2"), child("P2", of: "C2", "C3")]
        #expect(try office.roster(rows).number("links_added") == 4)
        let heads = "Contact ID,Forename,Surname,Pupil ID,Relationship\n"
        let told = try office.file(
            heads + "C1,Kim,Oak,P1,Mother\nC2,Kim,Oak,P1,Father\nC3,Kim,Oak,P1,Aunt\n",
            "?mode=full")
        #expect(told.number("links_ended") == 0, "\(told.text)")
        #expect(try parents(of: "P2", office) == 2)
        // Of whom the MIS tells nothing any more is nobody's parent.
        let less = try office.file(
            heads + "C1,Kim,Oak,P1,Mother\nC2,Kim,Oak,P1,Father\n", "?mode=full")
        #expect(less.number("leavers") == 1 && less.number("links_ended") == 2, "\(less.text)")
        #expect(try parents(of: "P1", office) == 2 && parents(of: "P2", office) == 1)
    }

    @Test func `two rows of a child contradict each other about its parents`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let told = try office.roster(
            parents(1...2) + [child("P1", of: "C1"), child("P1", of: "C2")])
        #expect(
            told.faults == [
                "/rows/2/external_id": "duplicate_external_id",
                "/rows/3/external_id": "duplicate_external_id",
            ], "\(told.text)")
        let same = try office.roster(
            parents(1...2) + [child("P1", of: "C1", "C2"), child("P1", of: "C2", "C1")])
        #expect(same.status == 201 && same.number("links_added") == 2, "\(same.text)")
    }

    /// Or every pupil becomes a parent.
    @Test func `a table is of contacts only if it says so`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        let both = try office.file("ID,Adno,Forename,Surname\n7,A1,Kim,Oak\n", "?kind=pupil")
        #expect(both.faults == ["/external_id": "repeated_column"])
        #expect(both.text.contains("id and adno may both be"))
        let pupils = try office.file(
            "ID,UPN,Forename,Surname,Contact number\n7,B801200005001,Kim,Oak,01632 960001\n",
            "?kind=pupil")
        #expect(pupils.status == 201 && pupils.issues == ["1 unknown_column"], "\(pupils.text)")
        #expect(try office.known("7")?["kind"] == "pupil")
    }

    @Test func `a child's class is not its parent's`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        _ = try office.roster([row("P1")])
        let told = try office.file(
            "Contact ID,Forename,Surname,Pupil ID,Reg,NC Year\nC1,Amira,Oak,P1,4A,4\n")
        #expect(told.status == 201 && told.issues == ["1 unknown_column"], "\(told.text)")
        let amira = try #require(try office.known("C1"))
        #expect(amira["kind"] == "parent" && amira["class_name"] == nil)
        #expect(amira["year_group"] == nil && told.number("links_added") == 1)
    }

    /// A nightly batch that lost its table of contacts names no parent of anybody.
    @Test func `many families that would end are held until their number is confirmed`()
        async throws
    {
        let register = try await Register.open()
        let office = register.as(.office)
        let pupils = (1...30).map { child("P\($0)", of: "C\($0)") }
        #expect(try office.roster(parents(1...30) + pupils).number("links_added") == 30)
        let bare = (1...30).map { row("P\($0)", "pupil", "Kim", "Oak", [("parents", [])]) }
        for query in ["", "?confirm_links_ended=29", "?confirm_leavers=30"] {
            let held = try office.roster(bare, query)
            #expect(held.status == 409 && held.code == "mass_leave_blocked", "\(held.text)")
            #expect(held.faults == ["confirm_links_ended": "mass_leave_blocked"])
            #expect(held.json.list("errors").first?["detail"] == "30")
        }
        let trial = try office.roster(bare, "?dry_run=true")
        #expect(trial["outcome"] == "blocked" && trial.number("links_ended") == 30)
        #expect(trial.json["would_leave"] == nil)
        #expect(try parents(of: "P7", office) == 1)
        // Up to a tenth end as they are told; and those of a child who leaves go with the child.
        let three = try office.roster(Array(bare[0..<3]))
        #expect(three.status == 201 && three.number("links_ended") == 3, "\(three.text)")
        let gone = (4...6).map {
            row("P\($0)", "pupil", "Kim", "Oak", [("parents", []), ("left_on", "2026-01-01")])
        }
        let left = try office.roster(gone + [bare[6], bare[7]])
        #expect(left.status == 201 && left.number("links_ended") == 5, "\(left.text)")
        let told = try office.roster(Array(bare[8..<30]), "?confirm_links_ended=22")
        #expect(told.status == 201 && told.number("links_ended") == 22, "\(told.text)")
    }
}

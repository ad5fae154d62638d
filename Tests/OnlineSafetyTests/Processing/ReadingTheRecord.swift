import JSON
import Testing

@testable import OnlineSafety

/// What the register says that it holds of people.
@Suite struct `The record of processing` {
    private let held = areas.flatMap(\.holds)

    /// AUD-06
    @Test func `has a line for every table that holds something of somebody, and one alone`()
        async throws
    {
        let database = try TestDatabase()
        let found = try database.owner().run(
            """
            select relname::text as name from pg_class
            where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
            """)
        let tables = Set((0..<found.count).compactMap { found.text($0, "name") })
        let named = held.flatMap(\.tables) + Processing.ofNobody
        #expect(Set(named).symmetricDifference(tables) == [])
        #expect(named.count == tables.count, "one is named twice")
        // A table that says who wrote it tells of somebody.
        let authors = try database.owner().run(
            """
            select distinct table_name::text as name from information_schema.columns
            where table_schema = 'public' and (
                column_name in ('account_id', 'person_id') or column_name like '%\\_by\\_name')
            """)
        let telling = Set((0..<authors.count).compactMap { authors.text($0, "name") })
        #expect(telling.isDisjoint(with: Processing.ofNobody))
    }

    /// AUD-06
    @Test func `says of each why, on which basis, for whom and for how long`() async throws {
        let register = try await Register.open()
        let lines = try register.as(.dpo).get("/v1/record-of-processing").data
        #expect(lines.map { $0["code"]?.text } == held.map(\.code))
        for line in lines {
            let name = line["code"]?.text ?? ""
            for part in ["name", "data", "purpose", "basis", "minimised"] {
                #expect(line[part]?.text?.isEmpty == false, "\(name): \(part)")
            }
            #expect(line["whose"] != [], "\(name)")
            // What goes, and what stays: all of it does one or the other.
            #expect(line["taken_away"] != [] || line["kept"] != [], "\(name)")
        }
        func line(_ code: String) -> JSONValue? { lines.first { $0["code"]?.text == code } }
        #expect(line("incidents")?["special"] == "safeguarding")
        #expect(line("agreements")?["special"] == nil)
        let incidents = line("incidents")?["received_by"]?.words ?? []
        #expect(incidents.contains("dsl") && !incidents.contains("trust_viewer"))
        #expect(line("incidents")?["scopes"] == [])
        #expect(line("people")?["scopes"]?.words.contains("people.read") == true)
        let session = try #require(
            line("sign_in")?["taken_away"]?.items.first {
                $0["what"] == "session"
            })
        #expect(session["kept_for"] == "90 days" && session["after"] == "its end")
    }

    @Test func `is the same for everybody who is logged in, and nothing to others`() async throws {
        let register = try await Register.open()
        let told = try register.as(.dpo).get("/v1/record-of-processing").text
        for role in [Role.staff, .trustViewer, .temporaryStaff] {
            #expect(try register.as(role).get("/v1/record-of-processing").text == told)
        }
        #expect(try register.nobody.get("/v1/record-of-processing").status == 401)
    }
}

extension JSONValue {
    fileprivate var items: [JSONValue] {
        guard case .array(let items) = self else { return [] }
        return items
    }

    fileprivate var words: [String] { items.compactMap(\.text) }
}

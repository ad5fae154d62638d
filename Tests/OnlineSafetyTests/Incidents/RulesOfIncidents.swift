import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// What the database finds in the way, and what the service says of it, are one list.
@Suite struct `Rules of incidents` {
    @Test func `have words for every code, and codes for all their words`() throws {
        let database = try TestDatabase()
        defer { withExtendedLifetime(database) {} }
        for rules in areas.compactMap(\.rulesOfIncidents) {
            let found = try database.owner().run(
                """
                select distinct code[1] as code
                from pg_proc
                cross join regexp_matches(prosrc, '''([a-z_]+)'', ''/', 'g') as code
                where oid = '\(rules.function)'::regproc
                """)
            let codes = (0..<found.count).compactMap { found.text($0, "code") }
            #expect(Set(codes) == Set(rules.words.keys))
        }
    }

    @Test(arguments: IncidentType.allCases)
    func `hold what is grave to be more than a line in the log`(kind: IncidentType) async throws {
        let one = try Case(
            await Register.open(), .child, ("types", [.string(kind.rawValue)]),
            ("other_type", "Something else"), ("other_breach", "A rule"))
        guard case .array(let actions)? = try one.read().json["allowed_actions"] else {
            Issue.record("no actions")
            return
        }
        let logging = actions.first { $0["action"] == "logging" }
        #expect(logging?["unmet"]?.codes == (kind.isGrave ? ["grave"] : []))
    }
}

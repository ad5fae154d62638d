import JSON
import Testing

@testable import OnlineSafety

/// Lists as tables, for importers and for spreadsheets.
@Suite struct `CSV` {
    private let formula = "=HYPERLINK(\"http://evil.example\",\"Ash\")"

    private func register() async throws -> Register {
        let register = try await Register.open()
        for (name, family) in [("=1+1", formula), ("+44", "@home"), ("-2", "Söhne, \"Ash\"")] {
            try register.database.owner().run(
                """
                insert into person (school_id, id, kind, given_name, family_name)
                values (
                    \(TestSchool.hawthorn.id), gen_random_uuid(), 'pupil', \(name), \(family))
                """)
        }
        return register
    }

    @Test func `is had by format, or by Accept, with the same bytes`() async throws {
        let register = try await register()
        let dsl = register.as(.dsl)
        let byFormat = try dsl.get("/v1/people?format=csv")
        let byAccept = try dsl.get("/v1/people", ["Accept": "text/csv"])
        let preferred = try dsl.get("/v1/people", ["Accept": "application/json;q=0.9, text/csv"])
        #expect(byFormat.status == 200)
        #expect(byFormat.header("content-type") == "text/csv; charset=utf-8")
        #expect(byFormat.body == byAccept.body && byAccept.body == preferred.body)
        let json = try dsl.get("/v1/people?format=json", ["Accept": "text/csv"])
        #expect(json.header("content-type") == "application/json")
    }

    /// The header is the names of the JSON, in the order of its widest record.
    @Test(arguments: ["/v1/people", "/v1/incidents", "/v1/notices", "/v1/incidents?mine=true"])
    func `has the names of the JSON as its header`(path: String) async throws {
        let register = try await Register.open()
        _ = try register.as(.dsl).report(
            "canary", .child, ("is_child_at_risk", true), ("types", ["grooming"]),
            ("people", [Scene.alleged(.office)]))
        let dsl = register.as(.dsl)
        let csv = try dsl.get(path + (path.contains("?") ? "&" : "?") + "format=csv").text
        let header = csv.prefix { $0 != "\r\n" }.split(separator: ",").map(String.init)
        let records = try dsl.get(path).data
        #expect(!records.isEmpty)
        for case .object(let record) in records {
            let names = record.members.map(\.name)
            #expect(header.filter(names.contains) == names)
        }
        let lines = csv.split(separator: "\r\n")
        #expect(lines.count == records.count + 1 && csv.hasSuffix("\r\n"))
    }

    /// What is JSON in a list is a cell that people can read.
    @Test func `tells what has members by their names, and no JSON`() async throws {
        let register = try await Register.ofGovernors()
        try register.happen(7, on: "2026-10-05")
        #expect(try register.issueReport(until: "2026-11-19").status == 201)
        let reports = try register.as(.dsl).get("/v1/governor-reports?format=csv").text
        #expect(reports.contains("\"name: The Chair of governors, role: chair_of_governors; name:"))
        #expect(!reports.contains("{") && !reports.contains("["))
        let devices = try await DevicesAtWork.open()
        let id = try devices.device("HW-1")
        _ = try devices.act("read", on: id, ["is_encrypted": true, "lock_minutes": 15])
        let table = try devices.register.as(.technician).get("/v1/devices?format=csv").text
        #expect(table.contains("\"age_days: 0, is_encrypted: true, lock_minutes: 15\""), "\(table)")
        #expect(!table.contains("{"))
    }

    @Test func `is raw for importers`() async throws {
        let register = try await register()
        let text = try register.as(.dsl).get("/v1/people?format=csv").text
        let quoted = "\"" + formula.replacing("\"", with: "\"\"") + "\""
        #expect(text.contains(",=1+1,\(quoted),"))
        #expect(text.contains(",+44,@home,"))
        #expect(text.contains(",-2,\"Söhne, \"\"Ash\"\"\","))
    }

    @Test func `is guarded for spreadsheets`() async throws {
        let register = try await register()
        let text = try register.as(.dsl).get("/v1/people?format=csv&csv_for=excel").text
        #expect(text.contains(",'=1+1,\"'=HYPERLINK("))
        #expect(text.contains(",'+44,'@home,"))
        #expect(text.contains(",'-2,"))
    }

    @Test func `goes on by the link`() async throws {
        let register = try await register()
        let first = try register.as(.dsl).get("/v1/people?format=csv&limit=2")
        let link = try #require(first.header("link"))
        let next = try register.as(.dsl).get(String(link.dropFirst().prefix { $0 != ">" }))
        #expect(next.header("content-type") == "text/csv; charset=utf-8")
        let lines = (first.text + next.text).split(separator: "\r\n")
        #expect(lines.count == 6 && Set(lines).count == 5)
    }
}

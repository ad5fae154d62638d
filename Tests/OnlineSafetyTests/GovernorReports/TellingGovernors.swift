import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// What governors are told of incidents each term.
@Suite struct `Telling governors` {
    @Test func `RPT-08: a report is frozen when it is issued, with who was to receive it`()
        async throws
    {
        let register = try await Register.ofGovernors()
        try register.happen(7, on: "2026-10-05")
        let told = try register.issueReport(until: "2026-11-19")
        #expect(told.status == 201, "\(told.json)")
        #expect(told["from_on"] == "2026-09-01" && told["until_on"] == "2026-11-19")
        let roles = told.json.list("received_by").compactMap { $0["role"]?.text }
        #expect(roles == ["chair_of_governors", "governor", "link_governor"])
        // What is reported, moved or corrected later alters nothing of it.
        try register.happen(5, on: "2026-10-06")
        try register.database.execute("update incident set types = '{gambling}'")
        for role in [Role.governor, .linkGovernor, .chairOfGovernors, .seniorLeader, .dsl] {
            let read = try register.as(role).get("/v1/governor-reports/\(told.id)")
            #expect(read.status == 200 && read.cell("incidents")["count"] == 7, "\(role)")
            #expect(read.cell("type", "cyberbullying")["count"] == 7)
        }
        #expect(try register.as(.staff).get("/v1/governor-reports").status == 403)
        let readings: SQL = """
            select count(*) from event where record_kind = 'governor_report' and deed = 'opened'
            """
        #expect(try register.database.number(readings) == 5)
    }

    @Test func `its figures are seen before it is frozen, as it will tell them`() async throws {
        let register = try await Register.ofGovernors()
        try register.happen(7, on: "2026-10-05")
        try register.happen(3, on: "2026-10-06", "{gambling}")
        let address = "/v1/schools/\(TestSchool.hawthorn.id)/governor-report-preview"
        let seen = try register.as(.dsl).get("\(address)?until_on=2026-11-19")
        #expect(seen.status == 200, "\(seen.json)")
        #expect(seen["from_on"] == "2026-09-01" && seen["until_on"] == "2026-11-19")
        #expect(seen.cell("type", "gambling")["state"] == "suppressed")
        #expect(seen.cell("type", "gambling")["count"] == nil)
        #expect(try register.as(.dsl).get("/v1/governor-reports").data == [])
        let told = try register.issueReport(until: "2026-11-19")
        let figures = ["measure", "word", "state", "count"]
        func cells(_ reading: Reading) -> [[JSONValue?]] {
            reading.json.list("cells").map { cell in figures.map { cell[$0] } }
        }
        #expect(cells(seen) == cells(told) && cells(seen).count > 20)
        #expect(seen.json["received_by"] == told.json["received_by"])
        let again = try register.as(.dsl).get("\(address)?until_on=2026-11-19")
        #expect(again.status == 400 && again.faults == ["until_on": "reported_already"])
        #expect(try register.as(.governor).get(address).status == 403)
        #expect(try register.as(.dsl, at: .rosehip).get(address).status == 404)
        // By day and day its figures tell what was reported on one: not to whoever may not know of
        // it, and to nobody off the record.
        let coordinator = register.as(.onlineSafetyCoordinator)
        #expect(try coordinator.get(address).status == 403)
        for role in [Role.headteacher, .deputyDSL] {
            #expect(try register.as(role).get(address).status == 400, "\(role)")
        }
        let readings: SQL = """
            select count(*) from event
            where record_kind = 'governor_report_preview' and deed = 'opened' and chain = 'reads'
                and record_ids = array[organisation_id]
            """
        #expect(try register.database.number(readings) == 1)
    }

    @Test func `two that are asked for at once do not count a day twice`() async throws {
        let register = try await Register.ofGovernors()
        try register.happen(7, on: "2026-10-05")
        let asked = [Role.dsl, .deputyDSL, .headteacher, .onlineSafetyCoordinator]
        let told = try register.atOnce(
            asked.map { (register.as($0), "POST", "/v1/governor-reports") },
            body: #"{"commentary": "A quiet term", "until_on": "2026-11-19"}"#)
        #expect(told.map(\.status).sorted() == [201, 422, 422, 422])
        let overlaps: SQL = """
            select count(*) from governor_report as one
            join governor_report as other on other.school_id = one.school_id
                and other.id > one.id and other.from_on <= one.until_on
                and one.from_on <= other.until_on
            """
        #expect(try register.database.number(overlaps) == 0)
        #expect(try register.as(.dsl).get("/v1/governor-reports").data.count == 1)
    }

    @Test func `RPT-07: small numbers are suppressed for ever, told from zero and from missing`()
        async throws
    {
        let register = try await Register.ofGovernors()
        try register.happen(6, on: "2026-10-05")
        try register.happen(3, on: "2026-10-06", "{gambling}", "logged_only")
        try register.happen(8, on: "2026-10-07", "{grooming}")
        let first = try register.issueReport(until: "2026-11-19")
        #expect(first.cell("incidents")["count"] == 17)
        // All less those of two types would tell the third: the first that could be told is not.
        let types = ["cyberbullying", "grooming"].map { first.cell("type", $0)["state"] }
        #expect(types.count { $0 == "suppressed" } == 1)
        let small = first.cell("type", "gambling")
        #expect(small["state"] == "suppressed" && small["count"] == nil)
        let none = first.cell("type", "hate")
        #expect(none["state"] == "counted" && none["count"] == 0)
        #expect(first.cell("incidents")["year_state"] == "missing")
        // Three were only logged: how many are open would tell it.
        #expect(first.cell("outcome", "open")["state"] == "suppressed")
        #expect(first.cell("outcome", "logged_only")["state"] == "suppressed")

        // All where all are few, also where there was none, or it would be known what they were.
        try register.database.setClock("2027-04-01T09:00:00Z")
        try register.happen(2, on: "2027-02-01")
        let second = try register.issueReport(until: "2027-03-31")
        #expect(second["from_on"] == "2026-11-20")
        #expect(second.json.list("cells").allSatisfy { $0["state"] == "suppressed" })
        #expect(second.cell("incidents")["previous_count"] == 17)
        #expect(second.cell("type", "gambling")["previous_state"] == "suppressed")

        try register.database.setClock("2027-08-31T09:00:00Z")
        try register.happen(8, on: "2027-06-01")
        let third = try register.issueReport(until: "2027-08-30")
        #expect(third.cell("incidents")["count"] == 8)
        #expect(third["year_from_on"] == "2026-09-01")
        #expect(third.cell("incidents")["year_state"] == "suppressed")
        // A year reaches back over a report of few: its sum less the others would tell them.
        try register.database.setClock("2027-11-20T09:00:00Z")
        try register.happen(5, on: "2027-10-01")
        let fourth = try register.issueReport(until: "2027-11-19")
        #expect(fourth["year_from_on"] == "2026-11-20")
        #expect(fourth.cell("incidents")["year_state"] == "suppressed")
        #expect(fourth.cell("type", "hate")["year_state"] == "suppressed")
    }

    @Test func `each incident is counted in one report, and no report can be subtracted`()
        async throws
    {
        let register = try await Register.ofGovernors()
        try register.happen(5, on: "2026-10-05")
        #expect(try register.issueReport(until: "2026-11-15").status == 201)
        let again = try register.issueReport(until: "2026-11-15")
        #expect(again.faults == ["/until_on": "reported_already"])
        #expect(try register.issueReport(until: "2026-11-20").faults == ["/until_on": "not_over"])
        // Reported late, of a day that was counted: in the next.
        try register.happen(1, on: "2026-10-05", reported: "2026-11-17")
        let next = try register.issueReport(until: "2026-11-19")
        #expect(next["from_on"] == "2026-11-16")
        #expect(next.cell("incidents")["state"] == "suppressed")
        #expect(try register.as(.dsl).get("/v1/governor-reports").data.count == 2)
    }

    @Test func `the commentary names nobody of the roster, and only those who lead issue one`()
        async throws
    {
        let register = try await Register.ofGovernors()
        try register.database.execute(
            "update person set given_name = 'Robin', family_name = 'Ashdown' where id = "
                + "'\(TestSchool.hawthorn.pupil)'")
        let named = try register.issueReport(until: "2026-11-20", "As robin ashdown knows")
        #expect(
            named.faults == ["/until_on": "not_over", "/commentary": "names_a_person"])
        for words in ["So said Ashdown, Robin", "Ashdown Robin's phone", "ASHDOWN  (Robin)"] {
            let told = try register.as(.dsl).post(
                "/v1/governor-reports",
                [
                    "commentary": .string(words), "until_on": "2026-11-19", "names_nobody": true,
                ])
            #expect(told.faults == ["/commentary": "names_a_person"], "\(words)")
        }
        for role in [Role.governor, .office, .staff, .technician, .seniorLeader] {
            let told = try register.as(role).post(
                "/v1/governor-reports", ["commentary": "A quiet term"])
            #expect(told.status == 403, "\(role)")
        }
        let unlike: SQL = "select count(*) from governor_report_unlike_its_entry"
        #expect(try register.issueReport(until: "2026-11-19").status == 201)
        #expect(try register.database.number(unlike) == 0)
        try register.database.execute("update governor_report set commentary = 'Other'")
        #expect(try register.database.number(unlike) == 1)
    }

    @Test func `it is due by the end of each term, and the next when one is issued`() async throws {
        let register = try await Register.ofGovernors()
        func due() throws -> JSONValue? {
            try register.as(.dsl).get("/v1/duties?kind=governor_report_due").data.first
        }
        #expect(try due()?["due_on"] == "2027-01-14" && due()?["source"] == "T-04")
        try register.database.setClock("2027-01-15T09:00:00Z")
        #expect(try due()?["state"] == "overdue")
        #expect(try register.issueReport(until: "2027-01-04").status == 201)
        #expect(try due()?["due_on"] == "2027-05-14")
        // Terms have their own ends; a report of the last days of one tells of the next.
        try register.database.execute(
            """
            insert into term (school_id, begins_in, name, starts_on, ends_on) values
                ('\(TestSchool.hawthorn.id)', 2026, 'Spring', '2027-01-04', '2027-03-24'),
                ('\(TestSchool.hawthorn.id)', 2026, 'Summer', '2027-04-12', '2027-07-21')
            """)
        #expect(try due()?["due_on"] == "2027-04-07")
        try register.database.setClock("2027-03-24T15:00:00Z")
        #expect(try register.issueReport(until: "2027-03-23").status == 201)
        #expect(try due()?["due_on"] == "2027-08-04" && due()?["state"] == "upcoming")
        let off = try register.as(.headteacher).put(
            "/v1/schools/\(TestSchool.hawthorn.id)/settings/governor-reports-termly",
            ["value": false], ["If-Match": "*"])
        #expect(off.status == 200, "\(off.json)")
        #expect(try due() == nil)
    }

    @Test func `a family name alone, or a rare given name, is doubted until that is confirmed`()
        async throws
    {
        let register = try await Register.ofGovernors()
        try register.database.execute(
            "update person set given_name = 'Robin', family_name = 'Rose' where id = "
                + "'\(TestSchool.hawthorn.pupil)'")
        for words in ["The rose garden has a mast", "It was robin's phone"] {
            let told = try register.issueReport(until: "2026-11-19", words)
            #expect(told.faults == ["/commentary": "may_name_a_person"], "\(words)")
            #expect(!told.text.lowercased().contains("rose"))
        }
        let quiet = try register.issueReport(until: "2026-11-01", "The roses of robins")
        #expect(quiet.status == 201, "\(quiet.json)")
        let confirmed = try register.as(.dsl).post(
            "/v1/governor-reports",
            [
                "commentary": "The rose garden has a mast", "until_on": "2026-11-10",
                "names_nobody": true,
            ])
        #expect(confirmed.status == 201, "\(confirmed.json)")
        // Whom four have in common is nobody's.
        for _ in 0..<3 {
            let pupil = try register.person("pupil", nil)
            try register.database.execute(
                "update person set given_name = 'Robin' where id = '\(pupil)'")
        }
        let common = try register.issueReport(until: "2026-11-19", "It was robin's phone")
        #expect(common.status == 201, "\(common.json)")
    }
}

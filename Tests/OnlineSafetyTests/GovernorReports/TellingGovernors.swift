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
        let register = try await opened()
        try happen(7, on: "2026-10-05", in: register)
        let told = try issue(register, until: "2026-11-19")
        #expect(told.status == 201, "\(told.json)")
        #expect(told["from_on"] == "2026-09-01" && told["until_on"] == "2026-11-19")
        let roles = told.json.list("received_by").compactMap { $0["role"]?.text }
        #expect(roles == ["chair_of_governors", "governor", "link_governor"])
        // What is reported, moved or corrected later alters nothing of it.
        try happen(5, on: "2026-10-06", in: register)
        try register.database.execute("update incident set types = '{gambling}'")
        for role in [Role.governor, .linkGovernor, .chairOfGovernors, .seniorLeader, .dsl] {
            let read = try register.as(role).get("/v1/governor-reports/\(told.id)")
            #expect(read.status == 200 && cell(read, "incidents")["count"] == 7, "\(role)")
            #expect(cell(read, "type", "cyberbullying")["count"] == 7)
        }
        #expect(try register.as(.staff).get("/v1/governor-reports").status == 403)
        let readings: SQL = """
            select count(*) from event where record_kind = 'governor_report' and deed = 'opened'
            """
        #expect(try register.database.number(readings) == 5)
    }

    @Test func `RPT-07: small numbers are suppressed for ever, told from zero and from missing`()
        async throws
    {
        let register = try await opened()
        try happen(6, on: "2026-10-05", in: register)
        try happen(3, on: "2026-10-06", "{gambling}", "logged_only", in: register)
        try happen(8, on: "2026-10-07", "{grooming}", in: register)
        let first = try issue(register, until: "2026-11-19")
        #expect(cell(first, "incidents")["count"] == 17)
        // All less those of two types would tell the third.
        #expect(cell(first, "type", "grooming")["count"] == 8)
        #expect(cell(first, "type", "cyberbullying")["state"] == "suppressed")
        let small = cell(first, "type", "gambling")
        #expect(small["state"] == "suppressed" && small["count"] == nil)
        let none = cell(first, "type", "hate")
        #expect(none["state"] == "counted" && none["count"] == 0)
        #expect(cell(first, "incidents")["year_state"] == "missing")
        // Three were only logged: how many are open would tell it.
        #expect(cell(first, "outcome", "open")["state"] == "suppressed")
        #expect(cell(first, "outcome", "logged_only")["state"] == "suppressed")

        // All where all are few, also where there was none, or it would be known what they were.
        try register.database.setClock("2027-04-01T09:00:00Z")
        try happen(2, on: "2027-02-01", in: register)
        let second = try issue(register, until: "2027-03-31")
        #expect(second["from_on"] == "2026-11-20")
        #expect(second.json.list("cells").allSatisfy { $0["state"] == "suppressed" })
        #expect(cell(second, "incidents")["previous_count"] == 17)
        #expect(cell(second, "type", "gambling")["previous_state"] == "suppressed")

        try register.database.setClock("2027-08-31T09:00:00Z")
        try happen(8, on: "2027-06-01", in: register)
        let third = try issue(register, until: "2027-08-30")
        #expect(cell(third, "incidents")["count"] == 8)
        #expect(cell(third, "incidents")["year_state"] == "missing")
        // A year reaches back over a report of few: its sum less the others would tell them.
        try register.database.setClock("2027-11-20T09:00:00Z")
        try happen(5, on: "2027-10-01", in: register)
        let fourth = try issue(register, until: "2027-11-19")
        #expect(cell(fourth, "incidents")["year_state"] == "suppressed")
        #expect(cell(fourth, "type", "hate")["year_state"] == "suppressed")
    }

    @Test func `each incident is counted in one report, and no report can be subtracted`()
        async throws
    {
        let register = try await opened()
        try happen(5, on: "2026-10-05", in: register)
        #expect(try issue(register, until: "2026-11-15").status == 201)
        let again = try issue(register, until: "2026-11-15")
        #expect(again.faults == ["/until_on": "reported_already"])
        #expect(try issue(register, until: "2026-11-20").faults == ["/until_on": "not_over"])
        // Reported late, of a day that was counted: in the next.
        try happen(1, on: "2026-10-05", reported: "2026-11-17", in: register)
        let next = try issue(register, until: "2026-11-19")
        #expect(next["from_on"] == "2026-11-16")
        #expect(cell(next, "incidents")["state"] == "suppressed")
        #expect(try register.as(.dsl).get("/v1/governor-reports").data.count == 2)
    }

    @Test func `the commentary names nobody of the roster, and only those who lead issue one`()
        async throws
    {
        let register = try await opened()
        try register.database.execute(
            "update person set given_name = 'Robin', family_name = 'Ashdown' where id = "
                + "'\(TestSchool.hawthorn.pupil)'")
        let named = try issue(register, until: "2026-11-20", "As robin ashdown knows")
        #expect(
            named.faults == ["/until_on": "not_over", "/commentary": "names_a_person"])
        for role in [Role.governor, .office, .staff, .technician, .seniorLeader] {
            let told = try register.as(role).post(
                "/v1/governor-reports", ["commentary": "A quiet term"])
            #expect(told.status == 403, "\(role)")
        }
        let unlike: SQL = "select count(*) from governor_report_unlike_its_entry"
        #expect(try issue(register, until: "2026-11-19").status == 201)
        #expect(try register.database.number(unlike) == 0)
        try register.database.execute("update governor_report set commentary = 'Other'")
        #expect(try register.database.number(unlike) == 1)
    }

    @Test func `it is due by the end of each term, and the next when one is issued`() async throws {
        let register = try await opened()
        func due() throws -> JSONValue? {
            try register.as(.dsl).get("/v1/duties?kind=governor_report_due").data.first
        }
        #expect(try due()?["due_on"] == "2026-12-31" && due()?["source"] == "T-04")
        try register.database.setClock("2027-01-05T09:00:00Z")
        #expect(try due()?["state"] == "overdue")
        #expect(try issue(register, until: "2027-01-04").status == 201)
        #expect(try due()?["due_on"] == "2027-04-30")
        let off = try register.as(.headteacher).put(
            "/v1/schools/\(TestSchool.hawthorn.id)/settings/governor-reports-termly",
            ["value": false], ["If-Match": "*"])
        #expect(off.status == 200, "\(off.json)")
        #expect(try due() == nil)
    }

    private func opened() async throws -> Register {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T09:00:00Z")
        return register
    }

    private func issue(
        _ register: Register, until day: String, _ commentary: String = "A quiet term"
    ) throws -> Reading {
        try register.as(.dsl).post(
            "/v1/governor-reports",
            ["commentary": .string(commentary), "until_on": .string(day)])
    }

    private func cell(
        _ report: Reading, _ measure: String, _ word: String? = nil
    ) -> JSONValue {
        report.json.list("cells").first {
            $0["measure"]?.text == measure && $0["word"]?.text == word
        } ?? .null
    }

    /// Incidents of the school, behind the walls.
    private func happen(
        _ number: Int, on day: String, _ types: String = "{cyberbullying}",
        _ status: String = "reported", reported: String? = nil, in register: Register
    ) throws {
        try register.database.execute(
            """
            insert into incident (
                school_id, id, reference, concerns, urgency, treated_as, readers, occurred_on,
                reported_at, types, status)
            select '\(TestSchool.hawthorn.id)', id, id::text, 'child', 'normal', 'child', '{dsl}',
                '\(day)', '\(reported ?? day)', '\(types)', '\(status)'
            from (select gen_random_uuid() as id from generate_series(1, \(number))) as made
            """)
    }
}

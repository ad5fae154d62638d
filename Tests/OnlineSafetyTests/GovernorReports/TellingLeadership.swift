import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// What the leadership team is told of incidents by the coordinator, and what incidents came to.
@Suite struct `Telling the leadership team` {
    private func issue(
        _ register: Register, _ audience: String, until day: String,
        by role: Role = .onlineSafetyCoordinator
    ) throws -> Reading {
        try register.as(role).post(
            "/v1/governor-reports",
            [
                "audience": .string(audience), "commentary": "Year 5 has had the lesson",
                "until_on": .string(day),
            ])
    }

    @Test func `RPT-02: the coordinator reports to the leadership team, which alone reads it`()
        async throws
    {
        let register = try await Register.ofGovernors()
        try register.happen(7, on: "2026-10-05")
        try register.happen(3, on: "2026-10-06", "{gambling}")
        let address = "/v1/schools/\(TestSchool.hawthorn.id)/governor-report-preview"
        let seen = try register.as(.dsl).get(
            "\(address)?audience=leadership&until_on=2026-10-18")
        #expect(seen.status == 200 && seen.cell("incidents")["count"] == 10, "\(seen.json)")
        let told = try issue(register, "leadership", until: "2026-10-18")
        #expect(told.status == 201 && told["audience"] == "leadership", "\(told.json)")
        #expect(told.json["number"] == 1 && told["from_on"] == "2026-09-01")
        #expect(told["commentary"] == "Year 5 has had the lesson")
        #expect(told["issued_by"] == "Online safety coordinator")
        #expect(told.cell("type", "gambling")["state"] == "suppressed")
        // Who received it, by name and post; as they were.
        let received = told.json.list("received_by")
        #expect(received.compactMap { $0["role"]?.text } == ["headteacher", "senior_leader"])
        #expect(received.compactMap { $0["name"]?.text }.count == 2)
        try register.happen(5, on: "2026-10-06")
        for role in [Role.headteacher, .seniorLeader, .dsl, .onlineSafetyCoordinator] {
            let read = try register.as(role).get("/v1/governor-reports/\(told.id)")
            #expect(read.status == 200 && read.cell("incidents")["count"] == 10, "\(role)")
        }
        // To the governors two sequences would tell by their difference what each withholds.
        for role in [Role.governor, .linkGovernor, .chairOfGovernors] {
            #expect(try register.as(role).get("/v1/governor-reports/\(told.id)").status == 404)
            #expect(try register.as(role).get("/v1/governor-reports").data == [], "\(role)")
        }
        #expect(
            try issue(register, "leadership", until: "2026-11-19", by: .seniorLeader).status == 403)
        // The governors' own goes on by itself, and regularly there is another; by days that are
        // near each other the two would tell what came between.
        for day in ["2026-10-17", "2026-10-19", "2026-11-14"] {
            #expect(
                try issue(register, "governors", until: day, by: .dsl).faults
                    == ["/until_on": "near_the_other"], "\(day)")
        }
        let governors = try issue(register, "governors", until: "2026-11-19", by: .dsl)
        #expect(governors.json["number"] == 1 && governors["from_on"] == "2026-09-01")
        #expect(governors.cell("incidents")["previous_state"] == "missing")
        let next = try issue(register, "leadership", until: "2026-11-19")
        #expect(next.json["number"] == 2 && next["from_on"] == "2026-10-19")
        #expect(next.cell("incidents")["previous_count"] == 10)
        #expect(
            try register.as(.seniorLeader).get("/v1/governor-reports?audience=leadership")
                .data.count == 2)
        #expect(try register.as(.governor).get("/v1/governor-reports").data.count == 1)
        #expect(
            try register.database.number("select count(*) from governor_report_unlike_its_entry")
                == 0)
    }

    /// What was put down of an incident, behind the walls.
    private func put(_ kind: String, _ content: String, of incidents: Int, _ register: Register)
        throws
    {
        try register.database.execute(
            """
            insert into incident_part (
                school_id, incident_id, id, version, kind, content, role, account_id)
            select school_id, id, gen_random_uuid(), 1, '\(kind)', '\(content)', 'dsl',
                '\(TestSchool.hawthorn.account(.dsl))'
            from incident
            where school_id = '\(TestSchool.hawthorn.id)' order by reported_at, id
            limit \(incidents)
            """)
    }

    @Test func `RPT-01: governors are told by type, risk, outcome, year group, who, and the trend`()
        async throws
    {
        let register = try await Register.ofGovernors()
        try register.happen(12, on: "2026-10-05")
        try register.database.execute("update incident set risk_categories = '{conduct}'")
        try register.database.execute(
            """
            insert into involvement (
                school_id, incident_id, id, version, "group", parts, year_group, name, role,
                account_id)
            select school_id, id, gen_random_uuid(), 1, 'child', '{target}', '5', 'Kim Oak', 'dsl',
                '\(TestSchool.hawthorn.account(.dsl))'
            from incident where school_id = '\(TestSchool.hawthorn.id)'
            """)
        try put("sanction", #"{"what": "warning"}"#, of: 7, register)
        try put("sanction", #"{"what": "none"}"#, of: 12, register)
        try put("support", #"{"what": ["not_wanted"]}"#, of: 12, register)
        try put("support", #"{"what": ["counselling"]}"#, of: 6, register)
        try put("case_decision", #"{"about": "police", "outcome": "yes"}"#, of: 2, register)
        let first = try register.issueReport(until: "2026-11-19")
        #expect(first.status == 201, "\(first.json)")
        #expect(first.cell("incidents")["count"] == 12)
        #expect(first.count("type", "cyberbullying") == 12)
        #expect(first.count("risk_category", "conduct") == 12)
        #expect(first.count("year_group", "5") == 12)
        #expect(first.count("target_group", "child") == 12)
        #expect(first.count("alleged_group", "child") == 0)
        #expect(first.count("outcome", "open") == 12 && first.count("outcome", "completed") == 0)
        // What followed: two with the police are few, and one beside them is withheld for it.
        #expect(first.cell("came_to", "police_involved")["state"] == "suppressed")
        let told = ["sanctioned", "supported", "nothing"].map { first.count("came_to", $0) }
        #expect(told.count { $0 == nil } == 1 && told.compactMap(\.self).allSatisfy { $0 > 4 })
        #expect(first.count("came_to", "referred") == 0)
        #expect(first.count("came_to", "access_withdrawn") == 0)
        #expect(!first.text.contains("Kim") && !first.text.contains("Oak"))
        // A term later, beside the one before.
        try register.database.setClock("2027-04-01T09:00:00Z")
        try register.happen(5, on: "2027-02-01")
        let second = try register.issueReport(until: "2027-03-31")
        #expect(second.cell("incidents")["count"] == 5)
        #expect(second.cell("type", "cyberbullying")["previous_count"] == 12)
        #expect(second.cell("came_to", "referred")["previous_count"] == 0)
        #expect(second.count("came_to", "nothing") == 5)
    }
}

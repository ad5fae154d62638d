import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// INC-46
@Suite struct `Seeing trends` {
    private let path = "/v1/schools/\(TestSchool.hawthorn.id)/incident-trends"

    /// Incidents of Hawthorn that were reported at noon of these days.
    private func register(
        _ told: [(day: String, type: String)]
    ) async throws -> Register {
        let register = try await Register.open()
        for (day, type) in told {
            try register.database.setClock("\(day)T12:00:00Z")
            let made = try register.as(.staff).post(
                "/v1/incidents", report("It was in a chat", .child, [("types", [.string(type)])]))
            try #require(made.status == 201)
        }
        try register.database.setClock("2026-11-20T12:00:00Z")
        return register
    }

    private func counts(_ row: JSONValue?) -> [String: (Int, Int)] {
        guard case .array(let counts)? = row?["counts"] else { return [:] }
        return counts.reduce(into: [:]) { told, one in
            guard case .number(let now)? = one["incidents"], case .number(let past)? = one["before"]
            else { return }
            told[one["word"]?.text ?? ""] = (Int(now.text) ?? -1, Int(past.text) ?? -1)
        }
    }

    @Test func `of every period, beside the one before, and where nobody told of any`()
        async throws
    {
        let register = try await register([
            ("2026-03-02", "cyberbullying"), ("2026-03-09", "cyberbullying"),
            ("2026-05-04", "gambling"), ("2026-08-31", "cyberbullying"),
            ("2026-09-01", "cyberbullying"), ("2026-11-20", "hate"),
        ])
        let dsl = register.as(.dsl)
        let told = try dsl.get(path)
        try #require(told.status == 200, "\(told.json)")
        guard case .array(let rows)? = told.json["periods"] else { throw NoRows() }
        #expect(told["by"] == "type" && told["period"] == "term" && rows.count == 6)
        #expect(
            rows.prefix(3).map { $0["starts_on"] } == ["2026-09-01", "2026-05-01", "2026-01-01"])
        #expect(
            rows.prefix(3).map { $0["ends_on"] } == ["2026-12-31", "2026-08-31", "2026-04-30"])
        #expect(rows.prefix(4).map { $0["incidents"] } == [2, 2, 2, 0])
        let now = counts(rows[0])
        #expect(now.count == IncidentType.allCases.count)
        #expect(now["cyberbullying"]! == (1, 1) && now["hate"]! == (1, 0))
        #expect(now["gambling"]! == (0, 1) && now["grooming"]! == (0, 0))
        #expect(counts(rows[1])["cyberbullying"]! == (1, 2))
        let months = try dsl.get(path + "?by=severity&period=month&periods=2").json["periods"]
        #expect(months?[0]?["starts_on"] == "2026-11-01" && months?[1]?["ends_on"] == "2026-10-31")
        #expect(months?[0]?["incidents"] == 1 && months?[1]?["incidents"] == 0)
        let years = try dsl.get(path + "?period=academic_year&periods=1").json["periods"]
        #expect(counts(years?[0])["cyberbullying"]! == (1, 3))
        #expect(
            try dsl.get(path + "?by=weather&period=term,month&periods=25").json["errors"]?.codes
                == ["unknown_word", "repeated", "whole_number"])
    }

    private struct NoRows: Error {}

    @Test func `by year group and medium, of what is open to whoever asks`() async throws {
        let register = try await Register.open()
        let pupil: JSONValue = [
            "group": "child", "person_id": Case.pupil, "part": "target",
        ]
        for _ in 0..<2 {
            let made = try register.as(.staff).post(
                "/v1/incidents",
                report(
                    "In a game", .child, [("people", [pupil]), ("social_media", ["Roblox"])]))
            try #require(made.status == 201)
        }
        let about = try register.as(.staff).post("/v1/incidents", report("The head", .headteacher))
        try #require(about.status == 201)
        for role in [Role.dsl, .headteacher, .onlineSafetyCoordinator] {
            let told = try register.as(role).get(path + "?by=year_group&periods=1")
            #expect(told.json["periods"]?[0]?["incidents"] == 2, "\(role)")
            #expect(told.json["periods"]?[0]?["counts"]?[0]?["word"] == "5")
        }
        let media = try register.as(.dsl).get(path + "?by=social_media&periods=1")
        let told = counts(media.json["periods"]?[0])
        #expect(told.count == 1 && told["Roblox"]! == (2, 0))
        for role in [Role.staff, .technician, .governor, .seniorLeader] {
            #expect(try register.as(role).get(path).status == 403)
        }
        #expect(try register.as(.dsl, at: .rosehip).get(path).status == 404)
    }

    @Test func `and what was changed because of it is on record`() async throws {
        let register = try await Register.open()
        let trend: JSONValue = [
            "happened_on": "2026-11-20", "name": "Group chats in Year 6", "what": "more",
            "types": ["cyberbullying"], "seen_from": "2026-09-01", "seen_until": "2026-11-15",
            "changed": ["education", "filtering"], "change": "A lesson; the site is blocked",
        ]
        // Governors read it: a pupil of the roster is named in it by nobody.
        try register.database.execute(
            """
            insert into person (school_id, id, kind, given_name, family_name)
            values ('\(TestSchool.hawthorn.id)', gen_random_uuid(), 'pupil', 'Maya', 'Elm')
            """)
        let named = trend.without(["name", "change"]).with("name", "Maya Elm and group chats")
            .with("change", "Maya Elm was taught")
        #expect(
            try register.as(.dsl).post("/v1/trends", named).faults
                == ["/name": "names_a_person", "/change": "names_a_person"])
        let put = try register.as(.onlineSafetyCoordinator).post("/v1/trends", trend)
        #expect(put.status == 201)
        #expect(try register.as(.linkGovernor).get("/v1/trends").data.count == 1)
        #expect(try register.as(.staff).get("/v1/trends").status == 403)
        #expect(
            try register.as(.dsl).post(
                "/v1/trends",
                trend.without(["changed", "seen_until"]).with("seen_until", "2026-08-01")
                    .with("changed", ["nothing", "policy"])
            ).faults == ["/seen_until": "ends_before_it_begins", "/changed": "required"])
        #expect(
            try register.as(.dsl).post("/v1/trends", ["name": "Something"]).faults.keys.sorted()
                == ["/change", "/changed", "/seen_from", "/seen_until", "/what"])
    }
}

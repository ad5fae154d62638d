import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// AGY-01 to AGY-08
@Suite struct `Turning to agencies` {
    private static func opened() async throws -> Case {
        let one = try Case(await Register.open())
        #expect(try one.triage().status == 201)
        return one
    }

    private static func referral(_ more: (String, JSONValue)...) -> JSONValue {
        let usual: [(String, JSONValue)] = [
            ("agency", "social_care"), ("route", "telephone"), ("made_by", "Grace Okafor"),
            ("happened_at", "2026-11-20T09:30:00Z"), ("words", "All that the child told"),
        ]
        let given = more.map(\.0)
        return .object(
            JSONObject(
                (usual.filter { !given.contains($0.0) } + more).map { .init($0.0, $0.1) }))
    }

    /// AGY-02, AGY-03, AGY-06
    @Test func `puts down each referral, by which route, and what came of it`() async throws {
        let one = try await Self.opened()
        let wrong: [(JSONValue, [String: String])] = [
            (Self.referral(("agency", "police")), ["/route": "999_or_101"]),
            (
                Self.referral(("route", "999")),
                ["/route": "not_the_police", "/route_reason": "required"]
            ),
            (Self.referral(("agency", "police"), ("route", "101")), ["/route_reason": "required"]),
            (Self.referral(("agency", "network")), ["/name": "required"]),
            (Self.referral(("closed_on", "2026-11-20")), ["/outcome": "required"]),
        ]
        for (body, faults) in wrong {
            #expect(try one.post("referrals", body).faults == faults)
        }
        let made = try one.post("referrals", Self.referral(("chase_on", "2026-11-19")))
        #expect(made.status == 201 && made["state"] == "made")
        #expect(made.json["is_to_chase"] == true)
        #expect(try one.register.as(.staff).get(one.path)["status"] == "passed_on")
        // It waits for those who put referrals down, and the list finds it.
        let waiting = try one.register.as(.dsl).get("/v1/me").json["to_do"]
        #expect("\(waiting ?? .null)".contains("referral_to_chase"))
        #expect(try one.register.as(.dsl).get("/v1/incidents?is_to_chase=true").data.count == 1)
        #expect(try one.register.as(.dsl).get("/v1/incidents?is_to_chase=false").data.isEmpty)
        let path = "\(one.path)/referrals/\(made.id)"
        var version = 1
        for (name, value, state) in [
            ("acknowledged_on", "2026-11-19", "acknowledged"),
            ("advice", "Wait for the visit", "advice_received"),
        ] {
            let told = try one.register.as(.dsl).put(
                path, Self.referral((name, .string(value))), ["If-Match": "\"\(version)\""])
            #expect(told["state"] == state)
            version += 1
        }
        let closed = try one.register.as(.dsl).put(
            path, Self.referral(("outcome", "Early help"), ("closed_on", "2026-11-20")),
            ["If-Match": "\"\(version)\""])
        #expect(closed["state"] == "closed" && closed.json["is_to_chase"] == false)
        let called = try one.post(
            "referrals",
            Self.referral(
                ("agency", "police"), ("route", "999"), ("route_reason", "He waits at the gate")))
        #expect(called.status == 201)
        let removal = try one.post(
            "referrals",
            Self.referral(
                ("agency", "network"), ("name", "The video site"), ("route", "online_form"),
                ("outcome", "Taken down within the hour")))
        #expect(removal.status == 201)
    }

    /// AGY-04: whether it is referred is decided against the thresholds, also when the answer is
    /// no; what was decided is done before it is closed.
    @Test func `does what was decided before it is closed`() async throws {
        let one = try await Self.opened()
        try one.complete()
        func decide(_ about: JSONValue, _ outcome: JSONValue) throws {
            let decision: JSONValue = [
                "about": about, "outcome": outcome, "words": "As it stands",
                "thresholds": "The partnership's, level 3",
            ]
            #expect(try one.post("decisions", decision).status == 201)
        }
        func missing() throws -> [String] {
            try one.register.as(.dsl).get("\(one.path)/closure").json["unmet"]?.codes ?? []
        }
        try decide("referral", "not_yet")
        #expect(try missing() == ["referral_undecided"])
        try decide("referral", "yes")
        #expect(try missing() == ["referral_missing"])
        try decide("police", "yes")
        #expect(try missing() == ["police_not_told", "referral_missing"])
        #expect(try one.post("referrals", Self.referral()).status == 201)
        #expect(try missing() == ["police_not_told"])
        let told = try one.post(
            "referrals",
            Self.referral(
                ("agency", "police"), ("route", "101"), ("route_reason", "Nobody is in danger")))
        #expect(told.status == 201)
        #expect(try missing().isEmpty)
    }

    /// AGY-07
    @Test func `lets whoever reported it put down that they called, and tells the DSLs`()
        async throws
    {
        let one = try await Self.opened()
        #expect(
            try one.post("referrals", Self.referral(), as: .onlineSafetyCoordinator).status == 403)
        let call: JSONValue = [
            "route": "999", "happened_at": "2026-11-20T09:30:00Z", "words": "He waits at the gate",
        ]
        #expect(try one.post("emergency-calls", call, as: .office).status == 404)
        let ahead = call.without(["happened_at"]).with("happened_at", "2199-01-01T00:00:00Z")
        #expect(
            try one.post("emergency-calls", ahead, as: .staff).faults
                == ["/happened_at": "in_the_future"])
        let put = try one.post("emergency-calls", call, as: .staff)
        #expect(put.status == 201 && put.json["told_number"] == 2)
        let referrals = try one.register.as(.dsl).get("\(one.path)/referrals").data
        #expect(referrals.map { $0["id"]?.text } == [put.id])
        #expect(referrals.first?["route"]?.text == "999")
        for lead in [Role.dsl, .deputyDSL] {
            let kinds = try one.register.as(lead).get("/v1/notices").data
                .compactMap { $0["kind"]?.text }
            #expect(kinds.contains("emergency_called"), "\(lead)")
        }
        #expect(try one.register.as(.staff).get("\(one.path)/referrals").status == 403)
    }

    /// AGY-07: that a mother was told to ring is put down, and nobody takes it for a call.
    @Test func `does not take advice to go to the police for a contact with them`() async throws {
        let one = try await Self.opened()
        func missing() throws -> [String] {
            try one.register.as(.dsl).get("\(one.path)/closure").json["unmet"]?.codes ?? []
        }
        let advice: JSONValue = [
            "route": "advised_to_call", "happened_at": "2026-11-20T09:30:00Z",
            "words": "She was told to ring 101",
        ]
        #expect(try one.post("emergency-calls", advice, as: .staff).status == 201)
        let kept = try one.register.as(.dsl).get("\(one.path)/referrals").data
        #expect(kept.map { $0["route"]?.text } == ["advised_to_call"])
        let referred: SQL = """
            select count(*) from incident
            cross join lateral unnest(what_it_came_to(incident.school_id, incident.id)) as came
            where came = 'referred'
            """
        #expect(try one.register.database.number(referred) == 0)
        #expect(try one.register.as(.staff).get(one.path)["status"] != "passed_on")
        let decided = try one.post(
            "decisions", ["about": "police", "outcome": "yes", "words": "A threat"])
        #expect(decided.status == 201, "\(decided.json)")
        #expect(try missing().contains("police_not_told"))
        #expect(try one.post("procedures", ["code": "exploitation"]).status == 201)
        let steps = try one.procedure("exploitation")
        #expect(try steps.answer("police", .done).faults == ["/missing": "record_lacks"])
        try one.contact("police", "101")
        #expect(try one.register.database.number(referred) == 1)
        #expect(try !missing().contains("police_not_told"))
        #expect(try steps.answer("police", .done).status == 200)
    }

    /// AGY-05
    @Test func `keeps the address of illegal material sealed, for a DSL alone`() async throws {
        let one = try await Self.opened()
        let said: JSONValue = [
            "address": "https://images.example.org/a", "reported_to": "iwf",
            "reported_at": "2026-11-20T09:30:00Z", "reference": "IWF-1",
        ]
        #expect(try one.post("illegal-addresses", said, as: .headteacher).status == 403)
        let kept = try one.post("illegal-addresses", said)
        #expect(kept.status == 201 && !kept.text.contains("example"))
        let listed = try one.register.as(.dsl).get("\(one.path)/illegal-addresses")
        #expect(listed.data.count == 1 && !listed.text.contains("example"))
        let read = try one.register.as(.deputyDSL).get("\(one.path)/illegal-addresses/\(kept.id)")
        #expect(read["address"] == "hxxps[:]//images[.]example[.]org/a")
        let story = try one.register.as(.headteacher).get("\(one.path)/chronology?limit=1000").data
        #expect(!story.contains { $0["kind"]?.text == "illegal_address" })
        let stored = try one.register.database.owner().run(
            "select content::text as content from incident_part where kind = 'illegal_address'")
        #expect(stored.text(0, "content")?.contains("example") == false)
    }

    /// AGY-01, AGY-08
    @Test func `has the school's own directory, and where everybody finds help`() async throws {
        let register = try await Register.open()
        let entry: JSONValue = [
            "what": "social_care", "name": "Call Derbyshire", "at_once": "01632 960101",
        ]
        let put = try register.as(.dsl).post("/v1/agency-entries", entry)
        #expect(put.status == 201)
        #expect(try register.as(.staff).get("/v1/agency-entries").data.count == 1)
        #expect(
            try register.as(.dsl).post("/v1/agency-entries", ["what": "lado", "name": "LADO"])
                .faults == ["/telephone": "required"])
        let one = try Case(register)
        #expect(try one.triage().status == 201)
        let made = try one.post(
            "referrals", Self.referral(("directory_id", .string(put.id))))
        #expect(made.status == 201 && made["directory"] == "Call Derbyshire")
        let parents = try register.nobody.get("/v1/signposts?for=parents").data
        let names = parents.compactMap { $0["name"]?.text }
        #expect(names.contains("Childline") && names.contains("Action Fraud"))
        #expect(!names.contains("Professionals Online Safety Helpline"))
        let all = try register.nobody.get("/v1/signposts").data
        #expect(all.count == 16)
    }
}

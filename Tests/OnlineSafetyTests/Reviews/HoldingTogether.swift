import JSON
import Testing

@testable import OnlineSafety

/// Reviews that two hold together: those of the security of the school's systems.
@Suite struct `Holding a review together` {
    private let record: JSONValue = [
        "attendees": [["role": "dsl", "words": "DSL"], ["words": "Computing lead"]],
        "summary": "Passwords, updates, who has which rights",
    ]

    private func opened() async throws -> (ReviewsAtWork, id: String) {
        let work = try await ReviewsAtWork.open()
        for role in [Role.staff, .dsl] {
            let named = try work.register.as(.office).post(
                "/v1/named-posts",
                [
                    "kind": "computing_lead", "from_on": "2026-09-01",
                    "person_id": .string(work.school.person(role).lowercased),
                ])
            try #require(named.status == 201, "\(named.json)")
        }
        let rule = try work.set(
            .systemSecurity,
            [
                ("is_held", true), ("period", "months"), ("months", 6), ("responsible", ["dsl"]),
                ("sign_off", ["senior_leader", "dsl"]),
                ("together", ["safeguarding_lead", "computing_lead"]),
                ("required", ["attendees", "summary"]), ("next_due_on", "2026-12-01"),
            ])
        try #require(rule.status == 200, "\(rule.json)")
        return (work, try #require(rule["next_review_id"]))
    }

    private func signing(_ work: ReviewsAtWork, _ role: Role, _ kind: String) throws -> Int {
        try work.register.as(role).get("/v1/duties?kind=\(kind)&is_mine=true").data
            .filter { $0["source"] == "T-27" }.count
    }

    @Test func `REV-12: safeguarding and computing lead both sign, before it is signed off`()
        async throws
    {
        let (work, id) = try await opened()
        #expect(
            try work.duties(of: "review").contains { $0.hasPrefix("review_due T-27 2026-12-01") })
        // The computing lead, who is a teacher, knows of these and of no other review.
        let other = try work.plan(.accessList, [("due_on", "2026-12-01")]).id
        #expect(try work.list(by: .staff).compactMap { $0["id"]?.text } == [id])
        #expect(try work.register.as(.staff).get("/v1/reviews/\(other)").status == 404)
        #expect(try work.act(.joined, on: id).faults == ["": "wrong_state"])
        let held = try work.complete(id, record)
        #expect(held.status == 201 && held["state"] == "to_join", "\(held.json)")
        #expect(held.json["awaits"] == ["safeguarding_lead", "computing_lead"])
        #expect(try work.act(.signedOff, on: id, by: .seniorLeader).faults == ["": "wrong_state"])
        #expect(try signing(work, .staff, "review_to_join") == 1)
        #expect(try signing(work, .deputyDSL, "review_to_join") == 1)
        #expect(try signing(work, .seniorLeader, "review_to_sign") == 0)
        for role in [Role.headteacher, .technician, .seniorLeader] {
            #expect(
                try work.act(.joined, on: id, by: role).faults == ["": "not_a_party"], "\(role)")
        }
        let first = try work.act(.joined, on: id)
        #expect(first.status == 201 && first["state"] == "to_join")
        #expect(first.json["awaits"] == ["computing_lead"] && first.json["may_do"] == [])
        // Who holds both posts does not sign as both.
        #expect(try work.act(.joined, on: id).faults == ["": "joined_already"])
        #expect(try work.read(id, by: .staff)["may_do"] == ["joined"])
        let second = try work.act(.joined, on: id, by: .staff)
        #expect(second.status == 201 && second["state"] == "completed", "\(second.json)")
        #expect(try signing(work, .staff, "review_to_join") == 0)
        #expect(try signing(work, .seniorLeader, "review_to_sign") == 1)
        // Who held it does not sign it off.
        #expect(try work.act(.signedOff, on: id).faults == ["": "own_completion"])
        #expect(try work.act(.signedOff, on: id, by: .seniorLeader)["state"] == "signed_off")
        let acts = try work.read(id).list("acts")
        #expect(
            acts.compactMap { $0["act"]?.text } == ["completed", "joined", "joined", "signed_off"])
        #expect(acts.compactMap { $0["party"]?.text } == ["safeguarding_lead", "computing_lead"])
        #expect(acts.compactMap { $0["done_by"]?.text }.count == 4)
        // The next is planned, and nobody who is not named any more knows of it.
        #expect(try work.list("kind=system_security&state=scheduled").count == 1)
        try work.register.database.execute("delete from register_entry where kind = 'named_post'")
        #expect(try work.list(by: .staff) == [])

        // Strategies are held against the guidelines of the trust, which are named.
        let strategy = try work.plan(.securityStrategy, [("due_on", "2026-11-20")]).id
        #expect(
            try work.complete(strategy, ["summary": "As they ask"]).faults
                == ["/record/guidelines": "required"])
        let told = try work.complete(
            strategy, ["summary": "As they ask", "guidelines": ["The trust's standard of 2026"]])
        #expect(told.status == 201 && told["state"] == "completed", "\(told.json)")
        #expect(
            try work.read(strategy)["record"]?["guidelines"] == ["The trust's standard of 2026"])
    }

    /// The database asks it again.
    @Test func `nobody else signs for one of the two, and where none is named it is told`()
        async throws
    {
        let (work, id) = try await opened()
        try work.register.database.execute("delete from register_entry where kind = 'named_post'")
        #expect(try work.complete(id, record).status == 201)
        #expect(try signing(work, .headteacher, "review_to_join") == 1)
        #expect(try work.act(.joined, on: id, by: .staff).status == 404)
        #expect(try work.act(.joined, on: id, by: .deputyDSL).status == 201)
        #expect(try work.act(.joined, on: id, by: .dsl).faults == ["": "not_a_party"])
    }
}

import JSON
import Testing

@testable import OnlineSafety

/// Who signs a review, by which rule, and what follows when it is held.
@Suite struct `Signing reviews` {
    private let found: JSONValue = ["summary": "All is as it should be"]
    private let judged: JSONValue = ["is_fit_for_purpose": true, "evidence": ["The summary"]]

    private func rule(signedBy roles: JSONValue) -> [(String, JSONValue)] {
        [
            ("is_held", true), ("period", "as_needed"), ("responsible", ["dsl", "headteacher"]),
            ("sign_off", roles), ("required", ["summary"]),
        ]
    }

    /// As it is usually planned, because somebody thought it right.
    @Test
    func `REV-19: completing one of a kind that has a period plans the next, however it came`()
        async throws
    {
        let work = try await ReviewsAtWork.open()
        func cycle() throws -> [String] {
            try work.list("kind=fitness_judgement&trigger=cycle").compactMap { $0["due_on"]?.text }
        }
        let cancelled = try work.plan(.fitnessJudgement, [("due_on", "2026-12-01")]).id
        let no = try work.act(.cancelled, on: cancelled, by: .headteacher, [("reason", "No")])
        #expect(try no.status == 201 && cycle() == [])
        let first = try work.plan(.fitnessJudgement, [("due_on", "2026-12-01")])
        #expect(first["trigger"] == "by_hand")
        #expect(try work.complete(first.id, by: .linkGovernor, judged).status == 201)
        #expect(try cycle() == ["2027-11-20"])
        #expect(
            try !work.duties(of: "review").contains { $0.hasPrefix("review_to_plan T-02") })
        // There is one to come: another that is held meanwhile plans no second.
        let second = try work.plan(
            .fitnessJudgement,
            [("trigger", "guidance"), ("words", "A new edition"), ("due_on", "2026-12-10")])
        #expect(try work.complete(second.id, by: .governor, judged).status == 201)
        #expect(try cycle() == ["2027-11-20"])
        // What has no period is followed by nothing.
        let wider = try work.plan(.wider, [("title", "Another"), ("due_on", "2026-12-01")])
        #expect(try work.complete(wider.id, found).status == 201)
        #expect(try work.list("kind=wider").count == 1)
    }

    @Test func `what is completed is signed as the rule was then, whatever is said later`()
        async throws
    {
        let work = try await ReviewsAtWork.open()
        let before = try work.plan(.accessList, [("due_on", "2026-12-01")]).id
        #expect(try work.complete(before, found).status == 201)
        let signing: () throws -> [String] = {
            try work.duties(of: "review").filter { $0.hasPrefix("review_to_sign") }
        }
        #expect(try signing() == [])
        try work.moveClock(to: "2027-03-01")
        #expect(try work.set(.accessList, rule(signedBy: ["headteacher"])).status == 200)
        #expect(try signing() == [])
        let old = try work.read(before, by: .headteacher)
        #expect(old["sign_off"] == [] && old["may_do"] == [])
        #expect(try work.act(.signedOff, on: before, by: .headteacher).status == 403)
        // And on the same day: what was to be signed stays so.
        let after = try work.plan(.accessList, [("due_on", "2027-03-02")]).id
        #expect(try work.complete(after, found).status == 201)
        #expect(try work.set(.accessList, rule(signedBy: ["senior_leader"])).status == 200)
        #expect(try work.set(.accessList, rule(signedBy: [])).status == 200)
        #expect(try signing() == ["review_to_sign T-30 2027-03-15 2027-03-01 headteacher"])
        #expect(try work.read(after)["sign_off"] == ["headteacher"])
        #expect(try work.act(.signedOff, on: after, by: .seniorLeader).status == 403)
        let signed = try work.act(.signedOff, on: after, by: .headteacher)
        #expect(signed["state"] == "signed_off", "\(signed.text)")
        #expect(try signing() == [])
    }

    /// A small school, of which the headteacher is the DSL.
    @Test func `nobody completes what nobody else could sign`() async throws {
        let work = try await ReviewsAtWork.open()
        #expect(try work.set(.accessList, rule(signedBy: ["headteacher"])).status == 200)
        try work.register.seat(.dsl, for: .headteacher)
        let id = try work.plan(.accessList, [("due_on", "2026-12-01")]).id
        let told = try work.complete(id, by: .headteacher, found)
        #expect(told.status == 409 && told.faults == ["": "nobody_could_sign"])
        #expect(try work.read(id)["state"] == "due")
        #expect(
            try work.set(.accessList, rule(signedBy: ["headteacher", "chair_of_governors"]))
                .status == 200)
        #expect(try work.complete(id, by: .headteacher, found).status == 201)
        #expect(try work.act(.signedOff, on: id, by: .chairOfGovernors).status == 201)
        // Whoever holds no post that signs may complete it, while somebody holds one.
        #expect(try work.set(.accessList, rule(signedBy: ["headteacher"])).status == 200)
        let next = try work.plan(.accessList, [("due_on", "2026-12-01")]).id
        #expect(try work.complete(next, by: .dsl, found).status == 201)
        let last = try work.plan(.accessList, [("due_on", "2026-12-01")]).id
        try work.register.vacate(.headteacher)
        let vacant = try work.complete(last, by: .dsl, found)
        #expect(vacant.faults == ["": "nobody_could_sign"])
    }

    @Test func `a rule is told all that is wrong with it before it is told its version`()
        async throws
    {
        let work = try await ReviewsAtWork.open()
        let told = try work.set(
            .sltReport,
            [
                ("is_held", true), ("period", "months"), ("responsible", ["dsl"]),
                ("next_due_on", "2099-12-01"),
            ], version: "\"9\"")
        #expect(told.status == 422)
        #expect(told.faults == ["/months": "required", "/next_due_on": "out_of_range"])
    }
}

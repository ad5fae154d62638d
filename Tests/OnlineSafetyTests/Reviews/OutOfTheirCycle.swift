import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Reviews of the policy that something calls for, and the first of each cycle.
@Suite struct `Reviews out of their cycle` {
    private func run(_ function: SQL, in register: Register) throws {
        let worker = try DirectConnection(register.database.workerURL)
        for _ in 0..<20 {
            let answer = try worker.run("select \(function)() as is_done")
            if answer.bool(0, "is_done") != true { return }
        }
    }

    private func duties(_ work: ReviewsAtWork, _ role: Role) throws -> [JSONValue] {
        let told = try work.register.as(role).get("/v1/duties?limit=500&kind=review_due")
        return told.data.filter { $0["source"] == "T-03" }
    }

    @Test
    func `REV-05: an incident's line or lesson opens one, as does whatever else calls for it`()
        async throws
    {
        let work = try await ReviewsAtWork.open()
        let one = try Case(work.register)
        #expect(try one.triage().status == 201)
        #expect(try one.answer(.policyReviewed, ["answer": "not_needed"]).status == 200)
        #expect(
            try one.answer(.parentsInformed, ["answer": "done", "words": "Both"]).status == 200)
        #expect(try work.list("kind=policy") == [])
        let asked = try one.answer(.policyReviewed, ["answer": "done"], ifMatch: "\"1\"")
        #expect(asked.status == 200, "\(asked.json)")
        let opened = try #require(try work.list("kind=policy").first)
        #expect(opened["trigger"] == "incident" && opened["incident_id"]?.text == one.id)
        #expect(opened["state"] == "due" && opened["due_on"] == "2026-12-18")
        // Once, however often it is said.
        #expect(
            try one.answer(.policyReviewed, ["answer": "pending"], ifMatch: "\"2\"").status == 200)
        #expect(
            try one.answer(.policyReviewed, ["answer": "done"], ifMatch: "\"3\"").status == 200)
        #expect(try work.list("kind=policy").count == 1)
        // To those to whom the incident is open, and to nobody else.
        #expect(try work.list("kind=policy", by: .headteacher).count == 1)
        for role in [Role.office, .governor, .technician, .seniorLeader] {
            #expect(try work.list("kind=policy", by: role) == [], "\(role)")
            #expect(try duties(work, role) == [], "\(role)")
        }
        let due = try #require(try duties(work, .dsl).first)
        #expect(due["due_on"] == "2026-12-18" && due["since"] == "2026-11-20")
        #expect(due["roles"]?[0] == "dsl" && due["record_id"] == opened["id"])
        let waits = try work.register.as(.dsl).get("/v1/me").json.list("to_do")
        #expect(waits.contains { $0["kind"] == "review" && $0["number"] == 1 })

        // What is learnt when all is done: a change of the policy, and of nothing else.
        let other = try Case(work.register)
        #expect(try other.triage().status == 201)
        for (what, task) in [("curriculum", "A lesson"), ("policy", "A section on group chats")] {
            let lesson = try other.post(
                "lessons",
                [
                    "what": .string(what), "words": "Nobody knew", "task": .string(task),
                    "owner_id": Case.person(.staff), "due_on": "2027-01-15",
                ])
            #expect(lesson.status == 201, "\(lesson.json)")
        }
        let learnt = try work.list("kind=policy&trigger=debrief")
        #expect(learnt.map { $0["incident_id"]?.text } == [other.id])
        #expect(learnt.map { $0["due_on"] } == ["2027-01-15"])

        for trigger in ["child_protection_concern", "guidance", "infrastructure_change"]
            + ["monitoring_finding"]
        {
            let told = try work.plan(
                .policy,
                [
                    ("trigger", .string(trigger)), ("due_on", "2026-12-18"),
                    ("words", "As was found"),
                ])
            #expect(told.status == 201 && told["trigger"] == trigger, "\(told.json)")
        }
        #expect(try duties(work, .dsl).count == 6)
        // And those who hold it are reminded of it.
        for day in ["2026-12-10", "2026-12-12"] {
            try work.moveClock(to: day)
            try run("remind_of_duties", in: work.register)
        }
        for role in [Role.dsl, .onlineSafetyCoordinator] {
            let notices = try work.register.as(role).get("/v1/notices").data
            #expect(notices.contains { $0["kind"] == "duties_due" }, "\(role)")
        }
    }

    /// Somebody may act on an incident who plans no reviews: the chair, of a headteacher's.
    @Test func `whoever works on the incident opens it, also who plans none`() async throws {
        let work = try await ReviewsAtWork.open()
        let one = try Case(work.register, .headteacher)
        let found = Case.finding(
            ("concerns", "headteacher"), ("lead_id", Case.person(.chairOfGovernors)))
        let triaged = try one.triage(as: .chairOfGovernors, found)
        try #require(triaged.status == 201, "\(triaged.json)")
        let asked = try one.answer(.policyReviewed, ["answer": "done"], as: .chairOfGovernors)
        #expect(asked.status == 200, "\(asked.json)")
        #expect(try work.list("kind=policy", by: .chairOfGovernors).count == 1)
        for role in [Role.dsl, .headteacher, .seniorLeader] {
            #expect(try work.list("kind=policy", by: role) == [], "\(role)")
        }
    }

    @Test func `the first of each cycle plans itself, as nobody's deed, and the next follows it`()
        async throws
    {
        let work = try await ReviewsAtWork.open()
        #expect(try work.list("trigger=cycle") == [])
        try run("remind_of_duties", in: work.register)
        let planned = try work.list("trigger=cycle")
        #expect(
            planned.compactMap { $0["kind"]?.text }.sorted()
                == ["dsl_governor_meeting", "fitness_judgement", "incident_log"])
        #expect(planned.allSatisfy { $0["opened_by"] == nil && $0["opened_at"] != nil })
        let log = try #require(planned.first { $0["kind"] == "incident_log" })
        #expect(log["due_on"] == "2026-12-31" && log["state"] == "scheduled")
        #expect(try work.rule(.incidentLog)["next_review_id"] == log["id"])
        #expect(try work.duties(of: "review").allSatisfy { $0.hasPrefix("review_due") })
        let unlike: SQL = "select count(*) from review_unlike_its_entry"
        #expect(try work.register.database.number(unlike) == 0)
        try work.moveClock(to: "2026-11-21")
        try run("remind_of_duties", in: work.register)
        #expect(try work.list("trigger=cycle").count == 3)
        let held = try work.complete(
            log["id"]?.text ?? "", on: "2026-11-20",
            ["summary": "Fewer", "reported_to": [["to": "Governors", "on": "2026-11-20"]]])
        #expect(held.status == 201, "\(held.json)")
        #expect(try work.list("kind=incident_log&state=scheduled").count == 1)
    }
}

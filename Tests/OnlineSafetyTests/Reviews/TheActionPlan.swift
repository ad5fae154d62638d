import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// What is to be done because of what was found.
@Suite struct `The action plan` {
    private func plan(
        _ work: ReviewsAtWork, _ said: [(String, JSONValue)], by role: Role = .dsl
    ) throws -> Reading {
        try work.register.as(role).post("/v1/actions", work.object(said))
    }

    private func act(
        _ work: ReviewsAtWork, _ act: PlannedActionAct, on id: String, by role: Role = .dsl,
        _ more: [(String, JSONValue)] = []
    ) throws -> Reading {
        try work.register.as(role).post(
            "/v1/actions/\(id)/acts", work.object([("act", .string(act.rawValue))] + more))
    }

    @Test func `REV-17: a finding becomes an action with owner, day and state`() async throws {
        let work = try await ReviewsAtWork.open()
        let incident = try work.register.as(.staff).report().id
        let teacher = work.school.person(.staff).lowercased
        let own = try plan(
            work,
            [
                ("words", "Change the seating plan"), ("owner_id", .string(teacher)),
                ("due_on", "2026-11-30"), ("incident_id", .string(incident)),
            ])
        #expect(own.status == 201, "\(own.json)")
        #expect(own["owner"] == "The Member of staff" && own["state"] == "open")
        let posts = try plan(
            work,
            [
                ("words", "Block the site"), ("owner_role", "technician"),
                ("due_on", "2026-11-25"),
            ])
        #expect(
            try work.duties(of: "action") == [
                "action_due REV-17 2026-11-25 2026-11-20 technician",
                "action_due REV-17 2026-11-30 2026-11-20",
            ])

        // Whose it is sees it, without the incident where that is not theirs; others of the school
        // see none.
        let theirs = try work.register.as(.staff).get("/v1/actions").data
        #expect(theirs.map { $0["id"]?.text } == [own.id])
        #expect(try work.register.as(.technician).get("/v1/actions").data.count == 1)
        #expect(try work.register.as(.schoolAdministrator).get("/v1/actions").data == [])
        let governors = try work.register.as(.governor).get("/v1/actions").data
        #expect(governors.map { $0["id"]?.text } == [posts.id])
        #expect(governors[0]["made_by"] == nil)

        #expect(try act(work, .dropped, on: own.id, by: .staff, [("words", "No")]).status == 403)
        #expect(try act(work, .done, on: posts.id, by: .governor).status == 403)
        let done = try act(work, .done, on: own.id, by: .staff, [("words", "On Monday")])
        #expect(done.status == 201 && done["state"] == "done")
        #expect(try act(work, .done, on: own.id, by: .staff).faults == ["": "wrong_state"])
        try work.moveClock(to: "2026-11-26")
        let overdue = try work.register.as(.headteacher).get("/v1/actions?is_overdue=true").data
        #expect(overdue.map { $0["id"]?.text } == [posts.id])
        let moved = try act(
            work, .moved, on: posts.id, [("due_on", "2026-12-10"), ("words", "By the provider")])
        #expect(moved["due_on"] == "2026-12-10" && moved.json["is_overdue"] == false)
        #expect(try act(work, .dropped, on: posts.id).faults == ["/words": "required"])
        #expect(
            try act(work, .dropped, on: posts.id, [("words", "It is blocked")])["state"]
                == "dropped")
        let again = try act(work, .reopened, on: posts.id, [("words", "Not from home")])
        #expect(again["state"] == "open")
        #expect(
            again.json.list("acts").compactMap { $0["act"]?.text }
                == ["moved", "dropped", "reopened"])
    }

    @Test func `what cannot be planned names every fault`() async throws {
        let work = try await ReviewsAtWork.open()
        let told = try plan(
            work,
            [
                ("words", "Tell Robin Ash of Hawthorn"),
                ("owner_id", .string(work.school.pupil.lowercased)), ("due_on", "2020-01-01"),
                ("review_id", .string(Scene.missing)), ("incident_id", .string(Scene.missing)),
            ])
        #expect(
            told.faults == [
                "/words": "names_a_person", "/owner_id": "unknown_person",
                "/due_on": "out_of_range", "/review_id": "unknown_review",
                "/incident_id": "unknown_incident",
            ])
        let nobodys = try plan(work, [("words", "Something"), ("due_on", "2026-12-01")])
        #expect(nobodys.faults == ["": "exactly_one"])
        let trusts = try plan(
            work,
            [("words", "Something"), ("owner_role", "trust_viewer"), ("due_on", "2026-12-01")])
        #expect(trusts.faults == ["/owner_role": "no_owner"])
    }

    /// Whom the incident is about never learns of it by what is to be done.
    @Test func `what is about somebody is not there for them`() async throws {
        let work = try await ReviewsAtWork.open()
        let incident = try work.register.as(.staff).report(
            "Something", .staff, ("people", [Scene.alleged(.office)])
        ).id
        let planned = try plan(
            work,
            [
                ("words", "Look at the log-ins"), ("owner_role", "office"),
                ("due_on", "2026-12-01"), ("incident_id", .string(incident)),
            ], by: .headteacher)
        #expect(planned.status == 201, "\(planned.json)")
        #expect(try work.register.as(.office).get("/v1/actions").data == [])
        #expect(try work.register.as(.office).get("/v1/actions/\(planned.id)").status == 404)
    }

    @Test func `what a review of an incident found follows the incident`() async throws {
        let work = try await ReviewsAtWork.open()
        let incident = try work.register.as(.staff).report(
            "Something", .staff, ("people", [Scene.alleged(.office)])
        ).id
        let review = try work.plan(
            .postIncident,
            [
                ("trigger", "debrief"), ("words", "As was found"), ("due_on", "2026-12-01"),
                ("incident_id", .string(incident)),
            ], by: .headteacher
        ).id
        let found: JSONValue = [
            "words": "Look at the log-ins", "owner_role": "senior_leader", "due_on": "2026-12-01",
        ]
        let completed = try work.complete(
            review, by: .headteacher, ["summary": "Log-ins were shared"], [("actions", [found])])
        #expect(completed.status == 201, "\(completed.json)")
        let more = try plan(
            work,
            [("review_id", .string(review)), ("words", "Tell the provider")]
                + [("owner_role", "senior_leader"), ("due_on", "2026-12-01")], by: .headteacher)
        #expect(more.status == 201 && more["incident_id"] == incident, "\(more.json)")
        let other = try work.register.as(.staff).report("Another", .staff).id
        let wrong = try plan(
            work,
            [
                ("review_id", .string(review)), ("incident_id", .string(other)),
                ("words", "Something"), ("owner_role", "dsl"), ("due_on", "2026-12-01"),
            ], by: .headteacher)
        #expect(wrong.faults == ["/incident_id": "another_incident"], "\(wrong.json)")
        func known(_ role: Role) throws -> Int {
            try work.register.as(role).get("/v1/actions").data.count
        }
        #expect(try known(.headteacher) == 2 && known(.seniorLeader) == 2)
        // What happened is told where it is read by itself, which is on record.
        let listed = try work.list("kind=post_incident", by: .headteacher)
        #expect(listed.count == 1 && listed[0]["words"] == nil)
        let before = try work.register.database.entries().count { $0.deed == "opened" }
        #expect(try work.read(review, by: .headteacher)["words"] == "As was found")
        #expect(
            try work.register.database.entries().count { $0.deed == "opened" } == before + 1)
        // Neither whom it is about, nor those to whom it is not open.
        for role in [Role.office, .governor, .linkGovernor, .technician, .dpo] {
            #expect(try known(role) == 0, "\(role)")
        }
    }

    @Test func `what is learnt of an incident names it`() async throws {
        let work = try await ReviewsAtWork.open()
        let told = try work.plan(
            .postIncident,
            [("trigger", "debrief"), ("words", "As was found"), ("due_on", "2026-12-01")])
        #expect(told.faults == ["/incident_id": "required"])
    }

    @Test func `an action is done once, however many say so at once`() async throws {
        let work = try await ReviewsAtWork.open()
        for _ in 0..<3 {
            let id = try plan(
                work,
                [
                    ("words", "Block the site"), ("owner_role", "technician"),
                    ("due_on", "2026-11-25"),
                ]
            ).id
            let told = try work.register.atOnce(
                [Role.dsl, .deputyDSL, .headteacher, .technician, .dsl, .technician].map {
                    (work.register.as($0), "POST", "/v1/actions/\(id)/acts")
                }, body: #"{"act":"done"}"#)
            #expect(told.map(\.status).sorted() == [201, 409, 409, 409, 409, 409])
            #expect(told.filter { $0.status == 409 }.allSatisfy { $0.codes == ["wrong_state"] })
        }
    }
}

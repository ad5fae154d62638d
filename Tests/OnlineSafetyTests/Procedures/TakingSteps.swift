import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Steps are ticked off by whoever works on an incident, each by a clock of its own.
@Suite struct `Taking the steps of a procedure` {
    private func hears(_ register: Register, _ role: Role) throws -> Int {
        let worker = try DirectConnection(register.database.workerURL)
        for _ in 0..<20 {
            let rung = try worker.run("select ring_step_clock() as is_done")
            if rung.bool(0, "is_done") != true { break }
        }
        return try register.as(role).get("/v1/notices?limit=500").data
            .filter { $0["kind"] == "duties_overdue" }.count
    }

    @Test func `whose step it is hears as soon as its minutes are over, once of each`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let one = try Case.triaged(
            register, [.grooming], [], ("is_child_at_risk", true), ("severity", "high"))
        let steps = try one.procedure("exploitation")
        try steps.take("dsl_told")
        #expect(try hears(register, .dsl) == 0)
        try register.database.setClock("2026-11-20T12:31:00Z")
        #expect(try hears(register, .dsl) == 1)
        for role in [Role.staff, .seniorLeader, .technician, .governor] {
            #expect(try hears(register, role) == 0, "\(role)")
        }
        #expect(try hears(register, .deputyDSL) == 1)
        #expect(try hears(register, .dsl) == 1)
        // Four hours are over for others of them; what was taken is nobody's any more.
        try one.contact("police", "999")
        for code in ["police", "intelligence", "other_settings"] {
            #expect(try steps.answer(code, .done).status == 200, "\(code)")
        }
        try register.database.setClock("2026-11-20T16:01:00Z")
        #expect(try hears(register, .dsl) == 2)
        try register.database.setClock("2026-11-20T23:00:00Z")
        #expect(try hears(register, .dsl) == 2)
    }

    @Test func `what is for a post that it is kept from is for those in charge`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let one = try Case(register, .headteacher)
        let triaged = try one.triage(
            as: .chairOfGovernors,
            Case.finding(
                ("types", ["sexting_iioc"]), ("concerns", "headteacher"),
                ("lead_id", Case.person(.chairOfGovernors)),
                ("procedures", ["indecent_images_staff"])))
        #expect(triaged.status == 201, "\(triaged.json)")
        func due(_ role: Role) throws -> Int {
            try register.as(role).get("/v1/duties?kind=step_due&limit=500").data.count
        }
        #expect(try due(.chairOfGovernors) >= 4)
        for role in [Role.headteacher, .seniorLeader, .technician] {
            #expect(try due(role) == 0, "\(role)")
        }
        try register.database.setClock("2026-11-20T18:00:00Z")
        #expect(try hears(register, .chairOfGovernors) >= 1)
        #expect(try hears(register, .headteacher) == 0)
    }

    /// PRC-01
    @Test func `a step is kept as it was attached, and ticked off with who and when`() async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let one = try Case.triaged(register, [.hate])
        let hate = try one.procedure("hate")
        let shown = try register.as(.dsl).get(hate.path)
        #expect(shown["attached_by_role"] == "dsl" && shown.json["version"] == 1)
        #expect(shown["attached_at"] == "2026-11-20T12:00:00.000Z")
        guard case .array(let steps)? = shown.json["steps"] else { return }
        #expect(steps.map { $0["code"]?.text } == ["police", "advice", "policies"])
        #expect(steps.map { $0["need"]?.text } == ["conditional", "conditional", "mandatory"])
        #expect(steps.map { $0["actor"]?.text } == ["dsl", "dsl", "senior_leader"])
        #expect(steps[2]["record"] != nil && steps[0]["asks_for"] != nil)
        #expect(steps[2]["state"] == "open" && steps[0]["state"] == "undecided")
        #expect(steps[2]["due_at"] == "2026-11-28T00:00:00.000Z")
        // The school sets its own: what is attached stays as it was.
        let path = "/v1/schools/\(TestSchool.hawthorn.id)/procedures/hate"
        let own = try register.as(.dsl).put(
            path, ["steps": [steps[0].without(stepsOwn)]], ["If-Match": "*"])
        #expect(own.status == 200, "\(own.json)")
        #expect(try hate.steps().count == 3)
        #expect(try Case.triaged(register, [.hate]).procedure("hate").steps().count == 1)
        // Ticked off, with the faults of value first, all at once.
        let wrong = try hate.answer(
            "policies", .applies, as: .onlineSafetyCoordinator, ("done_by", "Somebody"))
        #expect(wrong.faults == ["/done_by": "not_wanted", "/answer": "not_of_this_step"])
        #expect(try hate.answer("policies", .done).faults == ["/words": "required"])
        let ahead = try hate.answer(
            "policies", .done, "Done", ("done_at", "2026-11-21T12:00:00Z"))
        #expect(ahead.faults == ["/done_at": "in_the_future"])
        try register.database.setClock("2026-11-20T13:00:00Z")
        let told = try hate.answer(
            "policies", .done, "Both were met", as: .onlineSafetyCoordinator,
            ("done_at", "2026-11-20T12:30:00Z"), ("done_by", "Amina Yusuf"))
        #expect(told.status == 200, "\(told.json)")
        #expect(told["state"] == "done" && told["said"] == "Both were met")
        #expect(told["done_at"] == "2026-11-20T12:30:00.000Z" && told["done_by"] == "Amina Yusuf")
        #expect(told["answered_at"] == "2026-11-20T13:00:00.000Z")
        #expect(told["answered_by_role"] == "online_safety_coordinator")
        #expect(told["etag"] == "\"1\"")
        #expect(try hate.answer("policies", .done, "Again", etag: "\"0\"").status == 412)
        let undone = try hate.answer("policies", .notDone, "It was another case")
        #expect(undone["state"] == "open" && undone["etag"] == "\"2\"")
        #expect(try hate.answer("sorcery", .done, etag: "*").status == 404)
    }

    private let stepsOwn = [
        "id", "school_id", "number", "missing", "is_required", "is_by_post", "state", "is_overdue",
        "due_at", "etag",
    ]

    /// PRC-03
    @Test func `what must be done is waived by a DSL or the headteacher, with a reason`()
        async throws
    {
        let register = try await Register.open()
        let one = try Case.triaged(
            register, [.hate], [], ("lead_id", Case.person(.seniorLeader)))
        let hate = try one.procedure("hate")
        #expect(try hate.answer("policies", .waived).faults == ["/words": "required"])
        #expect(
            try hate.answer("policies", .doesNotApply, "No").faults == [
                "/answer": "not_of_this_step"
            ])
        for role in [Role.onlineSafetyCoordinator, .seniorLeader] {
            let told = try hate.answer("policies", .waived, "Needless", as: role)
            #expect(told.status == 409 && told.faults == ["/answer": "not_in_charge"], "\(role)")
        }
        for role in [Role.dsl, .deputyDSL, .headteacher] {
            let told = try hate.answer("policies", .waived, "The trust deals with it", as: role)
            #expect(told.status == 200 && told["state"] == "waived", "\(role)")
            #expect(told["said"] == "The trust deals with it")
            #expect(try hate.answer("policies", .notDone, "It is ours after all").status == 200)
        }
        // A conditional one is neither here nor there before its yes or no.
        #expect(try hate.step("police")["state"] == "undecided")
        #expect(
            try one.againstClosing() == [
                "/procedures/hate/steps/police": "step_undecided",
                "/procedures/hate/steps/advice": "step_undecided",
                "/procedures/hate/steps/policies": "step_open",
            ])
        #expect(try hate.answer("police", .doesNotApply).faults == ["/words": "required"])
        #expect(try hate.answer("police", .applies)["state"] == "open")
        #expect(try one.againstClosing()["/procedures/hate/steps/police"] == "step_open")
        #expect(
            try hate.answer("police", .doesNotApply, "No offence")["state"] == "does_not_apply")
        #expect(try hate.answer("advice", .doesNotApply, "It is clear").status == 200)
        #expect(try hate.answer("policies", .waived, "The trust does").status == 200)
        #expect(try one.againstClosing() == [:])
        try one.complete()
        #expect(try one.post("closure", ["outcome": "Done"]).status == 201)
        #expect(try hate.answer("policies", .done, "Late", etag: "*").status == 409)
    }

    @Test func `every step is overdue when its time has passed, whoever asks`() async throws {
        let register = try await Register.open()
        // A Friday.
        try register.database.setClock("2026-11-20T12:00:00Z")
        let one = try Case.triaged(register, [.cyberbullying], ["cyberbullying"])
        let bullying = try one.procedure("cyberbullying")
        func overdue() throws -> Set<String> {
            Set(try bullying.steps().filter { $0.value["is_overdue"] == true }.keys)
        }
        #expect(try overdue() == [])
        #expect(try bullying.step("reported")["due_at"] == "2026-11-20T12:30:00.000Z")
        #expect(try bullying.step("evidence_kept")["due_at"] == "2026-11-24T00:00:00.000Z")
        #expect(try bullying.step("settled")["due_at"] == nil)
        try register.database.setClock("2026-11-20T12:31:00Z")
        let first: Set = ["no_reply", "reported", "indecent_image", "staff_were_shown"]
        #expect(try overdue() == first)
        try bullying.take("reported")
        #expect(try overdue() == first.subtracting(["reported"]))
        #expect(
            try register.as(.dsl).get("/v1/incidents?is_step_overdue=true").data.map {
                $0["id"]?.text
            }
                == [one.id])
        #expect(try register.as(.dsl).get("/v1/incidents?is_step_overdue=false").data.isEmpty)
        // Duties have the day, are the post's, and say nothing of what it is about.
        let told = try register.as(.dsl).get("/v1/duties?kind=step_due&limit=1000").data
        #expect(told.allSatisfy { $0["label"] == "A step of a procedure" })
        #expect(told.contains { $0["due_on"] == "2026-11-20" && $0["state"] == "due" })
        let count = told.count
        #expect(count > 5)
        for role in [Role.office, .staff, .seniorLeader, .technician, .chairOfGovernors] {
            let none = try register.as(role).get("/v1/duties?kind=step_due").data
            #expect(none.isEmpty, "\(role)")
        }
        #expect(
            try register.as(.dsl, at: .rosehip).get("/v1/duties?kind=step_due").data.isEmpty)
        try register.database.setClock("2026-11-24T00:01:00Z")
        #expect(try overdue().contains("evidence_kept"))
        let late = try register.as(.dsl).get("/v1/duties?kind=step_due&state=overdue").data
        #expect(late.contains { $0["due_on"] == "2026-11-23" && $0["overdue_days"] == 1 })
        // What comes after another has its time from then.
        try register.database.setClock("2026-11-24T09:00:00Z")
        #expect(
            try bullying.answer("removal", .done, "Asked").faults == [
                "/answer": "earlier_step_first"
            ])
        try one.describeEvidence()
        #expect(try bullying.answer("evidence_kept", .done).status == 200)
        #expect(try bullying.step("removal")["due_at"] == "2026-11-26T00:00:00.000Z")
        try bullying.take("removal")
        // Closed, it is nobody's duty any more.
        try one.complete()
        #expect(try one.post("closure", ["outcome": "Done"]).status == 201)
        #expect(try register.as(.dsl).get("/v1/duties?kind=step_due").data.isEmpty)
    }

    @Test func `nobody is told of a step whom the incident is not open to, nor counted it`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let one = try Case(
            register, .staff, ("people", [Scene.alleged(.seniorLeader)]))
        let found = Case.finding(
            ("types", ["hate"]), ("concerns", "staff"), ("lead_id", Case.person(.headteacher)))
        #expect(try one.triage(as: .headteacher, found).status == 201)
        try register.database.setClock("2026-12-10T12:00:00Z")
        for role in Role.allCases where role.isOfASchool && role != .temporaryStaff {
            let told = try register.as(role).get("/v1/duties?kind=step_due").data
            let mayKnow = [Role.headteacher, .dsl, .deputyDSL].contains(role)
            #expect(told.isEmpty != mayKnow, "\(role)")
        }
        let owner = try register.database.owner()
        _ = try owner.run("select count_duties()")
        #expect(try register.as(.headteacher).get("/v1/duty-figures?kind=step_due").data == [])
    }
}

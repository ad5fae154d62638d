import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// What training is asked of whom, and how everybody stands to it.
@Suite struct `Who is due for training`: AsksForTraining {
    private let staff = TestSchool.hawthorn.person(.staff).lowercased
    private let dsl = TestSchool.hawthorn.person(.dsl).lowercased

    @Test func `what runs out before it was given is refused, also when its day is corrected`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let said: JSONValue = [
            "kind": "annual_update", "name": "Update", "happened_on": "2026-11-02",
            "expires_on": "2026-11-01",
            "attended_ids": [.string(TestSchool.hawthorn.person(.staff).lowercased)],
        ]
        let early = try register.as(.office).post("/v1/training-records", said)
        #expect(early.faults == ["/expires_on": "ends_before_it_begins"])
        let kept = try register.as(.office).post(
            "/v1/training-records", said.without(["expires_on"]).with("expires_on", "2026-11-02"))
        #expect(kept.status == 201, "\(kept.text)")
        let moved = try register.as(.office).ask(
            "PATCH", "/v1/training-records/\(kept.id)", ["If-Match": "*"],
            ["happened_on": "2026-11-03"])
        #expect(moved.faults == ["/expires_on": "ends_before_it_begins"])
    }

    @Test
    func `TRN-01, TRN-06: a training says what it covered and who was there`()
        async throws
    {
        let register = try await opened()
        let topics: JSONValue = [
            "content", "contact", "conduct", "professional_practice", "reporting",
            "monitoring_notice", "private_conduct", "useful_resources",
        ]
        let told = try train(
            register, [staff, dsl],
            [
                "evidence": "Register of the hall", "expires_on": "2027-08-31",
                "topics": topics,
            ])
        #expect(told.status == 201, "\(told.json)")
        // As those who keep the school's safeguarding records read it.
        for role in [Role.dsl, .deputyDSL, .onlineSafetyCoordinator] {
            let read = try register.as(role).get("/v1/training-records/\(told.id)")
            #expect(
                read.json.list("attended").compactMap(\.text)
                    == ["The \(Role.dsl.label)", "The \(Role.staff.label)"].sorted())
            #expect(read.json["topics"] == topics && read["kind"] == "annual_update")
            #expect(read["name"] == "What is new this year" && read["provider"] == "The DSL")
            #expect(read["happened_on"] == "2026-11-02" && read["expires_on"] == "2027-08-31")
            #expect(read["evidence"] == "Register of the hall")
        }
        // It runs out on that day, before the year is over.
        #expect(try standing(register, staff)["due_on"] == "2027-08-31")
        let empty = try register.as(.office).post(
            "/v1/training-records", ["kind": "briefing", "name": "Nobody came"])
        #expect(empty.faults == ["/attended_ids": "required"])
        // Parents are counted, and nobody is named.
        let parents = try register.as(.office).post(
            "/v1/training-records",
            ["kind": "parent_awareness", "name": "Evening for parents", "others": 41])
        #expect(parents.status == 201 && parents.json["others"] == 41)
        for role in [Role.staff, .governor, .technician] {
            #expect(try register.as(role).get("/v1/training-records").status == 403)
        }
    }

    @Test
    func `TRN-08: what is due follows from the last of it, with a warning before`()
        async throws
    {
        let register = try await opened()
        // Nobody has any: all have their days from when the register first knew the school.
        try register.database.setClock("2026-10-15T12:00:00Z")
        let first = try standing(register, staff)
        #expect(first["state"] == "awaited" && first["due_on"] == "2026-11-30")
        #expect(first["last_on"] == nil && first["label"] == "Online safety update")
        try register.database.setClock("2026-11-20T12:00:00Z")
        #expect(try standing(register, staff)["state"] == "due")
        _ = try train(register, [staff])
        #expect(try standing(register, staff)["due_on"] == "2027-11-02")
        #expect(try standing(register, staff)["state"] == "current")
        try register.database.setClock("2027-10-04T12:00:00Z")
        #expect(try standing(register, staff)["state"] == "due")
        try register.database.setClock("2027-11-03T12:00:00Z")
        #expect(try standing(register, staff)["state"] == "overdue")
        // The DSLs' own is asked of the post, every two years, and what runs out sooner says so.
        _ = try train(register, [dsl], ["kind": "dsl", "happened_on": "2027-10-01"])
        #expect(try standing(register, dsl, "dsl")["due_on"] == "2029-10-01")
        _ = try train(
            register, [dsl],
            ["kind": "dsl", "happened_on": "2027-11-01", "expires_on": "2028-06-30"])
        #expect(try standing(register, dsl, "dsl")["due_on"] == "2029-10-01")
        let overdue = try register.as(.headteacher).get("/v1/training?state=overdue&rule=dsl")
        // The deputy, who was never trained.
        #expect(overdue.data.map { $0["family_name"]?.text } == [Role.deputyDSL.label])
    }

    @Test func `a school sets what it asks from a day on, and a mistake names every fault`()
        async throws
    {
        let register = try await opened()
        let path = "/v1/schools/\(TestSchool.hawthorn.id)/training-rules"
        let usual = try register.as(.staff).get(path)
        #expect(usual.json.list("rules").count == 3 && usual.json["set_by"] == nil)
        let wrong = try register.as(.dsl).ask(
            "PUT", path, ["If-Match": "*"],
            [
                "rules": [
                    rule("a", ["satisfied_by": [], "kinds": ["pupil"]]),
                    rule("a", ["kinds": [], "is_needed_for_post": true]),
                ]
            ])
        #expect(
            wrong.faults == [
                "/rules/0/satisfied_by": "satisfied_by_nothing",
                "/rules/0/kinds/0": "not_trained_here", "/rules/1/code": "repeated",
                "/rules/1/kinds": "of_nobody", "/rules/1/is_needed_for_post": "of_no_post",
            ])
        let set = try ask(register, [rule("every_term", ["every_months": 4])])
        #expect(set.status == 200, "\(set.json)")
        #expect(set["from_on"] == "2026-11-20")
        _ = try train(register, [staff])
        #expect(try standing(register, staff, "every_term")["due_on"] == "2027-03-02")
        #expect(try register.as(.office).ask("PUT", path, ["If-Match": "*"], [:]).status == 403)
        // What nobody asks is due of nobody.
        _ = try ask(register, [])
        #expect(try register.as(.dsl).get("/v1/training").data == [])
    }

    @Test func `TRN-02, TRN-05: every kind is recorded, a briefing too, with who was there`()
        async throws
    {
        let register = try await opened()
        for kind in TrainingKind.allCases {
            let told = try train(register, [staff], ["kind": .string(kind.rawValue)])
            #expect(told.status == 201 && told["kind"] == kind.rawValue, "\(told.json)")
        }
        let briefings = try register.as(.dsl).get(
            "/v1/training-records?kind=briefing&person_id=\(staff)")
        #expect(briefings.data.count == 1)
        #expect(briefings.data[0].list("attended_ids").compactMap(\.text) == [staff])
    }

    @Test
    func `TRN-10: that those who answer for online safety keep up to date is on record`()
        async throws
    {
        let register = try await opened()
        func tell(_ how: String, _ more: [String: JSONValue] = [:]) throws -> Reading {
            let usual: [String: JSONValue] = [
                "how": .string(how), "who_id": .string(dsl), "name": "County meeting, autumn",
            ]
            return try register.as(.dsl).post(
                "/v1/professional-updates", object(usual.merging(more) { $1 }))
        }
        #expect(try tell("meeting", ["learnt": "Generated images"]).status == 201)
        #expect(try tell("update_read").status == 201)
        #expect(try tell("guidance_passed_on").faults == ["/passed_on_to": "required"])
        #expect(try tell("guidance_passed_on", ["passed_on_to": "All staff"]).status == 201)
        let told = try register.as(.linkGovernor).get("/v1/professional-updates")
        #expect(told.data.count == 3 && told.data.allSatisfy { $0["who_id"]?.text == dsl })
        #expect(try register.as(.staff).get("/v1/professional-updates").status == 403)
    }

    @Test func `TRN-11: who lacks what a post or an access needs is not given it`() async throws {
        let register = try await opened()
        _ = try ask(
            register,
            [
                rule("admin", ["posts": ["technician"], "is_needed_for_post": true]),
                rule("all", ["needed_for": ["learning_platform"]]),
            ])
        func appoint() throws -> Reading {
            try register.as(.headteacher).post(
                "/v1/schools/\(TestSchool.hawthorn.id)/posts",
                ["person_id": .string(staff), "role": "technician", "from_on": "2026-11-20"])
        }
        let gate = "/v1/gate?person_id=\(staff)&for=learning_platform"
        let shut = try register.as(.dsl).get(gate)
        #expect(shut.json["is_allowed"] == false)
        #expect(shut.json.list("reasons").contains { $0["code"] == "training_wanting" })
        let refused = try appoint()
        #expect(refused.status == 409, "\(refused.json)")
        #expect(refused.codes == ["training_wanting"])
        #expect(
            refused.json["errors"]?[0]?["detail"]?.text?.contains("training") == true)
        // What is asked from a later day on holds from then on.
        _ = try ask(register, [], from: "2026-12-01")
        #expect(try register.as(.dsl).get(gate).json["is_allowed"] == false)
        #expect(try appoint().status == 409)
        let later = try register.as(.dsl).get("\(gate)&as_of=2026-12-02")
        #expect(later.json["is_allowed"] == true)
        _ = try train(register, [staff])
        #expect(try register.as(.dsl).get(gate).json["is_allowed"] == true)
        #expect(try appoint().status == 201)
        // A year later it has run out.
        _ = try ask(register, [rule("all", ["needed_for": ["learning_platform"]])])
        try register.database.setClock("2027-11-04T12:00:00Z")
        #expect(try register.as(.dsl).get(gate).json["is_allowed"] == false)
    }

    @Test func `API-03: an MIS learns whose training is in order by their ids, and no more`()
        async throws
    {
        let register = try await opened()
        let client = try register.machine(.trainingRead).signedIn()
        let told = try client.get("/v1/training?person_id=\(staff)")
        #expect(told.data.count == 1 && told.data[0]["state"] == "due", "\(told.json)")
        #expect(told.data[0]["given_name"] == nil && told.data[0]["family_name"] == nil)
        let table = try client.get("/v1/training?format=csv")
        #expect(table.status == 200 && table.text.contains(staff), "\(table.text)")
        #expect(try client.get("/v1/training-records").status == 403)
        #expect(try client.get("/v1/incidents").status == 403)
    }

    @Test func `an induction training that is on record is a step of the induction`() async throws {
        let newcomer = try await Newcomer.open()
        _ = try newcomer.register.as(.office).post(
            "/v1/training-records",
            [
                "kind": "induction", "name": "First week", "happened_on": "2026-11-03",
                "attended_ids": [.string(newcomer.person.lowercased)],
            ])
        let step = try #require(try newcomer.step(.trainingDone))
        #expect(step["done_on"] == "2026-11-03" && step["source"] == "training")
    }
}

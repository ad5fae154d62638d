import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Whose induction there is, and who may know of it.
@Suite struct `Whose inductions there are` {
    private func add(
        _ newcomer: Newcomer, _ kind: PersonKind, joined day: String? = nil
    ) throws -> String {
        let said: JSONValue = [
            "school_id": .string(newcomer.school.id.lowercased), "kind": .string(kind.rawValue),
            "given_name": "Sam", "family_name": "Elm",
        ]
        let added = try newcomer.register.as(.office).post(
            "/v1/people", day.map { said.with("joined_on", .string($0)) } ?? said)
        try #require(added.status == 201, "\(added.json)")
        return added.id
    }

    private func outstanding(_ newcomer: Newcomer, _ person: String) throws -> [String] {
        try newcomer.list("person_id=\(person)").first?.list("outstanding").compactMap(\.text)
            ?? []
    }

    @Test func `it opens when an adult joins, for the kinds of which it is asked`() async throws {
        let newcomer = try await Newcomer.open()
        let today = try add(newcomer, .volunteer)
        #expect(
            try outstanding(newcomer, today) == [
                "policy_given", "agreement_signed", "training_done",
            ])
        // Still to come, so that the policy can be sent before.
        let soon = try add(newcomer, .supply, joined: "2027-01-04")
        #expect(try outstanding(newcomer, soon).count == 5)
        #expect(try newcomer.list("person_id=\(soon)")[0]["is_overdue"] == false)
        for kind in [PersonKind.contractor, .visitor, .parent, .pupil] {
            #expect(try outstanding(newcomer, add(newcomer, kind)) == [], "\(kind)")
        }
        #expect(try newcomer.list("kind=volunteer,supply").count == 2)
        #expect(try newcomer.list("outstanding=policy_explained").count == 2)
        // Contractors where the school says so.
        try newcomer.asks(from: "2026-11-20", [(.policyGiven, [.contractor])])
        let firm = try add(newcomer, .contractor)
        #expect(try outstanding(newcomer, firm) == ["policy_given"])
        // Who began before that day is asked nothing any more: no rule of theirs was ever set.
        #expect(try newcomer.list().map { $0["kind"] } == ["contractor", "contractor"])
    }

    @Test func `a parent who comes to hold a post is inducted as a governor`() async throws {
        let newcomer = try await Newcomer.open()
        let parent = try add(newcomer, .parent)
        try newcomer.register.database.execute(
            """
            insert into account (id, name, email)
            values ('\(parent)', 'Sam Elm', 'sam@home.example');
            update person set account_id = '\(parent)' where id = '\(parent)';
            insert into seat (school_id, id, account_id, person_id, role, from_on)
            values ('\(newcomer.school.id)', '\(parent)', '\(parent)', '\(parent)', 'governor',
                '2026-11-18')
            """)
        let induction = try #require(try newcomer.list("person_id=\(parent)").first)
        #expect(induction["kind"] == "governor" && induction["began_on"] == "2026-11-18")
        #expect(try newcomer.list("kind=governor").count == 1)
        // Until it is over: then it is read, and nobody waits for it.
        #expect(try newcomer.duties().contains { $0["about_id"]?.text == parent })
        try newcomer.register.database.execute(
            "update seat set until_on = '2026-11-19' where person_id = '\(parent)'")
        #expect(try newcomer.list("kind=governor") == [])
        #expect(try !newcomer.duties().contains { $0["about_id"]?.text == parent })
        let read = try newcomer.register.as(.office).get("/v1/inductions/\(parent)")
        #expect(read["began_on"] == "2026-11-18")
        // One that was never held opens none, and another begins anew.
        try newcomer.register.database.execute(
            """
            update seat set until_on = '2026-11-17' where person_id = '\(parent)';
            insert into seat (school_id, id, account_id, person_id, role, from_on)
            values ('\(newcomer.school.id)', gen_random_uuid(), '\(parent)', '\(parent)',
                'governor', '2026-12-01')
            """)
        let anew = try newcomer.list("kind=governor")
        #expect(anew.map { $0["began_on"] } == ["2026-12-01"])
    }

    /// A school that goes live has none for whoever has worked there for years.
    @Test func `nobody is asked who was there before, or whom the first roster brought`()
        async throws
    {
        let newcomer = try await Newcomer.open()
        let office = newcomer.register.as(.office)
        #expect(try outstanding(newcomer, add(newcomer, .teacher, joined: "2019-09-01")) == [])
        func comes(_ id: String, _ more: [(String, JSONValue)] = []) throws -> [String] {
            let told = try office.roster([row(id, "teacher", "Kim", "Oak", more)])
            try #require(told.status == 201, "\(told.json)")
            return try outstanding(
                newcomer, #require(try office.known(id)?["id"]?.text))
        }
        #expect(try comes("T1") == [])
        #expect(try comes("T2", [("joined_on", "2026-11-16")]).count == 5)
        try newcomer.register.database.setClock("2026-11-27T12:00:00Z")
        #expect(try comes("T3").count == 5)
        #expect(try comes("T4", [("joined_on", "2020-01-06")]) == [])
    }

    @Test func `from the day on that the school sets, in its own words and order`() async throws {
        let newcomer = try await Newcomer.open()
        let path = "/v1/schools/\(newcomer.school.id)/induction-rules"
        let usual = try newcomer.register.as(.staff).get(path)
        #expect(usual["from_on"] == "2026-09-01" && usual.json.list("steps").count == 5)
        #expect(usual.header("etag") == "\"0\"" && usual["set_by"] == nil)
        #expect(try newcomer.asks(from: "2026-11-03", []).status == 200)
        #expect(try newcomer.list() == [])
        let set = try newcomer.register.as(.schoolAdministrator).put(
            path,
            [
                "from_on": "2026-11-02",
                "steps": [
                    [
                        "step": "training_done", "kinds": ["teacher"], "due_days": 30,
                        "words": "Safeguarding, part 2",
                    ],
                    ["step": "policy_given", "kinds": ["teacher"], "due_days": 0],
                ],
            ], ["If-Match": "\"1\""])
        #expect(set.status == 200, "\(set.json)")
        let steps = try newcomer.read().list("steps")
        #expect(steps.map { $0["step"] } == ["training_done", "policy_given"])
        #expect(steps[0]["words"] == "Safeguarding, part 2" && steps[0]["due_on"] == "2026-12-02")
        #expect(steps[1]["words"] == nil && steps[1]["is_overdue"] == true)
        let faulty = try newcomer.asks(
            from: "2026-11-02",
            [(.policyGiven, [.pupil]), (.policyGiven, [.teacher]), (.trainingDone, [])])
        #expect(
            faulty.faults == [
                "/steps/0/kinds/0": "not_inducted", "/steps/1/step": "repeated",
                "/steps/2/kinds": "empty",
            ])
        #expect(try newcomer.asks(from: "2026-11-02", [], by: .office).status == 403)
    }

    @Test func `who left is listed no more, and their induction is still read`() async throws {
        let newcomer = try await Newcomer.open()
        try newcomer.tell([.policyGiven])
        try newcomer.register.database.execute(
            "update person set left_on = '2026-11-19' where id = '\(newcomer.person)'")
        #expect(try newcomer.list() == [])
        #expect(try newcomer.step(.policyGiven)?["outcome"] == "done")
        // Who comes again after years begins anew.
        try newcomer.register.database.execute(
            """
            update person set joined_on = '2028-09-01', left_on = null
            where id = '\(newcomer.person)'
            """)
        #expect(try newcomer.list()[0].list("outstanding").count == 5)
    }

    @Test func `each reads their own, and nobody another's`() async throws {
        let newcomer = try await Newcomer.open()
        try newcomer.answers(.consent)
        #expect(try newcomer.list(by: .staff).count == 1)
        #expect(try newcomer.read(by: .staff)["images"]?[0]?["answer"] == "consent")
        for role in [Role.seniorLeader, .governor, .technician, .dpo] {
            #expect(try newcomer.list(by: role) == [], "\(role)")
            #expect(try newcomer.register.as(role).get(newcomer.path).status == 404, "\(role)")
        }
        for role in [Role.staff, .seniorLeader, .technician] {
            #expect(try newcomer.tell([.policyGiven], by: role).status == 403, "\(role)")
        }
        // That they were asked, an administrator may know; what they said, not.
        let administrators = try newcomer.read(by: .schoolAdministrator)
        #expect(administrators["images"] == nil)
        #expect(
            administrators.list("steps").last?["done_on"] == "2026-11-20"
                && administrators.list("steps").last?["step"] == "image_permission_sought")
        let readings = try newcomer.register.database.entries().filter {
            $0.chain == "reads" && $0.kind == "induction"
        }
        #expect(readings.map(\.deed) == ["opened", "opened"])
        #expect(readings.allSatisfy { $0.records == [newcomer.person] })
    }

    @Test func `what is outstanding waits for those who see to it`() async throws {
        let newcomer = try await Newcomer.open()
        func task(_ role: Role) throws -> JSONValue? {
            try newcomer.register.as(role).get("/v1/me").json.list("to_do")
                .first { $0["kind"] == "induction" }
        }
        for role in [Role.office, .schoolAdministrator, .headteacher, .dsl, .deputyDSL] {
            let task = try #require(try task(role), "\(role)")
            #expect(task["number"] == 1 && task["due_on"] == "2026-11-02")
            #expect(task["is_overdue"] == true)
            let found = try newcomer.register.as(role).get(task["link"]?.text ?? "").data
            #expect(found.map { $0["person_id"]?.text } == [newcomer.person.lowercased])
        }
        #expect(try task(.staff) == nil && task(.seniorLeader) == nil)
        try newcomer.tell(InductionStep.allCases)
        #expect(try task(.office) == nil)
    }
}

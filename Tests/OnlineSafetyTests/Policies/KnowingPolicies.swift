import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Who reads policies, was given them and acknowledged them.
@Suite struct `Knowing policies` {
    @Test func `REV-06: guidance is relied on with its year, and what is out of date is told`()
        async throws
    {
        let work = try await PolicyAtWork.open()
        let id = try work.write(
            PolicyAtWork.text(
                with: "guidance",
                [
                    ["code": "keeping_children_safe", "year": 2023],
                    ["code": "working_together", "year": 2026],
                    ["code": "The county's guidance", "year": 2019],
                ])
        ).id
        let guidance = try work.read(id).list("guidance")
        #expect(guidance.map { $0["is_out_of_date"] } == [true, false, false])
        #expect(guidance[0]["newest_year"] == 2026)
        #expect(guidance[0]["name"] == "Keeping Children Safe in Education")
        #expect(guidance[2]["newest_year"] == nil)
        #expect(try work.read(id)["linked"]?[0]?["name"] == "Child protection policy")
        // An operator adds the next edition.
        try work.register.database.execute(
            "insert into guidance_edition values ('working_together', 'Working Together', 2027)")
        #expect(try work.read(id)["guidance"]?[1]?["is_out_of_date"] == true)
    }

    /// The procedure for incidents is a document like any other (000, 004).
    @Test func `TRN-09: who knows the incident procedure is on record, and who has not been told`()
        async throws
    {
        let work = try await PolicyAtWork.open()
        let procedure = PolicyAtWork.text(with: "name", "What to do about an incident")
        let id = try work.write(procedure).id
        try work.act(.approved, on: id, by: .headteacher)
        try work.act(.approved, on: id, by: .governor)
        try work.act(.published, on: id, by: .dsl)
        let path = "/v1/policies/\(id)/receipts"
        func people(_ query: String, _ role: Role = .office) throws -> [String] {
            let told = try work.register.as(role).get("\(path)?limit=500&\(query)")
            try #require(told.status == 200, "\(told.text)")
            return told.data.compactMap { $0["person_id"]?.text }
        }
        let adults = try people("is_given=false")
        let (staff, dsl) = (
            work.school.person(.staff).lowercased, work.school.person(.dsl).lowercased
        )
        #expect(adults.contains(staff) && adults.contains(dsl))
        #expect(!adults.contains(work.school.pupil.lowercased))
        let given = try work.register.as(.office).post(
            path, ["act": "given", "person_ids": .array(adults.map { .string($0) })])
        #expect(given.status == 201, "\(given.text)")
        #expect(try people("is_given=false") == [])
        let known = try work.register.as(.staff).post(path, ["act": "acknowledged"])
        #expect(known.status == 201)
        let paper = try work.register.as(.office).post(
            path,
            ["act": "acknowledged", "on": "2026-11-20", "person_ids": [.string(dsl)]])
        #expect(paper.status == 201, "\(paper.text)")
        #expect(try Set(people("is_acknowledged=true")) == [staff, dsl])
        #expect(try Set(people("is_acknowledged=false")) == Set(adults).subtracting([staff, dsl]))
        let read = try work.register.as(.office).get("\(path)?is_acknowledged=true").data
        #expect(read.allSatisfy { $0["acknowledged_on"] == "2026-11-20" && $0["who"] != nil })
        // Whoever joins later has not been told.
        try work.register.database.execute(
            """
            insert into person (school_id, id, kind, given_name, family_name)
            values ('\(work.school.id)', gen_random_uuid(), 'teacher', 'New', 'Comer')
            """)
        #expect(try people("is_given=false").count == 1)
        #expect(try people("is_given=false", .staff) == [])
    }

    @Test func `REV-08: what is in force is read by anybody, with its appendices, and no draft`()
        async throws
    {
        let work = try await PolicyAtWork.open()
        let path = "/v1/schools/\(work.school.id)/published-policies"
        let draft = try work.write(PolicyAtWork.text(with: "name", "Phones")).id
        #expect(try work.register.nobody.get(path).json["policies"] == [])
        let id = try work.inForce()
        let told = try work.register.nobody.get(path)
        #expect(told.status == 200 && told.header("cache-control") == "public, max-age=300")
        let policies = told.json.list("policies")
        #expect(policies.map { $0["id"]?.text } == [id])
        // Each is read whole by itself: many of them, each as long as it may be, is no answer.
        #expect(
            Set(policies[0].names) == ["id", "name", "version", "in_force_from", "review_on"])
        let whole = try work.register.nobody.get("\(path)/\(id)")
        #expect(whole.json["sections"]?[0]?["paragraphs"] == ["That everybody is safe online."])
        #expect(whole.json["appendices"]?[0]?["link"] == "https://hawthorn.example/rules")
        #expect(whole.keys.isDisjoint(with: ["dsls", "headteacher", "approved_by", "authors"]))
        let tag = try #require(whole.header("etag"))
        #expect(try work.register.nobody.get("\(path)/\(id)", ["If-None-Match": tag]).status == 304)
        #expect(try work.register.nobody.get("\(path)/\(draft)").status == 404)
        let elsewhere = "/v1/schools/\(TestSchool.rosehip.id)/published-policies"
        #expect(try work.register.nobody.get("\(elsewhere)/\(id)").status == 404)
        let etag = try #require(told.header("etag"))
        #expect(try work.register.nobody.get(path, ["If-None-Match": etag]).status == 304)
        // Whoever only works there reads what is in force, too.
        for role in [Role.staff, .schoolAdministrator] {
            let listed = try work.register.as(role).get("/v1/policies").data
            #expect(listed.map { $0["id"]?.text } == [id], "\(role)")
            #expect(try work.register.as(role).get("/v1/policies/\(draft)").status == 404)
        }
        #expect(
            try work.register.nobody.get("/v1/schools/\(Scene.missing)/published-policies")
                .status == 404)
    }

    @Test func `REV-09: who was given it, and who acknowledged it as read and understood`()
        async throws
    {
        let work = try await PolicyAtWork.open()
        let id = try work.inForce()
        func record(_ body: JSONValue, by role: Role) throws -> Reading {
            try work.register.as(role).post("/v1/policies/\(id)/receipts", body)
        }
        func list(_ query: String = "", by role: Role = .office) throws -> [JSONValue] {
            try work.register.as(role).get("/v1/policies/\(id)/receipts?\(query)").data
        }
        let roles = [Role.staff, .technician, .governor]
        let people = roles.map { JSONValue.string(work.school.person($0).lowercased) }
        let early = try record(["act": "acknowledged", "on": "2019-01-01"], by: .staff)
        #expect(early.faults == ["/on": "before_it_was_approved"])
        let given = try record(
            ["act": "given", "person_ids": .array(people), "on": "2026-11-19"], by: .office)
        #expect(given.status == 201, "\(given.json)")
        let listed = try list("is_acknowledged=false")
        #expect(listed.count == 3 && listed[0]["due_on"] == "2026-12-03")
        let task = try work.register.as(.staff).get("/v1/me").json.list("to_do")
            .first { $0["kind"] == "policy_to_acknowledge" }
        #expect(task?["number"] == 1 && task?["due_on"] == "2026-12-03")
        #expect(
            try ReviewsAtWork(register: work.register).duties(of: "policy").filter {
                $0.hasPrefix("policy_to_acknowledge")
            } == [String](repeating: "policy_to_acknowledge REV-09 2026-12-03 2026-11-19", count: 3)
        )

        // Of who has left nobody asks it any more.
        try work.register.database.execute(
            """
            update person set left_on = '2026-11-19'
            where id = '\(work.school.person(.governor))'
            """)
        #expect(
            try ReviewsAtWork(register: work.register).duties(of: "policy").filter {
                $0.hasPrefix("policy_to_acknowledge")
            }.count == 2)
        try work.register.database.execute("update person set left_on = null")

        #expect(try record(["act": "acknowledged"], by: .staff).status == 201)
        // For others nobody does it but who prepares policies, as on paper.
        #expect(
            try record(["act": "acknowledged", "person_ids": [people[1]]], by: .staff).status
                == 403)
        #expect(try record(["act": "given"], by: .technician).status == 403)
        #expect(
            try record(["act": "acknowledged", "person_ids": [people[1]]], by: .dsl).status == 201)
        let known = try list("is_acknowledged=true")
        #expect(known.map { $0["is_by_themselves"] } == [true, false])
        #expect(try list("is_acknowledged=false").map { $0["who"] } == ["The Governor"])
        #expect(try list(by: .staff).count == 1 && list(by: .schoolAdministrator).isEmpty)
        // Again is nothing; of whoever was not given it before, both are put down.
        #expect(try record(["act": "acknowledged"], by: .staff).status == 201)
        #expect(try record(["act": "acknowledged"], by: .seniorLeader).status == 201)
        #expect(try list().count == 4)
        let faulty = try record(
            [
                "act": "given", "on": "2026-12-24",
                "person_ids": [people[0], .string(work.school.pupil.lowercased)],
            ], by: .office)
        #expect(
            faulty.faults == ["/person_ids/1": "unknown_person", "/on": "in_the_future"])
    }

    @Test func `REV-20: a school without one points to those that hold it`() async throws {
        let work = try await PolicyAtWork.open()
        let set = try work.rules(
            [["name": "Agreed", "roles": ["headteacher"]]],
            [
                ("held_in", [["name": "Child protection policy", "link": "https://h.example/c"]]),
                ("reporting", "On the last page of the staff handbook"),
            ])
        #expect(set.status == 200, "\(set.json)")
        let told = try work.register.nobody.get(
            "/v1/schools/\(work.school.id)/published-policies")
        #expect(told.json["held_in"]?[0]?["name"] == "Child protection policy")
        #expect(told["reporting"] == "On the last page of the staff handbook")
        #expect(told.json["policies"] == [])
    }
}

extension JSONValue {
    /// The names of the members of an object.
    fileprivate var names: [String] {
        guard case .object(let object) = self else { return [] }
        return object.members.map(\.name)
    }
}

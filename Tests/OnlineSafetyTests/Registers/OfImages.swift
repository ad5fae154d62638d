import JSON
import Testing

@testable import OnlineSafety

/// What parents were told of images, and what pupils may do with them.
@Suite struct `Registers of images` {
    @Test func `CON-13: the guidance that parents were given, and where they may photograph`()
        async throws
    {
        let register = try await Register.open()
        let office = register.as(.office)
        let guidance = try office.post(
            "/v1/image-guidances",
            [
                "name": "Photographs at events", "says": "Own child only; never online",
                "how": "Newsletter", "happened_on": "2026-09-10",
            ])
        #expect(guidance.status == 201 && guidance["happened_on"] == "2026-09-10")
        let event: JSONValue = [
            "name": "Winter play", "may_photograph": true, "from_on": "2026-12-10",
            "until_on": "2026-12-11",
        ]
        #expect(
            try office.post("/v1/photography-events", event).faults == ["/told_how": "required"])
        let told = try office.post(
            "/v1/photography-events", event.with("told_how", "By the head, before it began"))
        #expect(told.status == 201, "\(told.json)")
        for role in [Role.staff, .governor, .technician] {
            let visitor = register.as(role)
            #expect(try visitor.get("/v1/image-guidances").data.count == 1)
            #expect(
                try visitor.get("/v1/photography-events/\(told.id)").json["may_photograph"]
                    == true)
            #expect(try visitor.post("/v1/image-guidances", [:]).status == 403)
        }
    }

    @Test func `CON-14: whether pupils may upload photographs each school says`() async throws {
        let register = try await Register.open()
        let path = "/v1/schools/\(TestSchool.hawthorn.id)/settings/pupils-upload-photographs"
        let head = register.as(.headteacher)
        #expect(try register.as(.office).get(path)["value"] == "no")
        for word in ["with_permission", "yes", "no"] {
            let set = try head.put(path, ["value": .string(word)], ["If-Match": "*"])
            #expect(set.status == 200 && set["value"] == word)
            #expect(try register.as(.dsl).get(path)["value"] == word)
        }
        #expect(try head.put(path, ["value": "sometimes"], ["If-Match": "*"]).status == 422)
        let other = "/v1/schools/\(TestSchool.rosehip.id)/settings/pupils-upload-photographs"
        #expect(try register.as(.dsl, at: .rosehip).get(other)["value"] == "no")
    }

    @Test func `CON-16: what is put down of images names no store but one that is agreed today`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        let (head, staff) = (register.as(.headteacher), register.as(.staff))
        func agree(_ store: JSONValue, by visitor: Visitor, at school: TestSchool = .hawthorn)
            throws -> String
        {
            let told = try visitor.post(
                "/v1/secure-stores",
                store.with("school_id", .string(school.id.lowercased)).with(
                    "from_on", "2026-09-01"))
            try #require(told.status == 201, "\(told.json)")
            return told.id
        }
        let share = try agree(["kind": "network", "name": "Staff share"], by: head)
        let cloud = try agree(
            ["kind": "cloud", "name": "Photo vault", "provider": "Vault Ltd"], by: head)
        let foreign = try agree(
            ["kind": "network", "name": "Theirs"], by: register.as(.headteacher, at: .rosehip),
            at: .rosehip)
        let list = try staff.get("/v1/secure-stores").data
        #expect(Set(list.compactMap { $0["name"]?.text }) == ["Staff share", "Photo vault"])
        #expect(try staff.post("/v1/secure-stores", [:]).status == 403)

        let images: JSONValue = [
            "school_id": .string(TestSchool.hawthorn.id.lowercased), "device": "HW-0142",
            "is_schools": true, "session": "The assembly", "keeper_id": Case.person(.staff),
            "happened_on": "2026-11-19",
        ]
        let committee = try register.entry(of: "committee")
        for other in [foreign, committee, ID<Incident>.example.string] {
            let refused = try staff.post(
                "/v1/temporary-images", images.with("store_id", .string(other)))
            #expect(refused.faults == ["/store_id": "unknown_entry"], "\(other)")
        }
        let told = try staff.post(
            "/v1/temporary-images", images.with("store_id", .string(cloud)))
        #expect(told.status == 201 && told["store"] == "Photo vault", "\(told.json)")

        // A store that is agreed no more takes no more, and the record of what lay there stays.
        let ended = try head.ask(
            "PATCH", "/v1/secure-stores/\(cloud)", ["If-Match": "*"],
            ["until_on": "2026-11-19"])
        #expect(ended.status == 200, "\(ended.json)")
        let late = try staff.post(
            "/v1/temporary-images", images.with("store_id", .string(cloud)))
        #expect(late.faults == ["/store_id": "unknown_entry"])
        #expect(try staff.get("/v1/temporary-images/\(told.id)")["store"] == "Photo vault")
        let moved = try staff.ask(
            "PATCH", "/v1/temporary-images/\(told.id)", ["If-Match": "*"],
            ["store_id": .string(share)])
        #expect(moved["store"] == "Staff share")
    }

    @Test func `CON-16, ACC-12: nobody reaches stored images who is not on the list`()
        async throws
    {
        let access = try await AccessAtWork.open()
        let (head, school) = (access.register.as(.headteacher), access.school)
        func gate(_ role: Role, on day: String = "2026-11-20") throws -> JSONValue {
            let told = try access.register.as(.technician).get(
                "/v1/gate?person_id=\(school.person(role))&for=pupil_images&as_of=\(day)")
            try #require(told.status == 200)
            return told.json
        }
        for role in [Role.staff, .headteacher, .dsl, .technician] {
            let told = try gate(role)
            #expect(told["is_allowed"] == false, "\(role)")
            #expect(told["reasons"]?.codes == ["not_approved_for_images"], "\(role)")
        }
        // Access to a store waits for it.
        let system = try access.system("Photo vault", .learningPlatform, ["opens": "pupil_images"])
        let asked = try access.ask(system, for: school.person(.staff))
        #expect(try access.act("approval", on: asked.id, by: .headteacher).status == 201)
        let early = try access.act("activation", on: asked.id, by: .technician)
        #expect(early.status == 409, "\(early.json)")
        #expect(early.json["errors"]?.codes == ["not_approved_for_images"])

        let approval: JSONValue = [
            "school_id": .string(school.id.lowercased), "person_id": Case.person(.staff),
            "for_what": "The website", "approved_by_id": Case.person(.headteacher),
            "from_on": "2026-11-20",
        ]
        for role in [Role.staff, .technician, .office] {
            #expect(
                try access.register.as(role).post("/v1/image-approvals", approval).status == 403)
        }
        let by = try head.post(
            "/v1/image-approvals",
            approval.without(["approved_by_id"])
                .with("approved_by_id", Case.person(.technician)))
        #expect(by.faults == ["/approved_by_id": "not_in_such_a_post"])
        let approved = try head.post("/v1/image-approvals", approval)
        #expect(approved.status == 201, "\(approved.json)")
        let listed = try access.register.as(.dpo).get("/v1/image-approvals").data
        #expect(listed.map { $0["person_id"] } == [Case.person(.staff)])
        #expect(try gate(.staff)["is_allowed"] == true)
        #expect(try gate(.staff, on: "2026-11-19")["is_allowed"] == false)
        // Who approves is not approved by that.
        #expect(try gate(.headteacher)["is_allowed"] == false)
        #expect(try access.act("activation", on: asked.id, by: .technician).status == 201)

        let ended = try head.ask(
            "PATCH", "/v1/image-approvals/\(approved.id)", ["If-Match": "*"],
            ["until_on": "2026-11-25"])
        #expect(ended.status == 200, "\(ended.json)")
        let until = try gate(.staff)
        #expect(until["is_allowed"] == true && until["until"] == "2026-11-25")
        #expect(try gate(.staff, on: "2026-11-26")["is_allowed"] == false)
        #expect(try access.state(asked.id) == "active")
        try access.at("2026-11-26T12:00:00Z")
        #expect(try access.state(asked.id) == "suspended")
    }
}

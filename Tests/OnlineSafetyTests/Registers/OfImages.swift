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
}

import JSON
import Testing

@testable import OnlineSafety

/// What is only dated of policies and of those who answer for online safety.
@Suite struct `What is put down of policies` {
    @Test func `REV-07: what staff, learners, parents and others said of a policy`() async throws {
        let register = try await Register.open()
        let path = "/v1/stakeholder-inputs"
        let said: JSONValue = [
            "groups": ["learners", "parents"], "policy": "Online safety policy",
            "words": "The rules are too long", "outcome": "A page for the infants",
        ]
        #expect(try register.as(.office).post(path, said).status == 201)
        let read = try register.as(.governor).get("\(path)?groups=parents").data
        #expect(read.map { $0["words"] } == ["The rules are too long"])
        let named = try register.as(.dsl).post(
            path,
            [
                "groups": [], "policy": "Online safety policy",
                "words": "Robin Ash of Hawthorn finds them too long",
            ])
        #expect(named.status == 422)
        let other = try register.as(.dsl).post(
            path,
            [
                "groups": ["learners"], "policy": "Online safety policy",
                "words": "Robin Ash of Hawthorn finds them too long",
            ])
        #expect(other.faults == ["/words": "names_a_person"])
    }

    @Test func `REV-08: where else a policy was made known`() async throws {
        let register = try await Register.open()
        let told = try register.as(.office).post(
            "/v1/policy-announcements",
            ["policy": "Online safety policy", "channels": ["website", "newsletter"]])
        #expect(told.status == 201, "\(told.json)")
        let read = try register.as(.staff).get("/v1/policy-announcements?channels=website").data
        #expect(read.map { $0["channels"] } == [["website", "newsletter"]])
    }

    @Test func `REV-16: meetings on what is new, and reports that the leadership received`()
        async throws
    {
        let register = try await Register.open()
        let school = TestSchool.hawthorn
        func record(_ what: String, _ role: Role) throws -> Reading {
            try register.as(.dsl).post(
                "/v1/oversight-records",
                [
                    "what": .string(what), "subject": "The county's network",
                    "people_ids": [.string(school.person(role).lowercased)],
                ])
        }
        #expect(try record("update_meeting", .onlineSafetyCoordinator).status == 201)
        #expect(try record("monitoring_report", .seniorLeader).status == 201)
        let faulty = try record("monitoring_report", .office)
        #expect(faulty.faults == ["/people_ids/0": "not_in_such_a_post"])
        let read = try register.as(.seniorLeader).get("/v1/oversight-records").data
        #expect(read.count == 2)
        #expect(
            Set(read.compactMap { $0["people"]?[0]?.text })
                == ["The Online safety coordinator", "The Senior leader"])
    }
}

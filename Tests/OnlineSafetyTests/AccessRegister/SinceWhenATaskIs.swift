import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Since when a task of the technician's is one: the last of the facts that make it so.
@Suite struct `Since when an access task is one` {
    private let school = TestSchool.hawthorn

    private func pupil(
        _ more: [(String, JSONValue)] = [], _ name: String = "Kim"
    ) -> JSONValue {
        let usual: [(String, JSONValue)] = [
            ("year_group", "3"), ("class_name", "3A"), ("joined_on", "2021-09-01"),
        ]
        return row(
            "P1", "pupil", name, "Oak",
            usual.filter { said in !more.contains { $0.0 == said.0 } } + more)
    }

    private func set(
        _ rules: [String: JSONValue], of system: String, _ access: AccessAtWork
    ) throws {
        let set = try access.register.as(.headteacher).put(
            "/v1/access-systems/\(system)", AccessAtWork.rules(rules), ["If-Match": "*"])
        try #require(set.status == 200, "\(set.json)")
    }

    /// What is to be done for somebody, and since when.
    private func tasks(_ access: AccessAtWork, for person: String) throws -> [String] {
        try access.tasks().filter { $0["person_id"]?.text == person }.map {
            "\($0["task"]?.text ?? "") \($0["since"]?.text ?? "")"
        }
    }

    private func kim(_ access: AccessAtWork) throws -> String {
        _ = try access.register.as(.office).roster([pupil()])
        return try #require(access.register.as(.office).known("P1")?["id"]?.text)
    }

    @Test func `one is given since they joined, since the rules say so, and since they are back`()
        async throws
    {
        let access = try await AccessAtWork.open()
        let office = access.register.as(.office)
        let (kim, staff) = (try kim(access), school.person(.staff).lowercased)
        let given: [String: JSONValue] = ["roster_kinds": ["pupil"]]
        let system = try access.system("Purple Mash", .learningPlatform, given)
        #expect(try tasks(access, for: kim) == ["give 2026-11-20"])
        let due = try access.register.as(.office).get("/v1/duties?kind=access_task").data
        #expect(due.allSatisfy { $0["due_on"] == "2026-11-20" && $0["state"] != "overdue" })
        // Other words of the same rules change nothing; what they say anew of others is new.
        try access.at("2026-11-23T12:00:00Z")
        try set(
            ["roster_kinds": ["pupil", "teacher"], "on_leaving": "delete"], of: system, access)
        #expect(try tasks(access, for: kim) == ["give 2026-11-20"])
        #expect(try tasks(access, for: staff) == ["give 2026-11-23"])
        // So does the school's word of all pupils.
        try access.sets("pupil-accounts", to: "none")
        #expect(try tasks(access, for: kim) == [])
        try access.at("2026-11-24T12:00:00Z")
        try access.sets("pupil-accounts", to: "each")
        try access.at("2026-11-25T12:00:00Z")
        try access.sets("pupil-accounts", to: "some")
        #expect(try tasks(access, for: kim) == ["give 2026-11-24"])
        // Whoever left and is back.
        _ = try office.roster([pupil([("left_on", "2026-11-23")])])
        #expect(try tasks(access, for: kim) == [])
        try access.at("2026-11-30T12:00:00Z")
        _ = try office.roster([pupil([("left_on", .null)])])
        #expect(try tasks(access, for: kim) == ["give 2026-11-30"])
    }

    @Test func `one is closed since the post is over, whenever the rules were set`() async throws {
        let access = try await AccessAtWork.open()
        let posts: [String: JSONValue] = ["posts": ["office"]]
        let system = try access.system("Records", .safeguardingRecords, posts)
        let person = school.person(.office)
        _ = try access.give(system, to: person)
        try access.register.database.execute(
            "update seat set until_on = '2026-11-24' where role = 'office'")
        try access.at("2026-11-26T12:00:00Z")
        #expect(try tasks(access, for: person.lowercased) == ["close 2026-11-25"])
        try access.at("2026-11-27T12:00:00Z")
        try set(["posts": ["office"], "on_leaving": "delete"], of: system, access)
        #expect(try tasks(access, for: person.lowercased) == ["close 2026-11-25"])
    }

    @Test func `one is closed since the rules said so of what somebody is, or they became it`()
        async throws
    {
        let access = try await AccessAtWork.open()
        let kim = try kim(access)
        let levels: JSONValue = [["phase": "key_stage_1", "level": "none"]]
        let system = try access.system("Purple Mash", .learningPlatform, ["levels": levels])
        _ = try access.give(system, to: #require(UUID(uuidString: kim)))
        try access.at("2026-11-23T12:00:00Z")
        _ = try access.register.as(.office).roster([pupil([("year_group", "2")])])
        try access.at("2026-11-25T12:00:00Z")
        _ = try access.register.as(.office).roster([pupil([("year_group", "1")], "Kimberley")])
        #expect(try tasks(access, for: kim) == ["close 2026-11-23"])
        // Another reason for the same, and the same rules anew, are no later day.
        try set(["levels": levels, "is_in_use": false], of: system, access)
        try access.at("2026-11-26T12:00:00Z")
        try set(["levels": levels], of: system, access)
        #expect(try tasks(access, for: kim) == ["close 2026-11-23"])
    }

    @Test func `one is moved since the class is another, whatever else is corrected`()
        async throws
    {
        let access = try await AccessAtWork.open()
        let kim = try kim(access)
        let system = try access.system("Mail", .pupilEmail)
        _ = try access.give(system, to: #require(UUID(uuidString: kim)))
        try access.at("2026-11-23T12:00:00Z")
        let moved: [(String, JSONValue)] = [("class_name", "3B")]
        _ = try access.register.as(.office).roster([pupil(moved)])
        #expect(try tasks(access, for: kim) == [])
        try access.at("2026-11-24T12:00:00Z")
        try set(["follows_classes": true], of: system, access)
        #expect(try tasks(access, for: kim) == ["move 2026-11-24"])
        try access.at("2026-11-25T12:00:00Z")
        _ = try access.register.as(.office).roster([pupil(moved, "Kimberley")])
        #expect(try tasks(access, for: kim) == ["move 2026-11-24"])
        _ = try access.register.as(.office).roster([pupil([("class_name", "3C")], "Kimberley")])
        #expect(try tasks(access, for: kim) == ["move 2026-11-25"])
    }
}

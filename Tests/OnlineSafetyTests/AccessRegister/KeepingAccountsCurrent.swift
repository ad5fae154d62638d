import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// What a technician has to do because somebody came, went or changed class.
@Suite struct `Keeping accounts current` {
    private let school = TestSchool.hawthorn
    private let rules: [String: JSONValue] = [
        "roster_kinds": ["pupil"], "follows_classes": true, "on_leaving": "delete",
    ]

    private func pupil(
        _ id: String, in className: JSONValue = "3A", _ more: [(String, JSONValue)] = []
    ) -> JSONValue {
        row(id, "pupil", "Kim", "Oak", [("year_group", "3"), ("class_name", className)] + more)
    }

    @Test func `ACC-08: joining, and leaving by either way, are tasks for the technician`()
        async throws
    {
        let access = try await AccessAtWork.open()
        let office = access.register.as(.office)
        let system = try access.system("Purple Mash", .learningPlatform, rules)
        let frozen = try access.system("Teams")
        // The pupil who is there already, and one who joins.
        #expect(try access.tasks().map { $0["person_id"]?.text } == [school.pupil.lowercased])
        #expect(try office.roster([pupil("P1")]).number("added") == 1)
        let tasks = try access.tasks("system_id=\(system)&task=give")
        #expect(tasks.count == 2 && tasks.allSatisfy { $0["wanted"] == "activated" })
        #expect(try access.waiting(for: .technician)["access_task"] == 2)
        #expect(try access.waiting(for: .office)["access_task"] == nil)
        let joined = try #require(tasks.first { $0["who"] == "Kim Oak" })
        let given = try access.complete(joined)
        #expect(given.status == 201 && given["outcome"] == "activated", "\(given.json)")
        #expect(given["done_by"] == Role.technician.label && given.id == joined["id"]?.text)
        #expect(try access.complete(joined).status == 404)
        let id = try #require(given["grant_id"])
        let read = try access.read(id)
        #expect(read["state"] == "active" && read.json["is_by_roster"] == true)
        #expect(read["granted_by"] == Role.headteacher.label)
        let person = try #require(read["person_id"].flatMap(UUID.init))
        let other = try access.give(frozen, to: person)

        // The MIS tells that they leave.
        let leaving = pupil("P1", in: "3A", [("left_on", "2026-11-27")])
        #expect(try office.roster([leaving]).status == 201)
        try access.at("2026-11-27T12:00:00Z")
        #expect(try access.state(id) == "active")
        try access.at("2026-11-28T12:00:00Z")
        #expect(try access.state(id) == "ended" && access.read(id)["since"] == "2026-11-28")
        let close = try access.tasks("task=close")
        #expect(Set(close.map { $0["grant_id"]?.text }) == [id, other])
        #expect(close.first { $0["grant_id"]?.text == id }?["wanted"] == "deleted")
        #expect(close.first { $0["grant_id"]?.text == other }?["wanted"] == "frozen")
        #expect(close.allSatisfy { $0["since"] == "2026-11-28" })
        for task in close { #expect(try access.complete(task).status == 201) }
        #expect(try access.state(id) == "deleted" && access.state(other) == "frozen")
        #expect(try access.tasks("task=close").isEmpty)
        #expect(try access.tasks("is_done=true").count == 3)

        // Somebody whom the headteacher lets go.
        let staff = try access.give(frozen, to: school.person(.staff))
        let left = try access.register.as(.headteacher).post(
            "/v1/people/\(school.person(.staff))/leaving", [:])
        #expect(left.status == 201)
        #expect(try access.state(staff) == "ended")
        #expect(try access.tasks("task=close").map { $0["grant_id"]?.text } == [staff])
    }

    @Test func `ACC-09: another class is a task until the account stands in it`() async throws {
        let access = try await AccessAtWork.open()
        let office = access.register.as(.office)
        _ = try access.system("Purple Mash", .learningPlatform, rules)
        _ = try access.system("Teams", .learningPlatform, ["roster_kinds": ["pupil"]])
        _ = try office.roster([pupil("P1")])
        for task in try access.tasks() {
            let given = try access.complete(task)
            #expect(given.status == 201, "\(given.json)")
        }
        #expect(try access.tasks().isEmpty)
        _ = try office.roster([pupil("P1", in: "3B")])
        let moved = try access.tasks()
        try #require(moved.map { $0["task"] } == ["move"])
        #expect(moved[0]["class_before"] == "3A" && moved[0]["class_name"] == "3B")
        #expect(moved[0]["system"] == "Purple Mash")
        // Who goes back in the meantime was never moved.
        _ = try office.roster([pupil("P1")])
        #expect(try access.tasks().isEmpty)
        _ = try office.roster([pupil("P1", in: "3B")])
        #expect(try access.complete(moved[0]).status == 201)
        #expect(try access.tasks().isEmpty)
        // And again, which is another task.
        _ = try office.roster([pupil("P1")])
        let again = try access.tasks()
        #expect(again.map { $0["class_name"] } == ["3A"] && again[0]["id"] != moved[0]["id"])
        let done = try access.tasks("is_done=true&task=move")
        #expect(done.map { $0["class_name"] } == ["3B"])
        #expect(done[0]["done_by"] == .string(Role.technician.label))
    }

    @Test func `an account on joining passes the gate, or is said not to be needed`() async throws {
        let access = try await AccessAtWork.open()
        let template = try access.register.template("Pupils", for: [["kind": "pupil"]])
        _ = try access.register.publish(
            agreementText(["opens": ["learning_platform"], "signers": "pupil"]), of: template)
        _ = try access.system("Purple Mash", .learningPlatform, rules)
        let task = try #require(try access.tasks().first)
        let shut = try access.complete(task)
        #expect(shut.status == 409 && shut.codes == ["agreement_unsigned"])
        #expect(try access.complete(task, ["outcome": "frozen"]).faults["/outcome"] == "not_so")
        let unsaid = try access.complete(task, ["outcome": "withdrawn"])
        #expect(unsaid.faults == ["/note": "required"])
        let unneeded = try access.complete(
            task, ["outcome": "withdrawn", "note": "Her parents will not have it"])
        #expect(unneeded.status == 201 && unneeded["note"] == "Her parents will not have it")
        #expect(try access.tasks().isEmpty)
        #expect(try access.list("state=active").isEmpty)
        for role in [Role.headteacher, .dsl, .staff] {
            #expect(try access.complete(task, by: role).status == 403, "\(role)")
        }
    }

    @Test func `ACC-08: whoever comes back is given theirs anew, whether frozen or refused before`()
        async throws
    {
        let access = try await AccessAtWork.open()
        let office = access.register.as(.office)
        let system = try access.system(
            "Purple Mash", .learningPlatform, ["roster_kinds": ["pupil"]])
        _ = try office.roster([pupil("P1", in: "3A", [("left_on", .null)])])
        func give() throws -> JSONValue? {
            try access.tasks("task=give").first { $0["who"] == "Kim Oak" }
        }
        let first = try access.complete(#require(try give()))
        #expect(first.status == 201)
        _ = try office.roster([pupil("P1", in: "3A", [("left_on", "2026-11-19")])])
        let close = try #require(try access.tasks("task=close").first)
        #expect(try access.complete(close)["outcome"] == "frozen")
        try access.at("2026-12-01T12:00:00Z")
        #expect(try give() == nil)
        _ = try office.roster([pupil("P1", in: "3A", [("left_on", .null)])])
        let again = try access.complete(#require(try give()))
        #expect(again.status == 201 && again["grant_id"] != first["grant_id"])
        #expect(try give() == nil)

        // A refused request says nothing of what joining gives; a task says that none is needed.
        let asked = try access.ask(system, for: school.pupil)
        let refused = try access.act(
            "refusal", on: asked.id, by: .headteacher, ["reason": "Not by request"])
        #expect(refused.status == 201)
        let other = try #require(
            try access.tasks("task=give").first { $0["person_id"]?.text == school.pupil.lowercased }
        )
        #expect(
            try access.complete(other, ["outcome": "withdrawn", "note": "Not yet"]).status == 201)
        #expect(try access.tasks("task=give").isEmpty)
    }

    @Test(
        arguments: ["pupils_have_none", "not_in_this_phase", "not_in_use", "not_for_this_kind"])
    func `ACC-08: an account that the rules let nobody have any more is to be closed`(
        why: String
    ) async throws {
        let access = try await AccessAtWork.open()
        let system = try access.system()
        let id = try access.give(system, to: school.pupil)
        let kept = try access.give(access.system("Mail"), to: school.person(.staff))
        #expect(try access.tasks().isEmpty)
        try access.at("2026-11-23T12:00:00Z")
        let rules: [String: JSONValue] =
            switch why {
            case "pupils_have_none": ["pupil_accounts": "none"]
            case "not_in_this_phase": ["levels": [["phase": "key_stage_2", "level": "none"]]]
            case "not_in_use": ["is_in_use": false]
            default: ["kinds": ["teacher"]]
            }
        let set = try access.register.as(.headteacher).put(
            "/v1/access-systems/\(system)", AccessAtWork.rules(rules), ["If-Match": "*"])
        #expect(set.status == 200)
        let task = try #require(try access.tasks().first)
        #expect(task["task"] == "close" && task["because"]?.text == why)
        #expect(task["grant_id"]?.text == id && task["since"] == "2026-11-23")
        #expect(try access.complete(task).status == 201 && access.state(id) == "frozen")
        #expect(try access.tasks().isEmpty && access.state(kept) == "active")
    }

    @Test func `the school's word that no pupil has an account closes them all`() async throws {
        let access = try await AccessAtWork.open()
        _ = try access.give(access.system(), to: school.pupil)
        _ = try access.give(access.system("Mail"), to: school.person(.staff))
        try access.sets("pupil-accounts", to: "none")
        let tasks = try access.tasks()
        #expect(tasks.map { $0["because"] } == ["pupils_have_none"])
        #expect(tasks[0]["person_id"]?.text == school.pupil.lowercased)
    }

    @Test func `whoever lost the post loses what goes with it`() async throws {
        let access = try await AccessAtWork.open()
        let system = try access.system("Records", .safeguardingRecords, ["posts": ["office"]])
        let id = try access.give(system, to: school.person(.office))
        #expect(try access.tasks().isEmpty)
        try access.register.database.execute(
            "update seat set until_on = '2026-11-22' where role = 'office'")
        try access.at("2026-11-23T12:00:00Z")
        let task = try #require(try access.tasks().first)
        #expect(task["because"] == "post_not_held" && task["grant_id"]?.text == id)
        #expect(task["since"] == "2026-11-23")
    }

    @Test func `whoever comes back before anything was done has it again`() async throws {
        let access = try await AccessAtWork.open()
        let office = access.register.as(.office)
        _ = try office.roster([pupil("P1", in: "3A", [("left_on", .null)])])
        let person = try #require(
            office.get("/v1/people?external_id=P1").data.first?["id"]?.text.flatMap(UUID.init))
        let id = try access.give(access.system(), to: person)
        _ = try office.roster([pupil("P1", in: "3A", [("left_on", "2026-11-19")])])
        #expect(try access.state(id) == "ended")
        try access.at("2026-11-22T12:00:00Z")
        _ = try office.roster([pupil("P1", in: "3A", [("left_on", .null)])])
        #expect(try access.state(id) == "active" && access.tasks().isEmpty)
        // What was so on a day between stays so.
        #expect(try access.list("on=2026-11-20").map { $0["state"] } == ["ended"])
        #expect(try access.list("on=2026-11-22").map { $0["state"] } == ["active"])
    }
}

import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// What was published while it was allowed goes when it is allowed no more.
@Suite struct `Removing images` {
    private func open(_ family: Family) throws -> [JSONValue] {
        try family.register.as(.onlineSafetyCoordinator).get("/v1/image-removals?is_open=true").data
    }

    @Test func `CON-10: a withdrawal tasks the removal, and who did it when is on record`()
        async throws
    {
        let family = try await Family.open()
        try family.says(Family.mother, .consent, to: .schoolWebsite)
        try family.says(Family.mother, .consent, to: .pupilEmail)
        #expect(try open(family) == [])
        try family.register.database.setClock("2026-11-20T13:00:00Z")
        let said = try family.says(Family.mother, .withdraw, to: .schoolWebsite)
        // There is no image of an e-mail account.
        try family.says(Family.mother, .withdraw, to: .pupilEmail)
        let task = try #require(try open(family).first)
        #expect(try open(family).count == 1)
        #expect(task["purpose"] == "school_website" && task["who"] == "Robin Ash of Hawthorn")
        #expect(task["consent_id"]?.text == said.id && task["due_on"] == "2026-11-25")
        #expect(task["class_name"] == "5B" && task["is_overdue"] == false)
        try family.register.database.setClock("2026-11-26T09:00:00Z")
        let late = try family.register.as(.headteacher).get("/v1/image-removals?is_overdue=true")
        #expect(late.data.map { $0["id"] } == [task["id"]])
        let path = "/v1/image-removals/\(task["id"]?.text ?? "")/completion"
        #expect(
            try family.register.as(.dpo).post(path, ["outcome": "removed"]).status == 403)
        let coordinator = family.register.as(.onlineSafetyCoordinator)
        #expect(
            try coordinator.post(path, ["outcome": "partly_removed"]).faults
                == ["/note": "required"])
        let done = try coordinator.post(
            path, ["outcome": "removed", "note": "Sports day, two photographs"])
        #expect(done.status == 201 && done.json["is_open"] == false, "\(done.json)")
        #expect(done["completed_by"] == "Online safety coordinator")
        #expect(done["completed_at"] == "2026-11-26T09:00:00.000Z")
        #expect(try coordinator.post(path, ["outcome": "removed"]).status == 409)
        #expect(try open(family) == [])
        let deeds = try family.register.database.entries().filter {
            $0.kind == "image_removal" && $0.chain == "changes"
        }
        #expect(deeds.map(\.deed) == ["image_removal_opened", "image_removal_completed"])
    }

    @Test func `whatever ends a permission tasks it, once at a time`() async throws {
        let family = try await Family.open()
        let consent = try family.says(Family.mother, .consent, to: .press)
        // The other parent says no to what was allowed.
        try family.says(Family.father, .refuse, to: .press)
        #expect(try open(family).count == 1)
        try family.register.database.setClock("2026-11-20T13:00:00Z")
        try family.says(Family.mother, .withdraw, to: .press)
        #expect(try open(family).count == 1)
        // What was never allowed needs no removal.
        try family.says(Family.father, .refuse, to: .socialMedia)
        #expect(try open(family).count == 1)
        // What was never said was no permission either.
        let website = try family.says(Family.mother, .consent)
        let struck = try family.register.as(.dsl).post(
            "/v1/consents/\(website.id)/correction", ["reason": "Another child's"])
        #expect(struck.status == 201)
        #expect(
            Set(try open(family).compactMap { $0["purpose"]?.text })
                == ["press", "school_website"])
        #expect(consent.status == 201)
    }

    @Test func `what may stay is what is allowed again`() async throws {
        let family = try await Family.open()
        try family.says(Family.mother, .consent)
        try family.says(Family.mother, .withdraw)
        let id = try #require(try open(family).first?["id"]?.text)
        let coordinator = family.register.as(.onlineSafetyCoordinator)
        let path = "/v1/image-removals/\(id)/completion"
        let shut = try coordinator.post(path, ["outcome": "allowed_again"])
        #expect(shut.status == 409 && shut.codes == ["not_allowed_again"], "\(shut.json)")
        #expect(try open(family).count == 1)
        try family.register.database.setClock("2026-11-21T12:00:00Z")
        try family.says(Family.mother, .consent)
        #expect(try coordinator.post(path, ["outcome": "allowed_again"]).status == 201)
    }

    /// Else a withdrawal would find the removal open, which is completed beside it.
    @Test func `it is completed while nobody says anything`() async throws {
        let family = try await Family.open()
        try family.says(Family.mother, .consent)
        try family.says(Family.mother, .withdraw)
        let id = try #require(try open(family).first?["id"]?.text)
        let another = try family.register.database.owner()
        try another.execute(
            script: "begin; select from school where id = '\(family.school.id)' for no key update")
        async let done = apart {
            try family.register.as(.onlineSafetyCoordinator).post(
                "/v1/image-removals/\(id)/completion", ["outcome": "removed"])
        }
        #expect(try await eventually { try family.register.database.waits() == 1 })
        #expect(try open(family).count == 1)
        try another.execute(script: "rollback")
        #expect(try await done.status == 201)
    }

    @Test func `within as many days as the school has set`() async throws {
        let family = try await Family.open()
        let set = try family.register.as(.headteacher).put(
            "/v1/schools/\(family.school.id)/settings/image-removal-days", ["value": 2],
            ["If-Match": "*"])
        #expect(set.status == 200, "\(set.json)")
        // What nobody ever allowed leaves nothing to be removed, also when it is called withdrawn.
        try family.says(Family.mother, .withdraw)
        #expect(try open(family).isEmpty)
        try family.says(Family.mother, .consent, to: .press)
        try family.says(Family.mother, .withdraw, to: .press)
        #expect(try open(family).first?["due_on"] == "2026-11-22")
    }
}

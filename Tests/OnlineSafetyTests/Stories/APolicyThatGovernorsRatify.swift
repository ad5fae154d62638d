import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Source 003: a federation whose online safety policy a committee of the governors ratifies each
/// year, and anybody reads.
@Suite struct `A policy that governors ratify` {
    @Test func `is read by anybody once the committee has ratified it, year after year`()
        async throws
    {
        let work = try await PolicyAtWork.open(at: "2026-06-15T12:00:00Z")
        let set = try work.rules([
            [
                "name": "Ratified", "roles": ["governor", "chair_of_governors"],
                "committee": "Standards and Improvement Committee",
            ]
        ])
        #expect(set.status == 200, "\(set.json)")
        let website = "/v1/schools/\(work.school.id)/published-policies"

        // The coordinator writes it; parents do not read it yet, and nobody skips the governors.
        let id = try work.write(by: .onlineSafetyCoordinator).id
        try enterHistory(of: id, work)
        #expect(try work.register.nobody.get(website).json["policies"] == [])
        #expect(try work.register.as(.staff).get("/v1/policies/\(id)").status == 404)
        #expect(try work.act(.approved, on: id, by: .headteacher).status == 403)
        #expect(
            try work.act(.published, on: id, by: .headteacher).faults == ["": "not_approved"])

        // A governor records that the committee did; the head publishes.
        let mine = try work.register.as(.governor).get("/v1/me").json.list("to_do")
        #expect(mine.contains { $0["kind"] == "policy_to_approve" })
        let ratified = try work.act(.approved, on: id, by: .governor, [("words", "Minute 4")])
        #expect(ratified["state"] == "approved", "\(ratified.json)")
        let published = try work.act(.published, on: id, by: .headteacher)
        #expect(published["state"] == "in_force" && published["review_on"] == "2027-06-15")

        // Parents read it without log-in: what it says and when it is looked at again, and no name.
        #expect(try work.register.nobody.get(website).json.list("policies").count == 1)
        let read = try work.register.nobody.get("\(website)/\(id)")
        let text = read.json
        #expect(text["sections"]?[0]?["paragraphs"] == ["That everybody is safe online."])
        #expect(text["review_on"] == "2027-06-15")
        for name in ["Headteacher", "Governor", "Coordinator", "coordinator", "Minute"] {
            #expect(!read.text.contains(name), "\(name)")
        }

        // Staff are given it, and one of them says that she has read and understood it.
        let receipts = "/v1/policies/\(id)/receipts"
        let people: JSONValue = [.string(work.school.person(.staff).lowercased)]
        let given = try work.register.as(.office).post(
            receipts, ["act": "given", "person_ids": people])
        #expect(given.status == 201, "\(given.json)")
        #expect(
            try work.register.as(.staff).post(receipts, ["act": "acknowledged"]).status == 201)

        // A year later it is overdue and in force; the committee ratifies it as it is.
        try work.moveClock(to: "2027-06-21")
        let late = try work.read(id)
        #expect(late["state"] == "review_overdue" && late["version"] == 1)
        #expect(try work.register.nobody.get(website).json.list("policies").count == 1)
        try work.act(.underReview, on: id, by: .dsl, [("words", "The year is over")])
        let again = try work.act(.approved, on: id, by: .chairOfGovernors)
        #expect(again["state"] == "in_force" && again["review_on"] == "2028-06-21")
        #expect(
            again.json.list("history").compactMap { $0["on"]?.text } == [
                "2022-05-16", "2023-06-19", "2026-06-15", "2026-06-15", "2026-06-15",
                "2027-06-21", "2027-06-21",
            ])
    }

    /// The table on the first page of the policy, from before the register.
    private func enterHistory(of id: String, _ work: PolicyAtWork) throws {
        for day in ["2022-05-16", "2023-06-19"] {
            let entered = try work.register.as(.office).post(
                "/v1/policies/\(id)/history",
                [
                    "on": .string(day), "action": "Policy ratified",
                    "responsible": "Standards and Improvement Committee",
                ])
            #expect(entered.status == 201, "\(entered.json)")
        }
    }
}

import JSON
import Testing

@testable import OnlineSafety

/// A review that has begun is not one that was held.
@Suite struct `Overdue policies` {
    @Test func `REV-04: an overdue policy stays overdue until the chain has confirmed it`()
        async throws
    {
        let work = try await PolicyAtWork.open()
        let id = try work.inForce()
        try work.moveClock(to: "2027-11-25")
        func overdue() throws -> Int {
            try work.register.as(.dsl).get("/v1/duties?kind=policy_review_due&state=overdue")
                .data.count
        }
        #expect(try overdue() == 1)
        let begun = try work.act(.underReview, on: id, by: .dsl, [("words", "The year is over")])
        #expect(begun["state"] == "under_review" && begun.json["is_overdue"] == true)
        #expect(try overdue() == 1)
        try work.act(.approved, on: id, by: .headteacher)
        #expect(try overdue() == 1)
        let confirmed = try work.act(.approved, on: id, by: .linkGovernor)
        #expect(confirmed["state"] == "in_force" && confirmed.json["is_overdue"] == false)
        #expect(try overdue() == 0)
    }
}

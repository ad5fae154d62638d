import JSON
import Testing

@testable import OnlineSafety

/// A review is put off, and not put away.
@Suite struct `Moving reviews` {
    private func move(_ work: ReviewsAtWork, _ id: String, to day: String) throws -> Reading {
        try work.act(
            .moved, on: id, [("due_on", .string(day)), ("reason", "With the others")])
    }

    @Test func `REV-18: one of a cycle is moved by a period at most, however often`() async throws {
        let work = try await ReviewsAtWork.open()
        let id = try work.plan(
            .fitnessJudgement, [("trigger", "cycle"), ("due_on", "2026-12-01")]
        ).id
        for day in ["2031-11-01", "2027-12-02"] {
            let told = try move(work, id, to: day)
            #expect(told.status == 422 && told.faults == ["/due_on": "beyond_a_period"])
        }
        for day in ["2027-06-01", "2027-12-01"] {
            #expect(try move(work, id, to: day)["due_on"]?.description == day)
        }
        #expect(try move(work, id, to: "2028-06-01").faults == ["/due_on": "beyond_a_period"])
        let meeting = try work.plan(.dslGovernorMeeting, [("trigger", "cycle")]).id
        #expect(try work.read(meeting)["due_on"] == "2026-12-31")
        #expect(try move(work, meeting, to: "2027-12-01").faults == ["/due_on": "beyond_a_period"])
        #expect(try move(work, meeting, to: "2027-03-01").status == 201)
        // What is held as it is needed has no period.
        let wider = try work.plan(
            .wider,
            [("trigger", "by_hand"), ("due_on", "2026-12-01"), ("title", "Of our website")])
        #expect(wider.status == 201, "\(wider.json)")
        #expect(try move(work, wider.id, to: "2031-11-01").status == 201)
    }
}

import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Source 004: the DSL meets the governor who leads on safeguarding each term, and that governor
/// reports to the governing body on practice and incidents, with what came of them.
@Suite struct `The meeting of each term` {
    @Test func `is due, held, signed, and what it found is done by whose it was`() async throws {
        let work = try await ReviewsAtWork.open()
        try setTerms(work)
        let (dsl, link) = (work.register.as(.dsl), work.register.as(.linkGovernor))

        // The autumn term ends on 18 December: the meeting is due by then, and not planned yet.
        let unplanned = try dsl.get("/v1/duties?kind=review_to_plan").data
        #expect(unplanned.contains { $0["source"] == "T-06" && $0["due_on"] == "2026-12-18" })
        let meeting = try work.plan(.dslGovernorMeeting, [("trigger", "cycle")]).id
        try work.moveClock(to: "2026-12-01")
        #expect(try work.read(meeting)["state"] == "due")
        #expect(try link.get("/v1/me").json.list("to_do").contains { $0["kind"] == "review" })

        // The figures of the term are frozen before it, and tell of no child.
        let report = try await issueReport(work)
        let told = try link.get("/v1/governor-reports/\(report)")
        let all = told.json.list("cells").first { $0["measure"] == "incidents" }
        #expect(all?["count"] == 6 && !told.text.contains("Robin"))

        // A meeting says who was there and what was spoken of, by posts and without a child's name.
        let there: JSONValue = [
            ["role": "dsl", "person_id": .string(work.school.person(.dsl).lowercased)],
            [
                "role": "link_governor",
                "person_id": .string(work.school.person(.linkGovernor).lowercased),
            ],
        ]
        #expect(
            try work.complete(meeting, ["attendees": there]).faults
                == ["/record/matters": "required"])
        #expect(
            try work.complete(
                meeting, ["attendees": there, "matters": ["What Robin Ash of Hawthorn sent"]]
            ).faults == ["/record/matters/0": "names_a_person"])
        let held = try work.complete(
            meeting, on: "2026-11-30",
            ["attendees": there, "matters": ["Group chats in Year 6", "Training of governors"]],
            [
                (
                    "actions",
                    [
                        [
                            "words": "An evening for parents on group chats",
                            "owner_role": "online_safety_coordinator", "due_on": "2027-01-29",
                        ],
                        [
                            "words": "Book the training of governors",
                            "owner_id": .string(work.school.person(.office).lowercased),
                            "due_on": "2026-12-11",
                        ],
                    ]
                )
            ])
        #expect(held.status == 201 && held["term"] == "Autumn", "\(held.json)")

        // Who held it does not sign it: the governor does.
        #expect(
            try work.act(.signedOff, on: meeting, by: .dsl).faults == ["": "own_completion"])
        let signed = try work.act(.signedOff, on: meeting, by: .linkGovernor)
        #expect(signed["state"] == "signed_off")

        try areDone(of: meeting, work)

        // The spring's is planned by itself, and of the autumn nothing is missed.
        let rule = try work.rule(.dslGovernorMeeting)
        #expect(rule["next_due_on"] == "2027-03-26")
        #expect(rule.list("terms").map { $0["is_missed"] } == [false])
        #expect(
            try dsl.get("/v1/duties?kind=review_to_plan").data.allSatisfy { $0["source"] != "T-06" }
        )
        // Only after it was missed is a term told as without one.
        try work.moveClock(to: "2027-03-29")
        #expect(try work.rule(.dslGovernorMeeting).list("terms").last?["is_missed"] == true)
        let overdue = try link.get("/v1/duties?kind=review_due&state=overdue").data
        #expect(overdue.map { $0["source"] } == ["T-06"])
    }

    @Test func `the governor reports to the governing body what was found and done`() async throws {
        let work = try await ReviewsAtWork.open()
        let id = try work.plan(
            .governingBodyReport, [("trigger", "by_hand"), ("due_on", "2026-12-10")],
            by: .linkGovernor
        ).id
        let told: JSONValue = [
            "reported_to": [
                ["to": "The governing body", "on": "2026-11-19", "words": "Summary of the term"]
            ]
        ]
        #expect(try work.complete(id, by: .dsl, told).status == 403)
        let completed = try work.complete(id, by: .linkGovernor, on: "2026-11-19", told)
        #expect(completed["state"] == "completed", "\(completed.json)")
        let chairs = try work.read(id, by: .chairOfGovernors)
        #expect(chairs["record"]?["reported_to"]?[0]?["to"] == "The governing body")
        #expect(chairs["completed_as"] == "link_governor" && chairs["completed_by"] == nil)
    }

    // MARK: - What it takes

    private func setTerms(_ work: ReviewsAtWork) throws {
        let set = try work.register.as(.office).put(
            "/v1/schools/\(work.school.id)/calendar/2026",
            [
                "terms": [
                    ["name": "Autumn", "starts_on": "2026-09-03", "ends_on": "2026-12-18"],
                    ["name": "Spring", "starts_on": "2027-01-05", "ends_on": "2027-03-26"],
                    ["name": "Summer", "starts_on": "2027-04-12", "ends_on": "2027-07-21"],
                ], "closed_days": [],
            ], ["If-Match": "*"])
        try #require(set.status == 200, "\(set.json)")
    }

    /// Six reports of staff, of which the governors learn how many there were.
    private func issueReport(_ work: ReviewsAtWork) async throws -> String {
        for _ in 0..<6 {
            let told = try work.register.as(.staff).report(
                "Robin was left out of a group chat", .child, ("types", ["cyberbullying"]))
            try #require(told.status == 201, "\(told.json)")
        }
        try work.moveClock(to: "2026-12-02")
        // A fortnight after the last day of the term.
        let due = try work.register.as(.dsl).get("/v1/duties?kind=governor_report_due").data
        #expect(due.map { $0["due_on"] } == ["2027-01-01"])
        let issued = try work.register.as(.dsl).post(
            "/v1/governor-reports",
            ["commentary": "Group chats, nearly all; every class has had the lesson."])
        try #require(issued.status == 201, "\(issued.json)")
        return issued.id
    }

    /// Each has what is theirs to do, does it, and it is due no more.
    private func areDone(of meeting: String, _ work: ReviewsAtWork) throws {
        for (role, due) in [(Role.onlineSafetyCoordinator, "2027-01-29"), (.office, "2026-12-11")] {
            let owner = work.register.as(role)
            let actions = try owner.get("/v1/actions?review_id=\(meeting)&is_own=true").data
            let action = try #require(actions.first?["id"]?.text, "\(role)")
            let duty = try owner.get("/v1/duties?kind=action_due&is_mine=true").data
            #expect(duty.map { $0["due_on"]?.text } == [due])
            let done = try owner.post(
                "/v1/actions/\(action)/acts", ["act": "done", "words": "Forty came"])
            #expect(done["state"] == "done", "\(done.json)")
            #expect(try owner.get("/v1/duties?kind=action_due&is_mine=true").data == [])
        }
        let open = try work.register.as(.headteacher).get("/v1/actions?state=open").data
        #expect(open == [])
    }
}

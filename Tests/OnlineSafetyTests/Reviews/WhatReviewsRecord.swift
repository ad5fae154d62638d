import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// What the kinds of review record, and who may know of it.
@Suite struct `What reviews record` {
    /// 001: the needs of all staff are audited, and a plan is drawn from that.
    @Test func `TRN-04: an audit of training needs, with the plan that is drawn from it`()
        async throws
    {
        let work = try await ReviewsAtWork.open()
        try work.set(
            .trainingNeedsAudit,
            [
                ("is_held", true), ("period", "months"), ("months", 12),
                ("responsible", ["dsl"]), ("required", ["summary", "improvements"]),
                ("next_due_on", "2026-12-01"),
            ])
        let id = try #require(try work.rule(.trainingNeedsAudit)["next_review_id"]?.text)
        let bare = try work.complete(id, ["summary": "All staff were asked"])
        #expect(bare.faults == ["/record/improvements": "required"])
        let person = work.school.person(.staff).lowercased
        let told = try work.complete(
            id, on: "2026-11-19",
            [
                "summary": "All staff were asked, and the record of training looked through",
                "improvements": ["Nobody is sure about generated images"],
            ],
            [
                (
                    "actions",
                    [
                        [
                            "words": "A briefing on generated images", "owner_role": "dsl",
                            "due_on": "2027-01-15",
                        ],
                        [
                            "words": "The county's course", "owner_id": .string(person),
                            "due_on": "2027-03-31",
                        ],
                    ]
                )
            ])
        #expect(told.status == 201, "\(told.text)")
        let plan = try work.register.as(.headteacher).get("/v1/actions").data
        #expect(plan.count == 2 && plan.allSatisfy { $0["review_id"]?.text == id })
        #expect(plan.map { $0["due_on"] } == ["2027-01-15", "2027-03-31"])
        #expect(try work.register.as(.staff).get("/v1/actions?is_own=true").data.count == 1)
        // The next is due a year after.
        #expect(try work.rule(.trainingNeedsAudit)["next_due_on"] == "2027-11-19")
    }

    @Test func `REV-14: the DSL and the link governor meet each term, and a term without is told`()
        async throws
    {
        let work = try await ReviewsAtWork.open()
        try work.register.database.execute(
            """
            insert into term (school_id, begins_in, name, starts_on, ends_on)
            values ('\(work.school.id)', 2026, 'Autumn', '2026-09-03', '2026-12-18'),
                ('\(work.school.id)', 2026, 'Spring', '2027-01-05', '2027-03-26'),
                ('\(work.school.id)', 2026, 'Summer', '2027-04-12', '2027-07-21')
            """)
        #expect(try work.rule(.dslGovernorMeeting)["next_due_on"] == "2026-12-18")
        let id = try work.plan(.dslGovernorMeeting, [("trigger", "cycle")]).id
        #expect(try work.read(id)["due_on"] == "2026-12-18")
        #expect(
            try work.plan(.dslGovernorMeeting, [("trigger", "cycle")]).faults
                == ["": "planned_already"])
        let told = try work.complete(
            id, by: .linkGovernor, on: "2026-11-18",
            [
                "attendees": [
                    ["role": "dsl", "person_id": .string(work.school.person(.dsl).lowercased)],
                    [
                        "role": "link_governor",
                        "person_id": .string(work.school.person(.linkGovernor).lowercased),
                    ],
                    ["words": "The trust's adviser"],
                ],
                "matters": ["Phones on the way to school"],
            ],
            [
                (
                    "actions",
                    [["words": "Write to parents", "owner_role": "office", "due_on": "2026-12-01"]]
                )
            ])
        #expect(told.status == 201, "\(told.json)")
        #expect(told["term"] == "Autumn")
        // A governor knows posts, and their own name.
        let attendees = told.json.list("attendees")
        #expect(attendees.map { $0["name"]?.text } == [nil, "The Link governor", nil])
        #expect(attendees.map { $0["role"]?.text } == ["dsl", "link_governor", nil])
        #expect(told["completed_by"] == "Link governor")
        let chairs = try work.read(id, by: .chairOfGovernors)
        #expect(chairs["completed_by"] == nil && chairs["completed_as"] == "link_governor")
        #expect(chairs["opened_by"] == nil && chairs["acts"]?[0]?["done_by"] == nil)
        #expect(!JSON.string(of: chairs).contains("safeguarding lead"))
        #expect(
            try work.read(id)["attendees"]?[0]?["name"] == "The Designated safeguarding lead")
        let actions = try work.register.as(.office).get("/v1/actions?review_id=\(id)").data
        #expect(actions.map { $0["words"] } == ["Write to parents"])
        #expect(actions.map { $0["is_own"] } == [true])

        // The spring has none until it is over; then it is told, and stays so.
        try work.moveClock(to: "2027-04-13")
        let late = try #require(try work.rule(.dslGovernorMeeting)["next_review_id"]?.text)
        #expect(try work.read(late)["due_on"] == "2027-03-26")
        let meeting: JSONValue = [
            "attendees": [
                ["role": "dsl", "words": "The DSL"],
                ["role": "chair_of_governors", "words": "For the governing body"],
            ],
            "matters": ["The spring"],
        ]
        #expect(try work.complete(late, meeting).status == 201)
        let terms = try work.rule(.dslGovernorMeeting).list("terms")
        #expect(terms.map { $0["name"]?.text } == ["Autumn", "Spring", "Summer"])
        #expect(terms.map { $0["is_missed"] } == [false, true, false])
        #expect(terms[0]["review_id"]?.text == id && terms[2]["review_id"]?.text == late)
        let next = try work.list("state=scheduled,due")
        #expect(next.map { $0["due_on"]?.text } == ["2027-12-31"])
    }

    @Test func `REV-10: the governors judge each year, on what was put before them`() async throws {
        let work = try await ReviewsAtWork.open()
        let id = try work.plan(.fitnessJudgement, [("trigger", "cycle")]).id
        #expect(try work.read(id)["due_on"] == "2027-11-20")
        #expect(
            try work.complete(id, by: .governor, ["is_fit_for_purpose": false]).faults
                == ["/record/evidence": "required"])
        let told = try work.complete(
            id, by: .governor,
            ["is_fit_for_purpose": false, "evidence": ["The summary of the year", "The audit"]])
        #expect(told.status == 201 && told.json["is_fit_for_purpose"] == false)
        #expect(told.json["record"]?["evidence"] == ["The summary of the year", "The audit"])
        #expect(
            try work.duties(of: "review").first
                == "review_to_sign T-02 2026-12-04 2026-11-20 "
                + "governor,link_governor,chair_of_governors")
        #expect(try work.act(.signedOff, on: id, by: .governor).faults == ["": "own_completion"])
        #expect(try work.act(.signedOff, on: id, by: .chairOfGovernors).status == 201)
        #expect(try work.duties(of: "review").first?.hasPrefix("review_to_sign") == false)
    }

    @Test func `REV-15: the log is looked through each term, with what was reported to whom`()
        async throws
    {
        let work = try await ReviewsAtWork.open()
        let id = try work.plan(
            .incidentLog, [("trigger", "cycle")], by: .onlineSafetyCoordinator
        ).id
        #expect(try work.read(id)["due_on"] == "2026-12-31")
        let told = try work.complete(
            id, by: .onlineSafetyCoordinator,
            [
                "summary": "Fewer than before",
                "reported_to": [
                    ["to": "The leadership team", "on": "2026-11-19"],
                    ["to": "The governing body", "on": "2026-11-20", "words": "By the summary"],
                ],
            ])
        #expect(told.status == 201, "\(told.json)")
        #expect(told.json["record"]?["reported_to"]?[1]?["to"] == "The governing body")
        #expect(try work.rule(.incidentLog)["next_due_on"] == "2027-04-30")
    }

    @Test func `REV-11, REV-13: audits, security and the methods of weighing risks`()
        async throws
    {
        let work = try await ReviewsAtWork.open()
        func hold(_ kind: ReviewKind, _ record: JSONValue, by role: Role = .dsl) throws -> Reading {
            let id = try work.plan(kind, [("due_on", "2026-11-20")], by: role).id
            return try work.complete(id, by: role, record)
        }
        let practice = try hold(
            .practiceAudit,
            [
                "strengths": ["Lessons"], "improvements": ["Parents"],
                "self_review": [["aspect": "Families", "level": 4, "words": "A talk a year"]],
            ])
        #expect(practice.status == 201, "\(practice.json)")
        #expect(practice.json["record"]?["self_review"]?[0]?["level"] == 4)
        #expect(
            try hold(.ictUseAudit, ["summary": "The policy is adequate"], by: .seniorLeader)
                .status == 201)
        let alone = try hold(.systemSecurity, ["summary": "As the trust asks"])
        #expect(alone.faults == ["/record/attendees": "required"])
        let together = try hold(
            .systemSecurity,
            [
                "attendees": [["role": "dsl", "words": "DSL"], ["words": "Computing lead"]],
                "summary": "Against the guidelines of the trust",
            ])
        #expect(together.status == 201)
        #expect(try hold(.riskMethods, ["summary": "A register of risks"]).status == 201)
        #expect(try work.list("held_since=2026-11-20").count == 4)
    }

    @Test func `one is opened out of its cycle, and the cycle stays as it was`()
        async throws
    {
        let work = try await ReviewsAtWork.open()
        let reported = try work.register.as(.staff).report().id
        for trigger in ReviewTrigger.allCases where trigger.needsWords {
            let told = try work.plan(
                .policy,
                [
                    ("trigger", .string(trigger.rawValue)), ("due_on", "2026-12-01"),
                    ("words", "As was found"), ("incident_id", .string(reported)),
                ])
            #expect(told.status == 201, "\(told.json)")
            #expect(told["trigger"] == trigger.rawValue && told["incident_id"] == reported)
        }
        // Whoever may not know of the incident does not know of what goes back to it.
        #expect(try work.list("kind=policy", by: .headteacher).count == 6)
        for role in [Role.technician, .governor, .office] {
            #expect(try work.list("kind=policy", by: role) == [], "\(role)")
        }
        let foreign = try work.register.as(.staff, at: .lighthouse).report().id
        #expect(
            try work.plan(
                .postIncident,
                [
                    ("trigger", "debrief"), ("due_on", "2026-12-01"), ("words", "As was found"),
                    ("incident_id", .string(foreign)),
                ]
            ).faults == ["/incident_id": "unknown_incident"])
        #expect(
            try work.duties(of: "review").filter { $0.hasPrefix("review_due T-03") }.count == 6)
        let id = try #require(try work.list("kind=policy")[0]["id"]?.text)
        #expect(try work.complete(id, ["summary": "Nothing to alter"]).status == 201)
        #expect(try work.list("kind=policy").count == 6)
    }
}

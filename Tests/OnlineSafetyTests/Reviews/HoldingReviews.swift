import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// A review from its planning to its signature.
@Suite struct `Holding reviews` {
    private let found: JSONValue = ["summary": "All is as it should be"]

    /// Their words and usual rules stand in the database, their words in the contract as well.
    @Test func `REV-18: a review is one resource with kinds, each with period, posts and sign-off`()
        async throws
    {
        let work = try await ReviewsAtWork.open()
        let known = try work.register.database.owner().run(
            """
            select string_agg(kind || ': ' || words, E'\\n' order by place) as kinds
            from review_kind
            """)
        #expect(
            known.text(0, "kinds")
                == ReviewKind.allCases.map { "\($0.rawValue): \($0.label)" }
                .joined(separator: "\n"))
        let rules = try work.register.as(.governor).get(
            "/v1/schools/\(work.school.id)/review-rules"
        ).data
        #expect(rules.compactMap { $0["kind"]?.text } == ReviewKind.allCases.map(\.rawValue))
        // What is done "regularly" has no period until the school gives it one.
        let without = rules.filter { $0["lacks_period"] == true }.compactMap { $0["source"]?.text }
        #expect(
            without == [
                "T-07", "T-08", "T-19", "T-24", "T-25", "T-27", "T-27", "T-29", "T-29", "T-30",
                "T-31", "T-46", "T-58", "T-54",
            ])
        #expect(rules.filter { $0["lacks_period"] == true }.allSatisfy { $0["next_due_on"] == nil })
        let judged = try work.rule(.fitnessJudgement)
        #expect(judged["months"] == 12 && judged["next_due_on"] == "2027-09-01")
        let set = try work.set(
            .monitoringCheck,
            [
                ("is_held", true), ("period", "months"), ("months", 1),
                ("responsible", ["technician"]), ("sign_off", ["headteacher"]),
                ("required", ["summary"]), ("notice_days", 7),
            ])
        #expect(set.status == 200, "\(set.json)")
        #expect(set["next_due_on"] == "2026-12-20" && set["set_by"] == "Headteacher")
        #expect(set.header("etag") == "\"1\"")
        let planned = try work.read(#require(set["next_review_id"]))
        #expect(planned["state"] == "scheduled" && planned["trigger"] == "cycle")
        #expect(planned["responsible"] == ["technician"])
        #expect(
            try work.set(
                .monitoringCheck, [("is_held", false), ("responsible", [])], version: "\"0\""
            ).status == 412)
    }

    @Test func `a rule that cannot be names every fault`() async throws {
        let work = try await ReviewsAtWork.open()
        let faulty = try work.set(
            .sltReport,
            [("is_held", true), ("responsible", []), ("sign_off", ["staff"]), ("months", 3)])
        #expect(
            faulty.faults == [
                "/period": "required", "/responsible": "required",
                "/sign_off/0": "may_not_review", "/months": "not_wanted",
            ])
        #expect(
            try work.set(
                .sltReport,
                [
                    ("is_held", true), ("period", "as_needed"), ("responsible", ["dsl"]),
                    ("next_due_on", "2026-12-01"),
                ]
            ).faults == ["/next_due_on": "not_wanted"])
        #expect(
            try work.set(
                .sltReport,
                [("is_held", true), ("period", "months"), ("responsible", ["dsl"])]
            ).faults == ["/months": "required"])
        #expect(
            try work.set(
                .sltReport,
                [
                    ("is_held", true), ("period", "termly"), ("responsible", ["dsl"]),
                    ("next_due_on", "2099-12-01"),
                ]
            ).faults == ["/next_due_on": "out_of_range"])
    }

    /// 24.5
    @Test(arguments: [
        ("2026-11-20", "2027-01-20", "scheduled", false),
        ("2026-12-23", "2027-01-20", "due", false),
        ("2027-01-20", "2027-01-20", "due", false),
        ("2027-01-21", "2027-01-20", "overdue", true),
    ])
    func `where it stands follows from the day`(
        today: String, due: String, state: String, isOverdue: Bool
    ) async throws {
        let work = try await ReviewsAtWork.open()
        let id = try work.plan(.accessList, [("due_on", .string(due))]).id
        try work.moveClock(to: today)
        let review = try work.read(id)
        #expect(review["state"]?.text == state && review["is_overdue"] == .bool(isOverdue))
        #expect(try work.act(.started, on: id).status == 201)
        let begun = try work.read(id)
        #expect(begun["state"] == "in_progress" && begun["is_overdue"] == .bool(isOverdue))
    }

    @Test func `REV-19: only its posts complete and sign it, nobody signs their own, and it stays`()
        async throws
    {
        let work = try await ReviewsAtWork.open()
        try work.set(
            .systemSecurity,
            [
                ("is_held", true), ("period", "months"), ("months", 6),
                ("responsible", ["dsl", "headteacher"]),
                ("sign_off", ["headteacher", "senior_leader"]), ("required", ["summary"]),
                ("next_due_on", "2026-12-01"),
            ])
        let id = try #require(try work.rule(.systemSecurity)["next_review_id"]?.text)
        for role in [Role.technician, .seniorLeader, .governor, .onlineSafetyCoordinator] {
            #expect(try work.complete(id, by: role, found).status == 403, "\(role)")
        }
        #expect(try work.act(.signedOff, on: id, by: .headteacher).faults == ["": "wrong_state"])
        let completed = try work.complete(id, by: .headteacher, on: "2026-11-19", found)
        #expect(completed.status == 201, "\(completed.json)")
        #expect(completed["state"] == "completed" && completed["completed_as"] == "headteacher")
        #expect(completed["completed_by"] == "Headteacher" && completed["held_on"] == "2026-11-19")
        #expect(completed.json["may_do"] == [])
        for act in [ReviewAct.started, .completed, .cancelled, .moved] {
            let more: [(String, JSONValue)] =
                switch act {
                case .completed: [("record", found)]
                case .cancelled: [("reason", "So it is")]
                case .moved: [("reason", "So it is"), ("due_on", "2027-01-01")]
                default: []
                }
            let told = try work.act(act, on: id, by: .headteacher, more)
            #expect(told.status == 409 && told.faults == ["": "wrong_state"], "\(act)")
        }
        // Who completed it does not sign it, though the post may.
        let own = try work.act(.signedOff, on: id, by: .headteacher)
        #expect(own.status == 409 && own.faults == ["": "own_completion"])
        #expect(try work.act(.signedOff, on: id, by: .dsl).status == 403)
        #expect(try work.read(id, by: .seniorLeader)["may_do"] == ["signed_off"])
        let signed = try work.act(.signedOff, on: id, by: .seniorLeader)
        #expect(signed.status == 201 && signed["state"] == "signed_off")
        #expect(signed["signed_by"] == "Senior leader")
        #expect(
            try work.read(id).list("acts").compactMap { $0["act"]?.text }
                == ["completed", "signed_off"])
        // Half a year after it was held, which was early.
        let next = try work.list("kind=system_security&state=scheduled")
        #expect(next.compactMap { $0["due_on"]?.text } == ["2027-05-19"])
    }

    @Test(arguments: [
        // due, held, next
        ("2026-10-01", "2026-10-20", "2027-10-01"), ("2026-12-01", "2026-11-20", "2027-11-20"),
        ("2025-11-25", "2026-11-20", "2026-11-25"), ("2025-11-20", "2026-11-20", "2027-11-20"),
    ])
    func `what follows is due a period after the day due, or held`(
        due: String, held: String, next: String
    ) async throws {
        let work = try await ReviewsAtWork.open()
        let id = try work.plan(
            .fitnessJudgement, [("trigger", "cycle"), ("due_on", .string(due))]
        ).id
        let told = try work.complete(
            id, by: .linkGovernor, on: held,
            ["is_fit_for_purpose": true, "evidence": ["The summary"]])
        #expect(told.status == 201, "\(told.json)")
        let planned = try work.list("kind=fitness_judgement&trigger=cycle&sort=-due_on")
        #expect(planned.count == 2 && planned.first?["due_on"]?.text == next)
    }

    @Test func `the headteacher cancels one for a reason, and the next is planned`() async throws {
        let work = try await ReviewsAtWork.open()
        let id = try work.plan(
            .fitnessJudgement, [("trigger", "cycle"), ("due_on", "2026-12-01")]
        ).id
        #expect(
            try work.act(.cancelled, on: id, by: .headteacher).faults == ["/reason": "required"])
        #expect(
            try work.act(.cancelled, on: id, by: .dsl, [("reason", "No")]).status == 403)
        let told = try work.act(
            .cancelled, on: id, by: .headteacher, [("reason", "A new policy in spring")])
        #expect(told.status == 201 && told["state"] == "cancelled")
        #expect(try work.rule(.fitnessJudgement)["next_due_on"] == "2027-12-01")
        // And moves one.
        let next = try #require(try work.rule(.fitnessJudgement)["next_review_id"]?.text)
        let moved = try work.act(
            .moved, on: next, by: .dsl, [("due_on", "2027-06-01"), ("reason", "With the others")])
        #expect(moved.status == 201 && moved["due_on"] == "2027-06-01")
        let back = try work.act(
            .moved, on: next, by: .dsl, [("due_on", "2026-11-19"), ("reason", "By a slip")])
        #expect(back.status == 422 && back.faults == ["/due_on": "in_the_past"])
        let today = try work.act(
            .moved, on: next, by: .dsl, [("due_on", "2026-11-20"), ("reason", "At once")])
        #expect(today.status == 201 && today["due_on"] == "2026-11-20")
    }

    @Test func `what is said of one that cannot be names every fault`() async throws {
        let work = try await ReviewsAtWork.open()
        let id = try work.plan(.practiceAudit, [("due_on", "2026-12-01")]).id
        let told = try work.complete(
            id, on: "2026-11-21",
            [
                "attendees": [
                    ["role": "dsl"], ["person_id": .string(work.school.pupil.lowercased)],
                ],
                "strengths": ["Robin Ash of Hawthorn did well"],
                "reported_to": [["to": "SLT", "on": "2026-12-24"]],
            ],
            [
                ("reason", "Why"),
                (
                    "actions",
                    [
                        [
                            "words": "Tell robin ash  of hawthorn", "owner_role": "dsl",
                            "due_on": "2099-12-01",
                        ]
                    ]
                ),
            ])
        #expect(
            told.faults == [
                "/reason": "not_wanted", "/record/attendees/0": "exactly_one",
                "/held_on": "in_the_future", "/record/improvements": "required",
                "/record/attendees/1/person_id": "unknown_person",
                "/record/strengths/0": "names_a_person",
                "/record/reported_to/0/on": "in_the_future",
                "/actions/0/words": "names_a_person", "/actions/0/due_on": "out_of_range",
            ])
        let unplanned = try work.plan(
            .wider, [("trigger", "incident"), ("words", "Of Robin Ash of Hawthorn")])
        #expect(
            unplanned.faults == [
                "/title": "required", "/incident_id": "required", "/due_on": "required",
                "/words": "names_a_person",
            ])
        #expect(
            try work.plan(.sltReport, [("trigger", "cycle")]).faults == ["/due_on": "no_period"])
    }

    /// A school that holds none is told of none, and nothing stands against anything.
    @Test func `a school can switch off every kind`() async throws {
        let work = try await ReviewsAtWork.open()
        let planned = try work.plan(.accessList, [("trigger", "cycle"), ("due_on", "2026-11-01")])
        #expect(planned.status == 201, "\(planned.json)")
        #expect(
            try work.duties(of: "review") == [
                "review_due T-30 2026-11-01 2026-10-04 headteacher,dsl,deputy_dsl",
                "review_to_plan T-05 2026-12-31 2026-12-03 "
                    + "dsl,deputy_dsl,online_safety_coordinator",
                "review_to_plan T-06 2026-12-31 2026-12-03 dsl,deputy_dsl,link_governor",
                "review_to_plan T-02 2027-09-01 2027-08-04 "
                    + "governor,link_governor,chair_of_governors",
            ])
        for kind in ReviewKind.allCases {
            let told = try work.set(kind, [("is_held", false), ("responsible", [])])
            #expect(told.status == 200, "\(told.json)")
        }
        #expect(try work.duties(of: "review") == [])
        #expect(try work.list().compactMap { $0["state"]?.text } == ["set_aside"])
        #expect(
            try work.plan(.accessList, [("trigger", "cycle"), ("due_on", "2026-12-01")]).faults
                == ["": "not_held"])
    }

    @Test func `what may be done with one is what the contract says of where it stands`()
        async throws
    {
        let work = try await ReviewsAtWork.open()
        try work.set(
            .riskMethods,
            [
                ("is_held", true), ("period", "as_needed"), ("responsible", ["dsl"]),
                ("sign_off", ["senior_leader"]), ("required", ["summary"]), ("notice_days", 7),
            ])
        let so: [(String, JSONValue)] = [("reason", "So it is")]
        let ways: [(due: String, acts: [ReviewAct], state: ReviewState)] = [
            ("2027-05-01", [], .scheduled), ("2026-11-25", [], .due), ("2026-11-19", [], .overdue),
            ("2026-11-25", [.started], .inProgress), ("2026-11-25", [.completed], .completed),
            ("2026-11-25", [.completed, .signedOff], .signedOff),
            ("2026-11-25", [.cancelled], .cancelled),
        ]
        for (due, acts, state) in ways {
            let id = try work.plan(.riskMethods, [("due_on", .string(due))]).id
            for act in acts {
                let by: Role =
                    act == .cancelled ? .headteacher : act == .signedOff ? .seniorLeader : .dsl
                let more = act == .completed ? [("record", found)] : act == .cancelled ? so : []
                #expect(try work.act(act, on: id, by: by, more).status == 201, "\(act)")
            }
            #expect(try work.read(id)["state"]?.text == state.rawValue)
            let may = try [Role.dsl, .headteacher, .seniorLeader].flatMap { role in
                try work.read(id, by: role).list("may_do").compactMap(\.text)
            }
            #expect(
                Set(may)
                    == Set(ReviewAct.allCases.filter { $0.states.contains(state) }.map(\.rawValue)),
                "\(state)")
        }
    }

    @Test func `the database itself lets nothing more be done with what is completed`()
        async throws
    {
        let bold: SQL = """
            insert into review_act (
                school_id, id, review_id, kind, place, act, due_on, reason, done_as, done_by_name)
            select school_id, gen_random_uuid(), id, kind, 9, 'moved', '2027-01-01', 'So it is',
                'dsl', 'DSL'
            from review
            returning to_jsonb(review_act) as row
            """
        let work = ReviewsAtWork(
            register: try await Register.open(areas: areas + [Careless.writing(bold)]))
        try work.register.database.setClock("2026-11-20T12:00:00Z")
        let id = try work.plan(.accessList, [("due_on", "2026-12-01")]).id
        #expect(try work.complete(id, found).status == 201)
        #expect(try work.register.as(.dsl).post("/careless/bold", [:]).status == 500)
        #expect(try work.read(id).list("acts").count == 1)
        let another = try work.plan(.riskMethods, [("due_on", "2026-12-01")]).id
        try work.register.database.execute("delete from review_act")
        try work.register.database.execute("delete from review where id <> '\(another)'")
        #expect(try work.register.as(.technician).post("/careless/bold", [:]).status == 500)
        #expect(try work.register.as(.dsl).post("/careless/bold", [:]).status == 200)
    }

    @Test func `a review is completed once, however many complete it at once, and one follows`()
        async throws
    {
        let work = try await ReviewsAtWork.open()
        let id = try work.plan(.incidentLog, [("trigger", "cycle")]).id
        let said: JSONValue = [
            "act": "completed",
            "record": [
                "summary": "Fewer than before",
                "reported_to": [["to": "Governors", "on": "2026-11-20"]],
            ],
        ]
        let told = try work.register.atOnce(
            [Role.dsl, .deputyDSL, .onlineSafetyCoordinator].map {
                (work.register.as($0), "POST", "/v1/reviews/\(id)/acts")
            }, body: JSON.string(of: said))
        #expect(told.map(\.status).sorted() == [201, 409, 409])
        #expect(try work.list("kind=incident_log").count == 2)
    }
}

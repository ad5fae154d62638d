import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// What training a school asks of whom, how often, and since when.
@Suite struct `What training a school asks`: AsksForTraining {
    private let school = TestSchool.hawthorn
    private let staff = TestSchool.hawthorn.person(.staff).lowercased
    private let dsl = TestSchool.hawthorn.person(.dsl).lowercased

    @Test func `TRN-03: all staff each year or every three with updates, DSLs every two, at first`()
        async throws
    {
        let register = try await opened()
        // Where the school says nothing: each year, and the DSLs' every two.
        _ = try train(register, [staff, dsl])
        _ = try train(register, [dsl], ["kind": "dsl"])
        #expect(try standing(register, staff)["due_on"] == "2027-11-02")
        #expect(try standing(register, dsl, "dsl")["due_on"] == "2028-11-02")
        // A refresher every three years beside each year's update, and an induction, once.
        let kinds: JSONValue = ["teacher"]
        let set = try ask(
            register,
            [
                rule("update", ["kinds": kinds]),
                rule(
                    "refresher",
                    ["kinds": kinds, "every_months": 36, "satisfied_by": ["refresher"]]),
                rule(
                    "induction",
                    [
                        "kinds": kinds, "every_months": .null, "within_days": 14,
                        "satisfied_by": ["induction"],
                    ]),
            ])
        #expect(set.status == 200, "\(set.json)")
        _ = try train(register, [staff], ["kind": "refresher", "happened_on": "2026-11-16"])
        #expect(try standing(register, staff, "update")["due_on"] == "2027-11-02")
        #expect(try standing(register, staff, "refresher")["due_on"] == "2029-11-16")
        let newcomer = try register.newcomer()
        #expect(try standing(register, newcomer, "induction")["due_on"] == "2026-12-04")
        _ = try train(register, [newcomer], ["kind": "induction", "happened_on": "2026-11-19"])
        let inducted = try standing(register, newcomer, "induction")
        #expect(inducted["state"] == "current" && inducted["due_on"] == nil)
        #expect(try standing(register, newcomer, "refresher")["due_on"] == "2026-12-20")
        // The update is no refresher: a year later it is due, and the refresher is not.
        try register.database.setClock("2027-11-10T12:00:00Z")
        #expect(try standing(register, staff, "update")["state"] == "overdue")
        #expect(try standing(register, staff, "refresher")["state"] == "current")
        try register.database.setClock("2029-11-17T12:00:00Z")
        #expect(try standing(register, staff, "refresher")["state"] == "overdue")
    }

    @Test func `TRN-07: governors' training is tracked, and everybody reads their own alone`()
        async throws
    {
        let register = try await opened()
        let governor = TestSchool.hawthorn.person(.governor).lowercased
        let own = try register.as(.governor).get("/v1/training").data
        #expect(own.contains { $0["rule"] == "governors" })
        #expect(own.allSatisfy { $0["person_id"]?.text == governor })
        let all = try register.as(.dsl).get("/v1/training?rule=governors")
        #expect(all.data.count == 3)
        let elsewhere = try register.as(.dsl, at: .rosehip).get("/v1/training?person_id=\(staff)")
        #expect(elsewhere.data == [])
        try register.database.setClock("2027-03-01T12:00:00Z")
        let me = try register.as(.governor).get("/v1/me").json.list("to_do")
        #expect(me.contains { $0["kind"] == "training_due" && $0["is_overdue"] == true })
        // Volunteers' where the school asks it of them.
        let volunteer = try register.newcomer(kind: "volunteer")
        #expect(
            try register.as(.dsl).get("/v1/training?person_id=\(volunteer)").data == [])
        _ = try ask(
            register,
            [rule("helpers", ["kinds": ["volunteer"], "satisfied_by": ["volunteer"]])],
            from: "2027-03-01")
        #expect(try standing(register, volunteer, "helpers")["due_on"] == "2027-03-31")
        _ = try train(
            register, [volunteer], ["kind": "volunteer", "happened_on": "2027-03-01"])
        let helped = try standing(register, volunteer, "helpers")
        #expect(helped["state"] == "current" && helped["last_on"] == "2027-03-01")
        #expect(helped["kind"] == "volunteer" && helped["due_on"] == "2028-03-01")
    }

    /// Or whoever corrects a word would make everybody timely again.
    @Test func `rules that ask the same anew give nobody who was never trained more time`()
        async throws
    {
        let register = try await opened()
        let usual: [String: JSONValue] = [
            "within_days": 90, "kinds": ["teacher"],
            "satisfied_by": ["annual_update", "refresher", "induction", "dsl", "coordinator"],
        ]
        func said(_ more: [String: JSONValue]) -> [String: JSONValue] {
            usual.merging(more) { $1 }
        }
        try register.database.setClock("2026-12-05T12:00:00Z")
        #expect(try standing(register, staff)["state"] == "overdue")
        let volunteer = try register.newcomer(kind: "volunteer")
        let others: JSONValue = ["teacher", "volunteer"]
        _ = try ask(
            register, [rule("staff_update", said(["label": "Update", "kinds": others]))],
            from: "2026-12-05")
        let same = try standing(register, staff)
        #expect(same["state"] == "overdue" && same["due_on"] == "2026-11-30")
        #expect(same["label"] == "Update")
        // Of whom it was not asked before, and what would not have been enough before, is new.
        #expect(try standing(register, volunteer)["due_on"] == "2027-03-05")
        try register.database.setClock("2026-12-07T12:00:00Z")
        _ = try ask(
            register, [rule("staff_update", said(["satisfied_by": ["refresher"]]))],
            from: "2026-12-07")
        #expect(try standing(register, staff)["due_on"] == "2027-03-07")
        // So is what was not asked for a while.
        _ = try ask(register, [], from: "2026-12-08")
        _ = try ask(
            register, [rule("staff_update", said(["satisfied_by": ["refresher"]]))],
            from: "2026-12-10")
        try register.database.setClock("2026-12-11T12:00:00Z")
        #expect(try standing(register, staff)["due_on"] == "2027-03-10")
    }

    /// Whoever opens a link learns nothing of anybody's training, and has their account.
    @Test func `TRN-11: an invitation to a post that needs training gives an account alone`()
        async throws
    {
        let register = try await opened()
        _ = try ask(
            register, [rule("admin", ["posts": ["technician"], "is_needed_for_post": true])])
        let head = register.as(.headteacher)
        let person = try register.newcomer()
        let (email, password) = ("nadia@new.example", "four lanterns under the bridge")
        #expect(try head.invite(person, email, to: "technician").status == 201)
        let link = try #require(register.links().first)
        let accepted = try register.accept(link.secret, password)
        #expect(accepted.status == 204, "\(accepted.json)")
        let invitation = try #require(head.get("/v1/invitations").data.first)
        #expect(invitation["status"] == "accepted" && invitation["outcome"] == "account_only")
        #expect(try register.logIn(email, password).status == 201)
        func appoint() throws -> Reading {
            try head.post(
                "/v1/schools/\(school.id)/posts",
                ["person_id": .string(person), "role": "technician"])
        }
        #expect(try appoint().codes == ["training_wanting"])
        _ = try train(register, [person])
        #expect(try appoint().status == 201)
    }

    /// The last wall, whatever looked at it before.
    @Test func `TRN-11: no post that needs training is written without it`() async throws {
        let register = try await opened()
        _ = try ask(
            register, [rule("admin", ["posts": ["technician"], "is_needed_for_post": true])])
        let (post, account) = (UUID(), school.account(.staff))
        let error = #expect(throws: PostgresError.self) {
            try register.database.execute(
                """
                insert into seat (school_id, id, account_id, person_id, role, from_on)
                values ('\(school.id)', '\(post)', '\(account)', '\(staff)', 'technician',
                    '2026-11-20')
                """)
        }
        #expect(error?.constraint == "post_is_held_by_the_trained")
    }
}

import FoundationEssentials
import JSON
import Postgres
import Testing

@testable import OnlineSafety

/// A policy on its way through the chain of a school, and round again each year.
@Suite struct `Approving policies` {
    /// REV-03, by the chains that the five schools set.
    @Test func `REV-03: no step is skipped, and none is taken by who may not`() async throws {
        let work = try await PolicyAtWork.open()
        let id = try work.write().id
        #expect(try work.read(id)["state"] == "draft")
        #expect(try work.act(.published, on: id, by: .headteacher).faults == ["": "not_approved"])
        // The second step is not taken before the first, and not by whoever takes that.
        for role in [Role.chairOfGovernors, .governor, .dsl, .office] {
            #expect(try work.act(.approved, on: id, by: role).status == 403, "\(role)")
        }
        #expect(try work.act(.approved, on: id, by: .technician).status == 403)
        #expect(try work.read(id, by: .seniorLeader)["may_do"] == ["approved"])
        // Nobody approves another text than the one that they have read.
        let unseen = try work.act(.approved, on: id, by: .seniorLeader, [("version", 2)])
        #expect(unseen.status == 409 && unseen.faults == ["": "another_version"])
        let agreed = try work.act(
            .approved, on: id, by: .seniorLeader, [("version", 1), ("on", "2026-11-18")])
        #expect(agreed.status == 201 && agreed["state"] == "in_approval")
        #expect(agreed.json["way_steps"]?[0]?["approvals"]?[0]?["on"] == "2026-11-18")
        #expect(try work.act(.approved, on: id, by: .headteacher).status == 403)
        #expect(try work.act(.published, on: id, by: .headteacher).faults == ["": "not_approved"])
        let approved = try work.act(
            .approved, on: id, by: .chairOfGovernors, [("words", "Minute 7")])
        #expect(approved["state"] == "approved")
        #expect(
            try work.act(.approved, on: id, by: .chairOfGovernors).faults
                == ["": "nothing_to_approve"])
        #expect(try work.act(.published, on: id, by: .office).status == 403)
        let published = try work.act(
            .published, on: id, by: .onlineSafetyCoordinator,
            [("on", "2026-11-20"), ("link", "https://hawthorn.example/policy")])
        #expect(published["state"] == "in_force" && published["review_on"] == "2027-11-20")
        #expect(try work.act(.published, on: id, by: .headteacher).faults == ["": "wrong_state"])

        // Signed and dated by two posts, of different people.
        let set = try work.rules([
            ["name": "Adopted", "roles": ["office"], "committee": "School Development Committee"],
            ["name": "Signed", "roles": [], "signatures": ["chair_of_governors", "headteacher"]],
        ])
        #expect(set.status == 200, "\(set.json)")
        let other = try work.write(PolicyAtWork.text(with: "name", "Phones")).id
        #expect(try work.act(.approved, on: other, by: .headteacher).status == 403)
        try work.act(.approved, on: other, by: .office, [("words", "Minute 3")])
        let one = try work.act(.approved, on: other, by: .headteacher)
        #expect(one["state"] == "in_approval" && one.json["way_steps"]?[1]?["is_done"] == false)
        #expect(try work.act(.approved, on: other, by: .headteacher).status == 403)
        let both = try work.act(.approved, on: other, by: .chairOfGovernors)
        #expect(both["state"] == "approved")
        #expect(
            both.json["way_steps"]?[1]?["approvals"]?[0]?["done_as"] == "headteacher"
                && both.json["way_steps"]?[1]?["approvals"]?[1]?["done_as"] == "chair_of_governors")
    }

    /// Whoever holds two posts of a chain is one person.
    @Test func `nobody takes two steps of one way`() async throws {
        let work = try await PolicyAtWork.open()
        try work.rules([
            ["name": "Agreed", "roles": ["headteacher"]],
            ["name": "Approved", "roles": ["chair_of_governors", "headteacher"]],
        ])
        let id = try work.write().id
        #expect(try work.act(.approved, on: id, by: .headteacher).status == 201)
        #expect(try work.read(id, by: .headteacher)["may_do"] == [])
        #expect(try work.act(.approved, on: id, by: .headteacher).status == 403)
        #expect(try work.act(.approved, on: id, by: .chairOfGovernors)["state"] == "approved")
    }

    @Test func `no two policies of a school are called alike`() async throws {
        let work = try await PolicyAtWork.open()
        let id = try work.inForce()
        let again = try work.write(PolicyAtWork.text(with: "name", "online SAFETY policy"))
        #expect(again.status == 409 && again.faults == ["/text/name": "name_taken"])
        let other = try work.write(PolicyAtWork.text(with: "name", "Phones")).id
        let renamed = try work.register.as(.dsl).post(
            "/v1/policies/\(other)/versions", ["text": PolicyAtWork.text])
        #expect(renamed.faults == ["/text/name": "name_taken"])
        let own = try work.register.as(.dsl).post(
            "/v1/policies/\(id)/versions", ["text": PolicyAtWork.text])
        #expect(own.status == 201, "\(own.text)")
        let elsewhere = try work.register.as(.dsl, at: .rosehip).post(
            "/v1/policies", ["text": PolicyAtWork.text])
        #expect(elsewhere.status == 201, "\(elsewhere.text)")
    }

    @Test func `one that is published for a day to come says so`() async throws {
        let work = try await PolicyAtWork.open()
        let id = try work.write().id
        try work.act(.approved, on: id, by: .headteacher)
        try work.act(.approved, on: id, by: .governor)
        let told = try work.act(.published, on: id, by: .dsl, [("on", "2026-12-01")])
        #expect(told["state"] == "published" && told["comes_in_force_on"] == "2026-12-01")
        #expect(told.json["in_force_from"] == nil && told.json.list("may_do") == [])
        let versions = try work.register.as(.dsl).get("/v1/policies/\(id)/versions").data
        #expect(versions.map { $0["state"] } == ["published"])
        let twice = try work.act(.published, on: id, by: .dsl)
        #expect(twice.faults == ["": "wrong_state"])
        #expect(try work.register.as(.staff).get("/v1/policies/\(id)").status == 404)
        try work.moveClock(to: "2026-12-01")
        let now = try work.read(id)
        #expect(now["state"] == "in_force" && now["comes_in_force_on"] == nil)
        #expect(now["in_force_from"] == "2026-12-01")
    }

    @Test func `REV-01: a document tells all that its front page has`() async throws {
        let work = try await PolicyAtWork.open()
        let policy = try work.read(work.inForce())
        for (name, value) in [
            ("name", "Online safety policy"), ("owner_role", "dsl"),
            ("authors", "DSL and computing lead"), ("template", "The county's model policy"),
            ("scope", "All who use the school's technology"), ("state", "in_force"),
            ("approved_on", "2026-11-20"), ("last_reviewed_on", "2026-11-20"),
            ("review_on", "2027-11-20"), ("in_force_from", "2026-11-20"),
        ] { #expect(policy[name]?.text == value, "\(name)") }
        #expect(policy["review_months"] == 12 && policy["version"] == 1)
        #expect(policy["headteacher"] == ["The Headteacher"])
        #expect(policy["link_governor"] == ["The Link governor"])
        #expect(policy.list("dsls").count == 2)
        #expect(
            policy.list("approved_by").map { $0["name"]?.text }
                == ["Agreed by the leadership team", "Approved by the governors"])
        // Governors know posts.
        let governors = try work.read(
            #require(policy["id"]?.text), by: .governor)
        #expect(governors["headteacher"] == nil && governors["dsls"] == nil)
        #expect(governors["approved_by"]?[0]?["approvals"]?[0]?["done_by"] == nil)
        #expect(governors["approved_by"]?[0]?["approvals"]?[0]?["done_as"] == "headteacher")
    }

    /// 24.5
    @Test(arguments: [
        ("2027-10-22", "in_force", false), ("2027-10-23", "review_due", false),
        ("2027-11-20", "review_due", false), ("2027-11-21", "review_overdue", true),
    ])
    func `REV-04: the next review follows, is due and overdue, and it stays in force`(
        today: String, state: String, isOverdue: Bool
    ) async throws {
        let work = try await PolicyAtWork.open()
        let id = try work.inForce()
        try work.moveClock(to: today)
        let policy = try work.read(id, by: .staff)
        #expect(policy["state"]?.text == state && policy["is_overdue"] == .bool(isOverdue))
        #expect(policy["version"] == 1 && policy["text"]?["name"] == "Online safety policy")
        let overdue = try work.register.as(.governor).get("/v1/policies?is_overdue=true").data
        #expect(overdue.count == (isOverdue ? 1 : 0))
        let published = try work.register.nobody.get(
            "/v1/schools/\(work.school.id)/published-policies")
        #expect(published.json["policies"]?[0]?["review_on"] == "2027-11-20")
        let duties = try ReviewsAtWork(register: work.register).duties(of: "policy")
        #expect(
            duties == [
                "policy_review_due T-01 2027-11-20 2027-10-23 "
                    + "deputy_dsl,dsl,online_safety_coordinator"
            ])
    }

    @Test func `what is under review is confirmed by the chain, or another version comes`()
        async throws
    {
        let work = try await PolicyAtWork.open()
        let id = try work.inForce()
        try work.moveClock(to: "2027-11-01")
        #expect(
            try work.act(.underReview, on: id, by: .dsl).faults == ["/words": "required"])
        #expect(
            try work.act(.underReview, on: id, by: .seniorLeader, [("words", "Why")]).status
                == 403)
        let begun = try work.act(.underReview, on: id, by: .dsl, [("words", "The year is over")])
        #expect(begun["state"] == "under_review" && begun["way"] == "confirmation")
        #expect(begun["way_reason"] == "The year is over")
        // Others of the school know that it is in force, and not why it is looked at.
        let staffs = try work.read(id, by: .staff)
        #expect(staffs["state"] == "under_review" && staffs["way_reason"] == nil)
        #expect(
            try work.act(.underReview, on: id, by: .dsl, [("words", "Again")]).faults
                == ["": "wrong_state"])
        try work.act(.approved, on: id, by: .headteacher)
        let confirmed = try work.act(.approved, on: id, by: .linkGovernor)
        #expect(confirmed["state"] == "in_force" && confirmed.json["version"] == 1)
        #expect(confirmed["review_on"] == "2028-11-01" && confirmed["way"] == nil)

        // A new version: the old one holds until it is published, and stays on record.
        try work.moveClock(to: "2028-10-20")
        let draft = try work.register.as(.office).post(
            "/v1/policies/\(id)/versions",
            ["text": PolicyAtWork.text(with: "scope", "Everybody")])
        #expect(draft.status == 201 && draft.json["way_version"] == 2)
        #expect(draft["scope"] == "All who use the school's technology")
        try work.act(.approved, on: id, by: .headteacher)
        try work.act(.approved, on: id, by: .governor)
        let planned = try work.act(.published, on: id, by: .dsl, [("on", "2028-11-01")])
        #expect(planned.json["version"] == 1 && planned["state"] == "review_due")
        try work.moveClock(to: "2028-11-01")
        #expect(try work.read(id)["version"] == 2 && work.read(id)["scope"] == "Everybody")
        let versions = try work.register.as(.dpo).get("/v1/policies/\(id)/versions").data
        #expect(versions.map { $0["state"] } == ["in_force", "superseded"])
        #expect(
            versions[1]["text"]?["scope"]?.text == "All who use the school's technology")
    }

    @Test func `a review out of its cycle puts the policy under review`() async throws {
        let work = try await PolicyAtWork.open()
        let id = try work.inForce()
        let opened = try work.register.as(.dsl).post(
            "/v1/reviews",
            [
                "kind": "policy", "policy_id": .string(id), "trigger": "guidance",
                "words": "A new edition", "due_on": "2026-12-20",
            ])
        #expect(opened.status == 201 && opened["policy_id"] == id, "\(opened.json)")
        let policy = try work.read(id)
        #expect(policy["state"] == "under_review" && policy["way_review_id"]?.text == opened.id)
        #expect(policy["way_reason"] == "New national or local guidance")
        let unknown = try work.register.as(.dsl).post(
            "/v1/reviews",
            [
                "kind": "policy", "policy_id": .string(Scene.missing), "trigger": "by_hand",
                "due_on": "2026-12-20",
            ])
        #expect(unknown.faults == ["/policy_id": "unknown_policy"])
    }

    @Test func `REV-02: its history is a table, with what was done before the register`()
        async throws
    {
        let work = try await PolicyAtWork.open()
        let id = try work.inForce()
        let entered = try work.register.as(.office).post(
            "/v1/policies/\(id)/history",
            [
                "on": "2023-06-19", "action": "Ratified",
                "responsible": "Standards and Improvement Committee",
            ])
        #expect(entered.status == 201, "\(entered.json)")
        let history = entered.json.list("history")
        #expect(
            history.map { $0["action"]?.text } == [
                "Ratified", "Updated", "Agreed by the leadership team",
                "Approved by the governors", "Published",
            ])
        #expect(
            history.map { $0["responsible"]?.text } == [
                "Standards and Improvement Committee", "dsl", "headteacher",
                "chair_of_governors", "headteacher",
            ])
        #expect(history.map { $0["is_by_hand"] } == [true, false, false, false, false])
        let faulty = try work.register.as(.office).post(
            "/v1/policies/\(id)/history",
            ["on": "2027-06-19", "action": "Done", "responsible": "The School office"])
        #expect(faulty.faults == ["/on": "in_the_future", "/responsible": "names_a_person"])
    }

    @Test func `rules and texts that cannot be name every fault`() async throws {
        let work = try await PolicyAtWork.open()
        #expect(
            try work.rules(
                [["name": "A", "roles": []], ["name": "B", "roles": ["staff"]]],
                [("reporting", "In the handbook")]
            ).faults == [
                "/steps/0/roles": "required", "/steps/1/roles/0": "may_not_approve",
                "/held_in": "required",
            ])
        #expect(try work.rules([]).faults == ["/steps": "empty"])
        let told = try work.write([
            "name": "Policy", "owner_role": "trust_viewer",
            "appendices": [["name": "A", "link": "http://hawthorn.example"]],
        ])
        #expect(told.faults == ["/text/appendices/0/link": "https_link"])
        let both = try work.write([
            "name": "Policy", "owner_role": "trust_viewer", "appendices": [["name": "A"]],
        ])
        #expect(
            both.faults == [
                "/text": "exactly_one", "/text/owner_role": "no_owner",
                "/text/appendices/0": "exactly_one",
            ])
        let named = try work.write([
            "name": "Policy", "sections": [["paragraphs": ["Well", "Ask Robin Ash of Hawthorn"]]],
        ])
        #expect(named.faults == ["/text/sections/0/paragraphs/1": "names_a_person"])
    }

    @Test func `no step is dated before the one before it, nor what is in force before it was`()
        async throws
    {
        let work = try await PolicyAtWork.open()
        let id = try work.write().id
        try work.act(.approved, on: id, by: .headteacher, [("on", "2026-11-10")])
        let early = try work.act(
            .approved, on: id, by: .chairOfGovernors, [("on", "2026-11-09")])
        #expect(early.faults == ["/on": "before_its_turn"], "\(early.json)")
        #expect(
            try work.act(.approved, on: id, by: .chairOfGovernors, [("on", "2026-11-12")]).status
                == 201)
        let published = try work.act(.published, on: id, by: .headteacher, [("on", "2026-11-11")])
        #expect(published.faults == ["/on": "before_its_turn"])
        #expect(
            try work.act(.published, on: id, by: .headteacher, [("on", "2026-11-12")]).status
                == 201)
        // Two who sign one step do so on any two days.
        try work.rules([
            ["name": "Signed", "roles": [], "signatures": ["chair_of_governors", "headteacher"]]
        ])
        let other = try work.write(PolicyAtWork.text(with: "name", "Phones")).id
        try work.act(.approved, on: other, by: .headteacher, [("on", "2026-11-12")])
        let signed = try work.act(
            .approved, on: other, by: .chairOfGovernors, [("on", "2026-11-10")])
        #expect(signed["state"] == "approved", "\(signed.json)")
    }

    @Test func `the database itself lets no step be skipped`() async throws {
        let bold: SQL = """
            insert into policy_act (
                school_id, id, policy_id, round_id, place, act, step, on_day, done_as,
                done_by_name)
            select school_id, gen_random_uuid(), policy_id, id, 9, 'approved', 2, london_today(),
                coalesce(post_for_a_step(school_id, id), 'governor'), 'Bold'
            from policy_round
            returning to_jsonb(policy_act) as row
            """
        let register = try await Register.open(areas: areas + [Careless.writing(bold)])
        let work = PolicyAtWork(register: register)
        let id = try work.write().id
        // Neither by who may take the first, nor by who may take none.
        for role in [Role.headteacher, .governor, .technician] {
            #expect(try register.as(role).post("/careless/bold", [:]).status == 500, "\(role)")
        }
        #expect(try work.read(id)["state"] == "draft")
        try work.act(.approved, on: id, by: .headteacher)
        #expect(try register.as(.headteacher).post("/careless/bold", [:]).status == 500)
        #expect(try register.as(.governor).post("/careless/bold", [:]).status == 200)
        #expect(try work.read(id)["state"] == "approved")
    }

    @Test func `a step is taken once, however many take it at once`() async throws {
        let work = try await PolicyAtWork.open()
        let id = try work.write().id
        try work.act(.approved, on: id, by: .headteacher)
        let told = try work.register.atOnce(
            [Role.governor, .linkGovernor, .chairOfGovernors].map {
                (work.register.as($0), "POST", "/v1/policies/\(id)/acts")
            }, body: "{\"act\": \"approved\"}")
        #expect(told.map(\.status).sorted() == [201, 409, 409])
        let steps = try work.read(id).list("way_steps")
        #expect(steps.map { $0.list("approvals").count } == [1, 1])
    }
}

import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// From the request to the account.
@Suite struct `Giving access` {
    private let school = TestSchool.hawthorn

    @Test(arguments: AccessSystemKind.allCases)
    func `ACC-02: a school adds the systems to which it gives access`(
        kind: AccessSystemKind
    ) async throws {
        let access = try await AccessAtWork.open()
        let id = try access.system("Ours", kind, ["approvers": ["dsl"], "posts": ["headteacher"]])
        let read = try access.register.as(.staff).get("/v1/access-systems/\(id)")
        #expect(read["kind"] == kind.rawValue && read["name"] == "Ours")
        #expect(read.json["rules"]?["approvers"] == ["dsl"])
        #expect(read.json["rules"]?["on_leaving"] == "freeze")
        #expect(try access.adding("Ours", kind, [:]).status == 409)
        for role in [Role.technician, .office, .dsl, .schoolAdministrator] {
            #expect(try access.adding("Mine", kind, [:], by: role).status == 403, "\(role)")
        }
    }

    @Test func `rules are set anew, and every fault is told at once`() async throws {
        let access = try await AccessAtWork.open()
        let id = try access.system()
        let (head, path) = (access.register.as(.headteacher), "/v1/access-systems/\(id)")
        let rules = AccessAtWork.rules(["is_in_use": false])
        #expect(try head.put(path, rules).status == 428)
        #expect(try head.put(path, rules, ["If-Match": "\"7\""]).status == 412)
        let set = try head.put(path, rules, ["If-Match": "\"1\""])
        #expect(set.status == 200 && set["etag"] == "\"2\"")
        #expect(
            try access.ask(id, for: school.pupil).codes == ["not_in_use"])
        let wrong = AccessAtWork.rules([
            "kinds": [], "approvers": ["technician"], "posts": [], "roster_kinds": ["parent"],
            "levels": [["phase": "eyfs", "level": "none"], ["phase": "eyfs", "level": "none"]],
        ])
        #expect(
            try head.put(path, wrong, ["If-Match": "*"]).faults == [
                "/kinds": "required", "/approvers/0": "may_not_approve", "/posts": "required",
                "/roster_kinds/0": "not_of_kinds", "/levels/1/phase": "repeated",
            ])
    }

    @Test func `ACC-03: whom the system names approves, and nobody their own`() async throws {
        let access = try await AccessAtWork.open()
        let system = try access.system(
            "My Concern", .safeguardingRecords, ["approvers": ["dsl", "senior_leader"]])
        let asked = try access.ask(system, for: school.person(.staff), by: .staff)
        #expect(asked["state"] == "requested" && asked["requested_by"] == "Member of staff")
        #expect(try access.act("activation", on: asked.id, by: .technician).status == 409)
        // In an approver's post, but not for this system; and nobody else at all.
        for role in [Role.headteacher, .deputyDSL, .office, .technician, .staff] {
            #expect(try access.act("approval", on: asked.id, by: role).status == 403, "\(role)")
        }
        let approved = try access.act("approval", on: asked.id, by: .dsl)
        #expect(approved["state"] == "approved" && approved["granted_by"] == Role.dsl.label)
        #expect(try access.act("approval", on: asked.id, by: .seniorLeader).status == 409)

        // Who asked, and who is to have it, decide neither way.
        let own = try access.ask(system, for: school.person(.dsl), by: .dsl)
        let others = try access.ask(system, for: school.person(.technician), by: .seniorLeader)
        let hers = try access.ask(system, for: school.person(.seniorLeader), by: .office)
        for (id, role) in [
            (own.id, Role.dsl), (others.id, .seniorLeader), (hers.id, .seniorLeader),
        ] {
            for act in ["approval", "refusal"] {
                let told = try access.act(
                    act, on: id, by: role, act == "refusal" ? ["reason": "No"] : nil)
                #expect(told.status == 403, "\(act) by \(role)")
            }
        }
        #expect(try access.act("approval", on: own.id, by: .seniorLeader).status == 201)
        let refused = try access.act(
            "refusal", on: others.id, by: .dsl, ["reason": "Not in that post"])
        #expect(refused["state"] == "refused")
        #expect(
            try access.read(others.id, as: .technician).json["acts"]?[0]?["reason"]
                == "Not in that post")
        let entries = try access.register.database.entries().map(\.deed)
        #expect(
            Set(entries).isSuperset(of: [
                "access_requested", "access_approved", "access_refused",
            ]))
    }

    @Test func `staff ask for themselves, and those who look after accounts for all`() async throws
    {
        let access = try await AccessAtWork.open()
        let system = try access.system()
        for role in [Role.staff, .dsl, .governor] {
            let told = try access.ask(system, for: school.person(.technician), by: role)
            #expect(told.faults == ["/person_id": "unknown_person"], "\(role)")
        }
        #expect(try access.ask(system, for: school.person(.governor), by: .governor).status == 201)
        let elsewhere = try access.ask(system, for: TestSchool.rosehip.pupil)
        #expect(elsewhere.faults == ["/person_id": "unknown_person"])
        let unknown = try access.ask(UUID().lowercased, for: school.pupil)
        #expect(unknown.faults == ["/system_id": "unknown_system"])
        #expect(try access.ask(system, for: school.pupil, by: .technician).status == 201)
        #expect(try access.ask(system, for: school.pupil).codes == ["held_already"])
        let parent = try access.adult("parent")
        #expect(try access.ask(system, for: parent).codes == ["not_for_this_kind"])
        let late = try access.ask(
            system, for: school.person(.dsl),
            ["from_on": "2026-11-25", "until_on": "2026-11-24"])
        #expect(late.faults == ["/until_on": "before_its_start"])
    }

    /// AGR-12: of what is missing each thing is named.
    @Test func `nothing is given while the gate is shut or a post is not held`() async throws {
        let access = try await AccessAtWork.open()
        let template = try access.register.template("Staff", for: [["kind": "teacher"]])
        _ = try access.register.publish(
            agreementText(["opens": ["email"]]), of: template)
        let system = try access.system(
            "Outlook", .staffEmail, ["opens": "email", "posts": ["office"]])
        let asked = try access.ask(system, for: school.person(.staff), by: .staff)
        #expect(asked["state"] == "requested")
        #expect(asked.json["missing"] == ["agreement_unsigned", "post_not_held"])
        #expect(try access.act("approval", on: asked.id, by: .seniorLeader).status == 201)
        let shut = try access.act("activation", on: asked.id, by: .technician)
        #expect(shut.status == 409 && shut.codes == ["agreement_unsigned", "post_not_held"])
        let waiting = try access.read(asked.id)
        #expect(waiting["state"] == "waiting")
        #expect(waiting.json["missing"] == ["agreement_unsigned", "post_not_held"])
        let agreement = try access.register.issue(
            template, to: school.person(.staff).lowercased, by: .staff)
        let signed = try access.register.as(.staff).post(
            "/v1/agreements/\(agreement)/signatures", signature())
        #expect(signed.status == 201)
        #expect(
            try access.act("activation", on: asked.id, by: .technician).codes
                == ["post_not_held"])
        try access.register.seat(.office, for: .staff)
        let given = try access.act("activation", on: asked.id, by: .technician)
        #expect(given["state"] == "active" && given["since"] == "2026-11-20")
        // What was suspended meanwhile is not let in again past a shut gate.
        #expect(
            try access.act(
                "suspension", on: asked.id, by: .dsl, ["reason": "Lent to a friend"]
            ).status == 201)
        let revoked = try access.register.as(.dsl).post(
            "/v1/agreements/\(agreement)/revocation", ["reason": "Lent to a friend"])
        #expect(revoked.status == 201)
        let again = try access.act("reinstatement", on: asked.id, by: .dsl, ["reason": "Enough"])
        #expect(again.status == 409 && again.codes == ["agreement_refused"])
    }

    @Test func `what is not begun is given on its day`() async throws {
        let access = try await AccessAtWork.open()
        let asked = try access.ask(
            access.system(), for: school.person(.staff), ["from_on": "2026-11-23"])
        #expect(try access.act("approval", on: asked.id, by: .headteacher).status == 201)
        #expect(
            try access.act("activation", on: asked.id, by: .technician).codes == ["not_begun"])
        try access.at("2026-11-23T08:00:00Z")
        #expect(try access.act("activation", on: asked.id, by: .technician).status == 201)
        let withdrawn = try access.ask(
            access.system("Other"), for: school.person(.staff), by: .staff)
        #expect(
            try access.act("withdrawal", on: withdrawn.id, by: .staff)["state"] == "withdrawn")
    }

    @Test func `ACC-06: supply have a temporary log-in with limited data and a last day`()
        async throws
    {
        let access = try await AccessAtWork.open()
        let system = try access.system("Network", .network, ["opens": "network"])
        let supply = try access.adult("supply")
        let bare = try access.ask(system, for: supply)
        #expect(bare.faults == ["/until_on": "required", "/level": "required"])
        let long = try access.ask(
            system, for: supply, ["until_on": "2026-12-18", "level": "Class pages"])
        #expect(long.faults == ["/until_on": "too_long"])
        let id = try access.give(
            system, to: supply, ["until_on": "2026-11-27", "level": "Class pages"])
        let read = try access.read(id)
        #expect(read.json["is_temporary"] == true && read["level"] == "Class pages")
        #expect(try access.list("is_temporary=true").count == 1)
        try access.at("2026-11-27T23:00:00Z")
        #expect(try access.state(id) == "active")
        try access.at("2026-11-28T09:00:00Z")
        #expect(try access.state(id) == "expired")
        let task = try #require(try access.tasks().first)
        #expect(task["task"] == "close" && task["since"] == "2026-11-28")
        #expect(try access.complete(task, ["outcome": "deleted"]).status == 201)
        #expect(try access.state(id) == "deleted")
        // Or who used the guest log-in is put down, by name and date.
        let used = try access.register.as(.office).post(
            "/v1/guest-log-in-uses",
            ["name": "Priya Nair", "for_what": "Year 4", "happened_on": "2026-11-27"])
        #expect(used.status == 201, "\(used.json)")
        let uses = try access.register.as(.technician).get("/v1/guest-log-in-uses").data
        #expect(uses.map { $0["name"] } == ["Priya Nair"])
        #expect(uses.map { $0["happened_on"] } == ["2026-11-27"])
    }

    /// ACC-06, T-53: what is given on joining has no last day.
    @Test func `supply staff are given nothing by the roster, which knows no last day of theirs`()
        async throws
    {
        let access = try await AccessAtWork.open()
        let rules: [String: JSONValue] = [
            "kinds": ["teacher", "supply"], "roster_kinds": ["teacher", "supply"],
        ]
        let told = try access.adding("Teams", .learningPlatform, rules)
        #expect(told.status == 422)
        #expect(told.faults == ["/rules/roster_kinds/1": "needs_a_last_day"], "\(told.json)")
        let id = try access.system("Teams", .learningPlatform, ["kinds": ["teacher", "supply"]])
        let set = try access.register.as(.headteacher).put(
            "/v1/access-systems/\(id)", AccessAtWork.rules(rules), ["If-Match": "*"])
        #expect(set.faults == ["/roster_kinds/1": "needs_a_last_day"], "\(set.json)")
    }
}

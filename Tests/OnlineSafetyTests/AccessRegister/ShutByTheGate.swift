import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// What was given, or is to be, while the gate is shut (24.3, 24.7).
@Suite struct `Access and a shut gate` {
    private let school = TestSchool.hawthorn

    /// The member of staff has signed, for a year, what opens the learning platform.
    private func signed() async throws -> (AccessAtWork, template: String, agreement: String) {
        let access = try await AccessAtWork.open()
        let template = try access.register.template("Staff", for: [["kind": "teacher"]])
        _ = try access.register.publish(
            agreementText(["opens": ["learning_platform"], "renewal": ["after_months": 12]]),
            of: template)
        return (access, template, try sign(template, access))
    }

    @discardableResult
    private func sign(_ template: String, _ access: AccessAtWork) throws -> String {
        let id = try access.register.issue(
            template, to: school.person(.staff).lowercased, by: .staff)
        let signed = try access.register.as(.staff).post(
            "/v1/agreements/\(id)/signatures", signature())
        try #require(signed.status == 201, "\(signed.json)")
        return id
    }

    @Test func `agreement, training, consent and post are in place, or named`()
        async throws
    {
        let access = try await AccessAtWork.open()
        let register = access.register
        let template = try register.template("Staff", for: [["kind": "teacher"]])
        _ = try register.publish(agreementText(["opens": ["email"]]), of: template)
        try register.database.execute("update school set created_at = '2025-09-01T08:00:00Z'")
        let trained = try register.as(.dsl).ask(
            "PUT", "/v1/schools/\(school.id)/training-rules", ["If-Match": "*"],
            [
                "from_on": "2026-11-20",
                "rules": [
                    [
                        "code": "all", "label": "Online safety", "every_months": 12,
                        "satisfied_by": ["annual_update"], "kinds": ["teacher"],
                        "within_days": 30, "warn_days": 30, "needed_for": ["email"],
                    ]
                ],
            ])
        #expect(trained.status == 200, "\(trained.json)")
        let consent = try register.as(.headteacher).ask(
            "PUT", "/v1/schools/\(school.id)/consent-rules/pupil_email", ["If-Match": "*"],
            ["is_asked": true, "from_on": "2026-11-20"])
        #expect(consent.status == 200, "\(consent.json)")
        let staff = try access.system(
            "Outlook", .staffEmail, ["opens": "email", "posts": ["office"]])
        let pupils = try access.system("Pupils' e-mail", .pupilEmail, ["opens": "email"])
        let me = school.person(.staff)
        let mine = try access.ask(staff, for: me)
        let theirs = try access.ask(pupils, for: school.pupil)
        #expect(
            mine.json["missing"]
                == ["agreement_unsigned", "post_not_held", "training_wanting"])
        #expect(theirs.json.list("missing").count == 1, "\(theirs.json)")
        for one in [mine, theirs] {
            #expect(try access.act("approval", on: one.id, by: .headteacher).status == 201)
            #expect(try access.act("activation", on: one.id, by: .technician).status == 409)
        }
        // One after the other falls away.
        let training = try register.as(.office).post(
            "/v1/training-records",
            [
                "kind": "annual_update", "name": "Update", "happened_on": "2026-11-02",
                "attended_ids": [.string(me.lowercased)],
            ])
        #expect(training.status == 201, "\(training.json)")
        func left(_ id: String) throws -> JSONValue? { try access.read(id).json["missing"] }
        #expect(try left(mine.id) == ["agreement_unsigned", "post_not_held"])
        try sign(template, access)
        #expect(try left(mine.id) == ["post_not_held"])
        try register.seat(.office, for: .staff)
        #expect(try access.act("activation", on: mine.id, by: .technician)["state"] == "active")
        try register.database.execute(
            """
            insert into person (school_id, id, kind, given_name, family_name)
            values ('\(school.id)', '\(TestSchool.parent)', 'parent', 'Ada', 'Ash')
            on conflict do nothing;
            insert into parent_link (
                school_id, id, parent_id, child_id, has_responsibility, from_on)
            values (
                '\(school.id)', gen_random_uuid(), '\(TestSchool.parent)', '\(school.pupil)', true,
                '2020-01-01')
            """)
        let said = try register.as(.office).post(
            "/v1/consents",
            [
                "person_id": .string(school.pupil.lowercased),
                "given_by_id": .string(TestSchool.parent),
                "answers": [["purpose": "pupil_email", "answer": "consent"]],
                "how": "paper", "kept_at": "Office", "given_on": "2026-11-20",
            ])
        #expect(said.status == 201, "\(said.json)")
        #expect(try access.act("activation", on: theirs.id, by: .technician)["state"] == "active")
    }

    @Test func `it is suspended as soon as the agreement lapses, until it is signed anew`()
        async throws
    {
        let (access, template, _) = try await signed()
        let id = try access.give(access.system(), to: school.person(.staff))
        let other = try access.give(
            access.system("Wireless", .wireless, ["opens": "network"]), to: school.person(.staff))
        #expect(try access.state(id) == "active" && access.read(id).json["missing"] == nil)
        try access.at("2027-11-20T12:00:00Z")
        let lapsed = try access.read(id)
        #expect(lapsed["state"] == "suspended" && !lapsed.keys.contains("since"))
        #expect(lapsed.json["missing"] == ["agreement_lapsed"])
        #expect(try access.state(other) == "active")
        #expect(try access.list("state=suspended").map { $0["id"]?.text } == [id])
        #expect(try access.list("state=active").map { $0["id"]?.text } == [other])
        #expect(try access.list("on=2027-11-19&state=active").count == 2)
        // A client learns that it is not active, and neither why nor since when.
        let client = try access.register.machine(.accessRead).signedIn()
        let told = try client.get("/v1/access-grants?state=inactive")
        #expect(told.data.count == 1 && told.data[0]["missing"] == nil)
        try sign(template, access)
        #expect(try access.state(id) == "active")
    }

    @Test func `what was revoked shuts it, and each is told of it what is theirs to know`()
        async throws
    {
        let (access, _, agreement) = try await signed()
        let id = try access.give(access.system(), to: school.person(.staff))
        let revoked = try access.register.as(.dsl).post(
            "/v1/agreements/\(agreement)/revocation", ["reason": "Lent to a friend"])
        #expect(revoked.status == 201)
        for (role, code) in [
            (Role.office, "agreement_refused"), (.dsl, "agreement_refused"),
            (.staff, "agreement_refused"), (.technician, "agreement_unsigned"),
        ] {
            let told = try access.read(id, as: role)
            #expect(told["state"] == "suspended", "\(role)")
            #expect(told.json["missing"] == [.string(code)], "\(role)")
        }
        // What the gate shuts somebody may suspend as well.
        let suspended = try access.act("suspension", on: id, by: .dsl, ["reason": "Besides"])
        #expect(suspended.status == 201)
    }

    @Test func `whoever has no post of those who ask the gate learns what their own waits for`()
        async throws
    {
        let access = try await AccessAtWork.open()
        let template = try access.register.template("All", for: [["kind": "teacher"]])
        _ = try access.register.publish(
            agreementText(["opens": ["learning_platform"]]), of: template)
        let system = try access.system("Hub", .governorHub)
        let asked = try access.ask(system, for: school.person(.governor), by: .governor)
        #expect(asked.status == 201, "\(asked.json)")
        #expect(asked.json["missing"] == ["agreement_unsigned"])
        #expect(try access.act("approval", on: asked.id, by: .headteacher)["state"] == "waiting")
        let read = try access.read(asked.id, as: .governor)
        #expect(read["state"] == "waiting")
        #expect(read.json["missing"] == ["agreement_unsigned"])
        #expect(try access.list("state=waiting", as: .governor).count == 1)
        #expect(try access.list("state=approved", as: .governor).isEmpty)
    }

    @Test func `the last day of a suspension lets nobody past a shut gate`() async throws {
        let (access, _, agreement) = try await signed()
        let id = try access.give(access.system(), to: school.person(.staff))
        let suspended = try access.act(
            "suspension", on: id, by: .dsl, ["reason": "x", "until_on": "2026-11-24"])
        #expect(suspended.status == 201)
        _ = try access.register.as(.dsl).post(
            "/v1/agreements/\(agreement)/revocation", ["reason": "x"])
        try access.at("2026-11-25T12:00:00Z")
        let after = try access.read(id)
        #expect(after["state"] == "suspended")
        #expect(after.json["missing"] == ["agreement_refused"])
    }

    @Test func `what is suspended is no answer for the gate`() async throws {
        let access = try await AccessAtWork.open()
        let network = try access.system("Network", .network, ["opens": "network"])
        let id = try access.give(network, to: school.person(.staff))
        func ask(_ role: Role, for access: String = "network", on day: String = "2026-11-20") throws
            -> Reading
        {
            try self.ask(role, for: access, on: day, of: school.person(.staff), register)
        }
        let register = access.register
        #expect(try ask(.office).json["is_allowed"] == true)
        let suspended = try access.act(
            "suspension", on: id, by: .dsl, ["reason": "canary", "until_on": "2026-11-24"])
        #expect(suspended.status == 201)
        for role in [Role.dsl, .headteacher, .seniorLeader, .deputyDSL] {
            let told = try ask(role)
            #expect(told.json["is_allowed"] == false, "\(role)")
            #expect(told.json["reasons"]?[0]?["code"] == "access_suspended", "\(role)")
        }
        for role in [Role.office, .technician, .dpo] {
            let told = try ask(role)
            #expect(told.json["is_allowed"] == false, "\(role)")
            #expect(told.json["reasons"]?[0]?["code"] == "ask_the_school", "\(role)")
            #expect(!told.text.contains("suspended") && !told.text.contains("canary"))
        }
        #expect(try ask(.dsl, for: "email").json["is_allowed"] == true)
        #expect(try ask(.dsl, on: "2026-11-25").json["is_allowed"] == true)
        // It stands in the way neither of its own end nor of another system.
        #expect(
            try access.act("reinstatement", on: id, by: .dsl, ["reason": "Over"]).status == 201)
        #expect(try ask(.office).json["is_allowed"] == true)
        // Of two, one is left.
        let wireless = try access.system("Wireless", .wireless, ["opens": "network"])
        _ = try access.give(wireless, to: school.person(.staff))
        _ = try access.act("suspension", on: id, by: .dsl, ["reason": "x"])
        #expect(try ask(.office).json["is_allowed"] == true)
    }

    private func ask(
        _ role: Role, for access: String, on day: String, of person: UUID, _ register: Register
    ) throws -> Reading {
        try register.as(role).get(
            "/v1/gate?person_id=\(person)&for=\(access)&as_of=\(day)")
    }
}

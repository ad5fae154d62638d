import JSON
import Testing

@testable import OnlineSafety

/// What opens a restricted incident when none of those to whom it is open can be reached.
@Suite struct `Breaking the glass` {
    private let coordinator = Role.onlineSafetyCoordinator

    @Test func `opens it for four hours, with a reason, and the DSLs are told`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T10:00:00Z")
        let one = try Case(register, .child, ("is_child_at_risk", true))
        let told = try one.breakGlass(as: coordinator)
        #expect(told.status == 201)
        #expect(told["incident_id"] == one.id)
        #expect(told["until_at"] == "2026-11-20T14:00:00.000Z")
        #expect(try one.read(as: coordinator).status == 200)
        for role in [Role.dsl, .deputyDSL] {
            let notices = try register.as(role).get("/v1/notices").data
            let broken = notices.filter { $0["kind"]?.text == "glass_broken" }
            #expect(broken.map { $0["urgency"]?.text } == ["urgent"])
        }
        let shown = try one.read(as: .dsl, "/restriction").json["broken_glass"]?[0]
        #expect(
            shown?["words"] == "Nobody can be reached"
                && shown?["role"]?.text == "online_safety_coordinator")
        let deeds = try register.database.entries().map(\.deed)
        #expect(deeds.filter { $0 == "broke_glass" }.count == 1)
        try register.database.setClock("2026-11-20T13:59:59Z")
        #expect(try one.read(as: coordinator).status == 200)
        try register.database.setClock("2026-11-20T14:00:00Z")
        #expect(try one.read(as: coordinator).status == 404)
    }

    /// It is for reading when it cannot wait: what is decided stays with those whose it is.
    @Test func `decides nothing, and above all not who reads it`() async throws {
        let register = try await Register.open()
        let one = try Case(register)
        let mine: JSONValue = [
            "kind": "child_protection", "people": [Case.person(.dsl)], "words": "Mine alone",
        ]
        #expect(try one.post("restriction", mine).status == 201)
        let head = Role.headteacher
        #expect(try one.breakGlass(as: head).status == 201)
        guard case .array(let actions)? = try one.read(as: head).json["allowed_actions"] else {
            throw Missing()
        }
        let allowed = actions.filter { $0["is_allowed"] == true }.compactMap { $0["action"]?.text }
        #expect(allowed == ["recording"])
        let grab: JSONValue = [
            "kind": "child_protection", "people": [Case.person(head)], "words": "Mine now",
        ]
        let refused = try one.post("restriction", grab, as: head)
        #expect(refused.json["errors"]?.codes == ["not_in_charge"])
        #expect(try one.triage(as: head).status == 409)
        #expect(try one.read(as: .dsl).status == 200)
    }

    private struct Missing: Error {}

    /// Also those whose record it is by name; and where all who lead safeguarding are the one who
    /// broke it, whoever stands above them.
    @Test func `is told to those who were named, and never to nobody`() async throws {
        let register = try await Register.open()
        let one = try Case(register)
        let few: JSONValue = [
            "kind": "child_protection", "people": [Case.person(coordinator), Case.person(.dsl)],
            "words": "They worked on it",
        ]
        #expect(try one.post("restriction", few).status == 201)
        #expect(try one.breakGlass(as: .headteacher).status == 201)
        let notices = try register.as(coordinator).get("/v1/notices").data
        #expect(notices.contains { $0["kind"]?.text == "glass_broken" })
        try register.database.execute(
            """
            update seat set account_id = '\(TestSchool.hawthorn.account(.headteacher))',
                person_id = '\(TestSchool.hawthorn.person(.headteacher))'
            where school_id = '\(TestSchool.hawthorn.id)' and role in ('dsl', 'deputy_dsl')
            """)
        let other = try Case(register, .child, ("is_child_at_risk", true))
        let mine: JSONValue = [
            "kind": "child_protection", "people": [Case.person(.headteacher)], "words": "Mine",
        ]
        #expect(try other.post("restriction", mine, as: .headteacher).status == 201)
        try register.database.execute("delete from incident_access")
        #expect(try other.breakGlass(as: .headteacher).status == 201)
        let chairs = try register.as(.chairOfGovernors).get("/v1/notices").data
        #expect(chairs.contains { $0["kind"]?.text == "glass_broken" })
    }

    /// When those who were named have gone, it is open to the posts of its kind again.
    @Test func `a record that nobody reads any more is given back to the posts`() async throws {
        let register = try await Register.open()
        let one = try Case(register)
        let few: JSONValue = [
            "kind": "child_protection", "people": [Case.person(.deputyDSL)], "words": "Mine alone",
        ]
        #expect(try one.post("restriction", few, as: .deputyDSL).status == 201)
        #expect(try register.database.number("select open_what_nobody_reads(100)") == 0)
        #expect(try one.read(as: .dsl).status == 404)
        try register.database.execute(
            """
            update seat set until_on = london_today() - 1
            where school_id = '\(TestSchool.hawthorn.id)' and role = 'deputy_dsl'
            """)
        #expect(try register.database.number("select open_what_nobody_reads(100)") == 1)
        #expect(try one.read(as: .dsl).status == 200)
        #expect(try one.read(as: .staff).json["description"] == nil)
        let deeds = try register.database.entries().map(\.deed)
        #expect(deeds.contains("opened_to_posts"))
    }

    /// SEC-06: an unlocked screen is not enough, and nothing is done.
    @Test func `asks for a fresh proof before anything is done`() async throws {
        let register = try await Register.open()
        let one = try Case(register, .child, ("is_child_at_risk", true))
        let session = try register.session(of: .headteacher)
        let reference = try one.read(as: .dsl)["reference"] ?? ""
        let told = try session.post(
            "/v1/break-glass", ["reference": .string(reference), "words": "Nobody answers"])
        #expect(told.status == 403 && told.code == "step_up_required")
        #expect(try register.database.number("select count(*) from broken_glass") == 0)
        let put = try session.post(
            "\(one.path)/restriction", JSON.value(of: Restriction.Put.example))
        #expect(put.status == 403 && put.code == "step_up_required")
    }

    /// What was answered when it was open is not answered again to whom it is closed.
    @Test func `an answer that is asked for again is closed as well`() async throws {
        let register = try await Register.open()
        let one = try Case(register)
        let entry = try JSON.value(of: ChronologyEntry.Made.example)
        let key = ["Idempotency-Key": "an-entry"]
        let deputy = register.as(.deputyDSL)
        #expect(try deputy.ask("POST", "\(one.path)/chronology", key, entry).status == 201)
        #expect(try deputy.ask("POST", "\(one.path)/chronology", key, entry).status == 201)
        let mine: JSONValue = [
            "kind": "child_protection", "people": [Case.person(.dsl)], "words": "Mine alone",
        ]
        #expect(try one.post("restriction", mine).status == 201)
        let again = try deputy.ask("POST", "\(one.path)/chronology", key, entry)
        #expect(again.status == 404 && again.json["words"] == nil)
    }

    /// The DSL sees it, and can end it.
    @Test func `ends when a DSL restricts it anew`() async throws {
        let one = try Case(await Register.open(), .child, ("is_child_at_risk", true))
        #expect(try one.breakGlass(as: .seniorLeader).status == 201)
        #expect(try one.read(as: .seniorLeader).status == 200)
        #expect(try one.restrict(as: .dsl).status == 201)
        #expect(try one.read(as: .seniorLeader).status == 404)
    }

    @Test func `opens nothing to its subject, nor to other posts, nor of another school`()
        async throws
    {
        let register = try await Register.open()
        let about = try Case(
            register, .child, ("is_child_at_risk", true),
            ("people", [Scene.alleged(.onlineSafetyCoordinator)]))
        #expect(try about.breakGlass(as: coordinator).status == 404)
        let head = try Case(register, .headteacher)
        for role in [Role.headteacher, .seniorLeader, coordinator] {
            #expect(try head.breakGlass(as: role).status == 404)
        }
        let one = try Case(register, .child, ("is_child_at_risk", true))
        for role in [Role.staff, .governor, .technician, .office] {
            #expect(try one.breakGlass(as: role).status == 403)
        }
        #expect(try one.breakGlass(as: coordinator, at: .rosehip).status == 404)
        let missing = try one.breakGlass(as: coordinator, "NONE-SUCH")
        #expect(missing.status == 404)
        #expect(try register.database.number("select count(*) from broken_glass") == 0)
    }

    @Test func `is refused where it is open already`() async throws {
        let one = try Case(await Register.open(), .child, ("is_child_at_risk", true))
        #expect(try one.breakGlass(as: .dsl).json["errors"]?.codes == ["already_open"])
    }

    @Test func `is done twenty times in a day at most`() async throws {
        let register = try await Register.open()
        let one = try Case(register, .child, ("is_child_at_risk", true))
        try register.database.execute(
            """
            insert into broken_glass (
                school_id, incident_id, id, words, until_at, account_id, role)
            select school_id, id, gen_random_uuid(), 'x', rowan_now(),
                '\(TestSchool.hawthorn.account(coordinator))', 'online_safety_coordinator'
            from incident cross join generate_series(1, 20) where id = '\(one.id)'
            """)
        #expect(try one.breakGlass(as: coordinator).status == 409)
    }
}

/// SEC-06: what is restricted opens to a session with a fresh proof, and to no other.
@Suite struct `A restricted incident` {
    private let right: JSONValue = ["password": .string(TestSchool.password)]

    @Test func `asks for a fresh proof before it opens, in every part of it`() async throws {
        let register = try await Register.open()
        let one = try Case(register, .child, ("is_child_at_risk", true))
        let dsl = try register.session(of: .dsl)
        let parts = ["", "/people", "/chronology", "/closure", "/restriction", "/notices"]
        for part in parts {
            let told = try dsl.get(one.path + part)
            #expect((told.status, told.code) == (403, "step_up_required"), "\(part)")
        }
        #expect(try dsl.post("\(one.path)/triage", Case.finding()).code == "step_up_required")
        // That it is there, of what kind and how urgent, is listed.
        #expect(try dsl.get("/v1/incidents").data.count == 1)
        #expect(try !dsl.get("/v1/incident-log").text.contains("Something happened"))
        let before = try reads(of: one)
        #expect(try dsl.post("/v1/session/step-up", right).status == 201)
        for part in parts { #expect(try dsl.get(one.path + part).status == 200) }
        #expect(try reads(of: one) > before)
    }

    /// A refusal says nothing to whom it is not open.
    @Test func `is missing to the others, with a fresh proof or without`() async throws {
        let register = try await Register.open()
        let one = try Case(register, .child, ("is_child_at_risk", true))
        let coordinator = try register.session(of: .onlineSafetyCoordinator)
        #expect(try coordinator.get(one.path).status == 404)
        #expect(try register.as(.onlineSafetyCoordinator).get(one.path).status == 404)
    }

    @Test func `that is ordinary asks for nothing`() async throws {
        let register = try await Register.open()
        let one = try Case(register)
        #expect(try register.session(of: .dsl).get(one.path).status == 200)
    }

    private func reads(of one: Case) throws -> Int {
        try one.register.database.number(
            """
            select count(*) from event
            where chain = 'reads' and deed = 'opened' and \(one.id)::uuid = any(record_ids)
            """)
    }
}

extension Case {
    /// By its own reference, if no other is named.
    fileprivate func breakGlass(
        as role: Role, at school: TestSchool = .hawthorn, _ reference: String? = nil
    ) throws -> Reading {
        let named = try register.database.owner().run(
            "select reference from incident where id = \(id)::text::uuid")
        return try register.as(role, at: school).post(
            "/v1/break-glass",
            [
                "reference": .string(reference ?? named.text(0, "reference") ?? ""),
                "words": "Nobody can be reached",
            ])
    }
}

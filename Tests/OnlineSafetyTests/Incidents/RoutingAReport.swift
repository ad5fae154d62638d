import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// INC-17, INC-18, INC-19, NOT-01: who is told, by whom it concerns.
@Suite struct `Routing a report` {
    /// Whom a report reaches in a school where every post is held by somebody else.
    @Test(
        arguments: [
            (Concern.child, [Role.dsl, .deputyDSL, .onlineSafetyCoordinator]),
            (.staff, [.headteacher]),
            (.headteacher, [.chairOfGovernors]),
            (.dsl, [.headteacher]),
            (.deputyDSL, [.headteacher]),
            (.governor, [.headteacher, .dsl]),
            (.unsure, [.deputyDSL, .chairOfGovernors]),
        ])
    func `goes by whom it concerns`(concern: Concern, roles: [Role]) async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).report("A worry", concern)
        #expect(told.status == 201)
        #expect(told.posts("told") == Set(roles.map(\.rawValue)))
        #expect(try holdersOfNotices(told, register) == Set(roles))
        try whoeverIsToldCanOpen(told, register)
    }

    /// INC-19
    @Test(
        arguments: [
            (Concern.child, [Role.dsl, .deputyDSL, .onlineSafetyCoordinator]),
            (.staff, [.headteacher, .dsl, .deputyDSL]),
            (.headteacher, [.chairOfGovernors, .dsl, .deputyDSL]),
            (.dsl, [.headteacher, .deputyDSL]),
            (.deputyDSL, [.headteacher, .dsl]),
            (.governor, [.headteacher, .dsl, .deputyDSL]),
            (.unsure, [.deputyDSL, .chairOfGovernors]),
        ])
    func `reaches every DSL whom it cannot concern when a child is at risk`(
        concern: Concern, roles: [Role]
    ) async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).report("A worry", concern, ("is_child_at_risk", true))
        #expect(try holdersOfNotices(told, register) == Set(roles))
        // The coordinator has word of it, and no more (section 25).
        for role in roles {
            let expected = role == .onlineSafetyCoordinator ? 404 : 200
            #expect(try register.as(role).get("/v1/incidents/\(told.id)").status == expected)
        }
    }

    /// ORG-06, INC-18: as in three of the five policies, the headteacher is the DSL.
    @Test(arguments: [Concern.headteacher, .dsl])
    func `passes by a headteacher who is the DSL as well`(concern: Concern) async throws {
        let register = try await Register.open()
        try register.merge(.dsl, into: .headteacher)
        let told = try register.as(.staff).report("About them", concern, ("is_child_at_risk", true))
        #expect(try !holdersOfNotices(told, register).contains(.headteacher))
        #expect(try holdersOfNotices(told, register).contains(.deputyDSL))
        #expect(try register.as(.headteacher).get("/v1/incidents/\(told.id)").status == 404)
    }

    @Test func `climbs to the chair where the headteacher, who is the DSL, is concerned`()
        async throws
    {
        let register = try await Register.open()
        try register.merge(.dsl, into: .headteacher)
        try register.vacate(.deputyDSL)
        let told = try register.as(.staff).report("About the DSL", .dsl)
        #expect(try holdersOfNotices(told, register) == [.chairOfGovernors])
        let read = try register.as(.chairOfGovernors).get("/v1/incidents/\(told.id)")
        #expect(read.status == 200)
        #expect(try register.as(.headteacher).get("/v1/incidents").data.isEmpty)
    }

    /// Never into nowhere: whoever is told can open what they are told of.
    @Test(arguments: Concern.allCases)
    func `climbs until somebody can open it, whichever posts stand empty`(
        concern: Concern
    ) async throws {
        let register = try await Register.open()
        for role in [Role.deputyDSL, .onlineSafetyCoordinator, .seniorLeader, .linkGovernor] {
            try register.vacate(role)
        }
        try register.merge(.dsl, into: .headteacher)
        let told = try register.as(.staff).report("A worry", concern)
        #expect(try !holdersOfNotices(told, register).isEmpty)
        try whoeverIsToldCanOpen(told, register)
    }

    /// One person leads everything, and there is no chair: what only possibly concerns them reaches
    /// them, and what does concern them nobody; its author is told whom to ring outside the school.
    @Test(arguments: Concern.allCases)
    func `sends its author outside the school where everybody inside is concerned`(
        concern: Concern
    ) async throws {
        let register = try await Register.open()
        for role in [Role.deputyDSL, .onlineSafetyCoordinator, .seniorLeader, .chairOfGovernors] {
            try register.vacate(role)
        }
        try register.merge(.dsl, into: .headteacher)
        let told = try register.as(.staff).report("A worry", concern, ("is_child_at_risk", true))
        let reached = try holdersOfNotices(told, register)
        let isAboutThem = concern == .headteacher || concern == .dsl
        #expect(reached == (isAboutThem ? [] : [.headteacher]))
        #expect((told["next"] == Reported.Next.nobody) == isAboutThem)
        try whoeverIsToldCanOpen(told, register)
        #expect(isAboutThem == (try register.as(.headteacher).get("/v1/incidents").data.isEmpty))
    }

    /// INC-18: about a DSL who is the headteacher, or naming the headteacher, is about the
    /// headteacher.
    @Test func `is about the headteacher when it names them in any way`() async throws {
        let register = try await Register.open()
        let head = JSONValue.string(TestSchool.hawthorn.person(.headteacher).uuidString)
        for concern in [Concern.child, .staff] {
            let told = try register.as(.staff).report(
                "They did it", concern,
                ("people", [["group": "staff", "part": "alleged", "person_id": head]]))
            #expect(try holdersOfNotices(told, register) == [.chairOfGovernors])
        }
        try register.merge(.dsl, into: .headteacher)
        let told = try register.as(.staff).report("About the DSL", .dsl)
        #expect(try holdersOfNotices(told, register) == [.chairOfGovernors])
    }

    @Test func `reaches somebody besides its author, who cannot see it for themself`()
        async throws
    {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        let told = try head.report("About a colleague", .staff)
        #expect(try holdersOfNotices(told, register) == [.headteacher, .dsl])
        let notice = try #require(try head.get("/v1/notices").data.first?["id"]?.text)
        #expect(try head.post("/v1/notices/\(notice)/acknowledgement").status == 201)
        #expect(try register.receipt(told)["status"] == "received")
        let theirs = try #require(try register.as(.dsl).get("/v1/notices").data.first?["id"]?.text)
        _ = try register.as(.dsl).post("/v1/notices/\(theirs)/acknowledgement")
        #expect(try register.receipt(told)["status"] == "seen")
    }

    /// ORG-06: hidden from a person, with whatever account they are given later.
    @Test func `stays hidden from a person who has an account only later`() async throws {
        let register = try await Register.open()
        let person = TestSchool.hawthorn.person(.seniorLeader)
        try register.database.execute(
            """
            delete from seat where person_id = '\(person)';
            update person set account_id = null where id = '\(person)'
            """)
        let told = try register.as(.staff).report(
            "They did it", .child,
            (
                "people",
                [["group": "staff", "part": "alleged", "person_id": .string(person.uuidString)]]
            ))
        #expect(try register.as(.headteacher).get("/v1/incidents/\(told.id)").status == 200)
        let account = TestSchool.hawthorn.account(.seniorLeader)
        try register.database.execute(
            """
            update person set account_id = '\(account)' where id = '\(person)';
            insert into seat (school_id, id, account_id, person_id, role, from_on)
            values ('\(TestSchool.hawthorn.id)', gen_random_uuid(), '\(account)', '\(person)',
                'headteacher', '2020-01-01')
            """)
        #expect(try register.as(.seniorLeader).get("/v1/incidents/\(told.id)").status == 404)
    }

    @Test func `says when it does not know a person who is named by id`() async throws {
        let register = try await Register.open()
        let stranger = JSONValue.string(TestSchool.rosehip.person(.dsl).uuidString)
        let told = try register.as(.staff).report(
            "They did it", .child,
            (
                "people",
                [["group": "staff", "name": "Her", "part": "alleged", "person_id": stranger]]
            ))
        #expect(told.status == 201)
        #expect(told.json["warnings"]?[0]?["code"]?.text == "unknown_person")
        let read = try register.as(.dsl).get("/v1/incidents/\(told.id)")
        #expect(read.json["reports"]?[0]?["people"]?[0]?["name"]?.text == "Her")
    }

    /// Of the rules of confidence, the first: nothing reaches the person named.
    @Test(arguments: [Role.headteacher, .dsl, .deputyDSL, .onlineSafetyCoordinator])
    func `is neither sent nor shown to the person whom it names`(role: Role) async throws {
        let register = try await Register.open()
        let person = JSONValue.string(TestSchool.hawthorn.person(role).uuidString)
        for concern in [Concern.child, .staff] {
            let told = try register.as(.staff).report(
                "They did it", concern, ("is_child_at_risk", true),
                ("people", [["group": "staff", "part": "alleged", "person_id": person]]))
            #expect(try !holdersOfNotices(told, register).contains(role))
            #expect(try !holdersOfNotices(told, register).isEmpty)
            let read = try register.as(role).get("/v1/incidents/\(told.id)")
            #expect(read.status == 404)
        }
    }

    /// S-04
    @Test func `goes to the posts that the school has set`() async throws {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        let address = "/v1/schools/\(TestSchool.hawthorn.id)/settings/incident-recipients"
        let set = try head.put(
            address, ["value": ["headteacher", "senior_leader"]], ["If-Match": "\"0\""])
        #expect(set.status == 200)
        let told = try register.as(.staff).report()
        #expect(try holdersOfNotices(told, register) == [.headteacher, .seniorLeader])
        #expect(try register.as(.seniorLeader).get("/v1/incidents/\(told.id)").status == 200)
        let elsewhere = try register.as(.staff, at: .rosehip).report()
        #expect(elsewhere.posts("told").contains("dsl"))
    }

    private func whoeverIsToldCanOpen(_ told: Reading, _ register: Register) throws {
        for role in try holdersOfNotices(told, register) {
            #expect(try register.as(role).get("/v1/incidents/\(told.id)").status == 200, "\(role)")
        }
    }

    /// Who has a notice of what was told, each by asking for it.
    private func holdersOfNotices(_ told: Reading, _ register: Register) throws -> Set<Role> {
        let reference = try #require(told["reference"])
        return try Set(
            Role.allCases.filter { role in
                guard role.isOfASchool else { return false }
                let notices = try register.as(role).get("/v1/notices").data
                return notices.contains { $0["reference"]?.text == reference }
            })
    }
}

extension Register {
    /// Gives a post to the holder of another, and takes it from whoever held it.
    func merge(_ role: Role, into other: Role) throws {
        try database.execute(
            """
            update seat set account_id = '\(TestSchool.hawthorn.account(other))',
                person_id = '\(TestSchool.hawthorn.person(other))'
            where id = '\(TestSchool.hawthorn.seat(role))'
            """)
    }

    /// Ends a post, as of yesterday.
    func vacate(_ role: Role) throws {
        try database.execute(
            """
            update seat set until_on = london_today() - 1
            where id = '\(TestSchool.hawthorn.seat(role))'
            """)
    }
}

extension Register {
    /// The receipt of a report, as its author's row says.
    func receipt(_ told: Reading) throws -> [String: String] {
        let found = try database.owner().run(
            "select status from receipt where incident_id = \(told.id)::uuid")
        return ["status": found.text(0, "status") ?? ""]
    }
}

extension Reading {
    /// The posts of a list of contacts.
    func posts(_ name: String) -> Set<String> {
        guard case .array(let contacts)? = json[name] else { return [] }
        return Set(contacts.compactMap { $0["post"]?.text })
    }
}

import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Nobody sees a record of which they are the subject, whatever their post.
@Suite struct `Whoever a report is about` {
    /// Everything in which a report could show itself to somebody.
    private func traces(
        of incident: Reading, to visitor: Visitor, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [String] {
        let reference = try #require(incident["reference"], sourceLocation: sourceLocation)
        let paths = [
            "/v1/incidents?limit=1000", "/v1/incidents?sort=reported_at",
            "/v1/incidents?format=csv", "/v1/incidents?mine=true",
            "/v1/incidents?mine=true&format=csv", "/v1/notices", "/v1/notices?format=csv",
            "/v1/incidents/\(incident.id)",
        ]
        return try paths.filter { path in
            let told = try visitor.get(path)
            return told.text.contains(reference) || told.text.contains("canary")
                || path.hasSuffix(incident.id) && told.status != 404 && told.status != 403
        }
    }

    private func waiting(_ visitor: Visitor) throws -> JSONValue? {
        try visitor.get("/v1/me").json["waiting"]?["notices"]
    }

    /// ORG-06, INC-18: the same report, but for the person whom it names, is open to them.
    @Test(arguments: [Role.dsl, .deputyDSL, .headteacher, .onlineSafetyCoordinator])
    func `finds it nowhere, though the post would open it`(role: Role) async throws {
        let register = try await Register.open()
        let (staff, subject) = (register.as(.staff), register.as(role))
        let other = try staff.report("ordinary", .child, ("types", ["grooming"]))
        #expect(try subject.get("/v1/incidents/\(other.id)").status == 200)
        let before = try waiting(subject)
        for concerns in [Concern.child, .staff, .governor, .unsure] {
            let told = try staff.report("canary", concerns, ("people", [Scene.alleged(role)]))
            #expect(told.status == 201)
            #expect(try traces(of: told, to: subject) == [], "\(concerns)")
            let isTold = told.json["told"].map { JSON.string(of: $0) } ?? ""
            #expect(!isTold.contains("\"\(role.rawValue)\""), "\(concerns)")
        }
        #expect(try waiting(subject) == before)
    }

    /// ORG-06, INC-18: in three of the five schools of the sources the DSL is the headteacher.
    @Test(arguments: [Concern.headteacher, .dsl])
    func `finds it nowhere when one person is both the DSL and the headteacher`(
        concerns: Concern
    ) async throws {
        let register = try await Register.open()
        try register.seat(.headteacher, for: .dsl)
        try register.vacate(.headteacher)
        let both = register.as(.dsl)
        let told = try register.as(.staff).report("canary", concerns)
        #expect(told.status == 201)
        #expect(try traces(of: told, to: both) == [])
        #expect(try waiting(both) == 0)
        #expect(told.json["told"] != [])
    }

    /// INC-18: about the headteacher to the chair of governors, and to no other governor.
    @Test func `who is the headteacher is left out, and the chair is told`() async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).report("canary", .headteacher)
        #expect(try traces(of: told, to: register.as(.headteacher)) == [])
        for role in [Role.governor, .linkGovernor] {
            #expect(try register.as(role).get("/v1/incidents/\(told.id)").status == 403)
        }
        let chair = register.as(.chairOfGovernors)
        #expect(try chair.get("/v1/incidents/\(told.id)").status == 200)
        #expect(try waiting(chair) == 1)
    }

    /// A target, a witness, whoever it was told by: only what is alleged hides a report.
    @Test(arguments: ["target", "witness"])
    func `is told all the same when no more than a witness`(part: String) async throws {
        let register = try await Register.open()
        let person: JSONValue = [
            "group": "staff", "part": .string(part),
            "person_id": .string(TestSchool.hawthorn.person(.dsl).uuidString),
        ]
        let told = try register.as(.staff).report("canary", .child, ("people", [person]))
        #expect(try register.as(.dsl).get("/v1/incidents/\(told.id)").status == 200)
    }

    /// A person of another school's roster is nobody here: naming one neither hides nor tells.
    @Test func `counts only on the roster of the school that the report belongs to`() async throws {
        let register = try await Register.open()
        let told = try register.as(.staff).report(
            "canary", .child, ("people", [Scene.alleged(.dsl, at: .rosehip)]))
        #expect(told.status == 201)
        #expect(try register.as(.dsl).get("/v1/incidents/\(told.id)").status == 200)
        #expect(try traces(of: told, to: register.as(.dsl, at: .rosehip)) == [])
    }
}

extension Register {
    /// Gives somebody of Hawthorn another post, there or in another school, where they are then on
    /// the roster as well.
    func seat(_ role: Role, for holder: Role, at school: TestSchool = .hawthorn) throws {
        let account = TestSchool.hawthorn.account(holder)
        let owner = try database.owner()
        var person = TestSchool.hawthorn.person(holder)
        if school.id != TestSchool.hawthorn.id {
            person = UUID()
            _ = try owner.run(
                """
                insert into person (school_id, id, kind, given_name, family_name, account_id)
                values (\(school.id), \(person), 'teacher', 'The', \(holder.label), \(account))
                """)
        }
        _ = try owner.run(
            """
            insert into seat (school_id, id, account_id, person_id, role, from_on)
            values (
                \(school.id), gen_random_uuid(), \(account), \(person), \(role), '2020-01-01')
            """)
    }
}

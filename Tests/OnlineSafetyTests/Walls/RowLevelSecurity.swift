import JSON
import Testing

@testable import OnlineSafety

/// The third wall alone: whatever a handler forgets to ask, the database shows nothing that is not
/// the caller's to see.
@Suite struct `Row-level security` {
    /// ORG-02
    @Test func `shows nothing of another school without a where`() async throws {
        let register = try await Secrets.scene(areas: [Careless.area]).register
        for school in TestSchool.all {
            for role in Role.allCases {
                for (name, _) in Careless.selects {
                    let told = try register.as(role, at: school).get("/careless/\(name)")
                    #expect(told.status == 200, "\(name)")
                    let leak = Secrets.leak(told, to: role, at: school)
                    #expect(leak == nil, "\(name) as \(role.rawValue) of \(school.name)")
                }
            }
        }
    }

    /// Whoever may see something is shown it, or the test above would prove nothing.
    @Test func `shows a school its own, and everything once it is off`() async throws {
        let register = try await Secrets.scene(areas: [Careless.area]).register
        for name in Careless.full {
            let rows = try register.as(.dsl).get("/careless/\(name)").rows
            #expect(!rows.isEmpty, "\(name)")
        }
        try register.dropRowLevelSecurity()
        // A key is one's own, a link is shown by what it leads to, and who was told of an incident
        // by that incident: those ask by themselves.
        let asking = ["idempotency", "incident_link_shown", "incident_notice_shown"]
        for name in Careless.full where !asking.contains(name) {
            let told = try register.as(.dsl).get("/careless/\(name)")
            #expect(Secrets.leak(told, to: .dsl, at: .hawthorn) != nil, "\(name)")
        }
    }

    /// ORG-06: of all that is reported, each role finds what its post is open to, and nothing that
    /// is about whoever holds it.
    @Test func `shows no incident to its subject, nor to a post that it is not open to`()
        async throws
    {
        let scene = try await Secrets.scene(areas: [Careless.area])
        let readers: [Role] = [.dsl, .deputyDSL, .headteacher, .onlineSafetyCoordinator]
        for role in Role.allCases {
            let visitor = scene.register.as(role)
            for name in ["incident_listed", "incident_opened", "incident"] {
                let rows = try visitor.get("/careless/\(name)").rows.compactMap { $0["id"]?.text }
                #expect(!rows.contains(scene.incident(role, .aboutOneself)), "\(role) \(name)")
                let isReader = readers.contains(role)
                #expect(rows.contains(scene.incident(role, .ownSchool)) == isReader, "\(role)")
            }
            for name in ["report", "receipt", "notice"] {
                let rows = try visitor.get("/careless/\(name)").rows
                let about = rows.contains {
                    $0["incident_id"]?.text == scene.incident(role, .aboutOneself)
                }
                #expect(!about, "\(role.rawValue) \(name)")
            }
        }
    }

    @Test func `shows nobody another's notices, keys, acknowledgements or subjects`() async throws {
        let register = try await Secrets.scene(areas: [Careless.area]).register
        for role in Role.allCases {
            let own = TestSchool.hawthorn.account(role).uuidString.lowercased()
            for name in [
                "notice", "mail", "idempotency", "acknowledgement", "incident_subject",
            ] {
                let rows = try register.as(role).get("/careless/\(name)").rows
                #expect(
                    rows.allSatisfy { ($0["account_id"] ?? $0["caller_id"])?.text == own },
                    "\(role) \(name)")
            }
        }
    }

    @Test(arguments: [
        "event_head", "session", "account", "guess_count", "second_factor",
        "recovery_code", "intake_key", "intake_answer", "calendar_link",
    ])
    func `lets the service read nothing of the audit's heads, of accounts and of what is secret`(
        name: String
    ) async throws {
        let register = try await Secrets.scene(areas: [Careless.area]).register
        let told = try register.as(.dsl).get("/careless/\(name)")
        #expect(told.status == 500)
        #expect(
            told.keys == ["type", "title", "status", "code", "detail", "instance", "request_id"])
    }

    @Test func `lets a reading write nothing`() async throws {
        let register = try await Secrets.scene(areas: [Careless.area]).register
        #expect(try register.as(.dsl).get("/careless/writing").status == 500)
        #expect(try register.database.number("select count(*) from idempotency") == 3)
    }

    /// ORG-02: people of three schools meet on one connection, a third of what they ask fails, and
    /// no answer holds a word of somebody else's.
    @Test func `keeps neighbours on one connection apart, though some of them fail`() async throws {
        let register = try await Secrets.scene(areas: [Careless.area]).register
        let callers = TestSchool.all.flatMap { school in
            [Role.dsl, .staff, .headteacher, .governor].map { (role: $0, school: school) }
        }
        let first = try callers.map { caller in
            try register.as(caller.role, at: caller.school).get("/careless/incident_opened").body
        }
        for turn in 0..<15 {
            let questions = callers.indices.map { index in
                let visitor = register.as(callers[index].role, at: callers[index].school)
                let isFailing = (index + turn) % 3 == 0
                let method = isFailing && turn % 2 == 0 ? "POST" : "GET"
                return (
                    visitor: visitor, method: method,
                    path: "/careless/\(isFailing ? "failing" : "incident_opened")"
                )
            }
            let answers = try register.atOnce(questions)
            for index in callers.indices where questions[index].path.hasSuffix("opened") {
                #expect(answers[index].body == first[index], "\(callers[index].role)")
            }
            #expect(answers.filter { $0.status == 500 }.count == callers.count / 3)
        }
    }
}

import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// What a password must be, and when it must be another (SEC-01, SEC-02).
@Suite struct `Changing a password` {
    private let email = TestSchool.hawthorn.email(.dsl)
    private let good = "four lanterns under the bridge"

    private func change(
        _ visitor: Visitor, from old: String = TestSchool.password, to new: String
    ) throws -> Reading {
        try visitor.put(
            "/v1/me/password", ["old_password": .string(old), "new_password": .string(new)])
    }

    @Test func `asks for the old one, and ends all other sessions, on every copy`() async throws {
        let register = try await Register.open()
        let copy = try await register.secondCopy()
        let here = register.visitor(token: try #require(try register.logIn(email)["token"]))
        let there = copy.visitor(token: try #require(try register.logIn(email)["token"]))
        #expect(try there.get("/v1/me").status == 200)
        let refused = try change(here, from: "not the password", to: good)
        #expect((refused.status, refused.code) == (401, "credentials_invalid"))
        #expect(try change(here, to: good).status == 204)
        #expect(try here.get("/v1/incidents").status == 200)
        for visitor in [there, copy.as(.dsl)] { #expect(try visitor.get("/v1/me").status == 401) }
        #expect(try register.logIn(email).status == 401)
        #expect(try register.logIn(email, good).status == 201)
        let deeds = try register.database.entries().map(\.deed)
        #expect(deeds.contains("password_changed"))
        #expect(try register.database.places(of: good) == [])
    }

    @Test(arguments: [
        ("fourteen chars", "too_short"), ("passwordpassword1234", "too_common"),
        ("hawthornhawthorn2026", "too_common"), ("aaaaaaaaaaaaaaaaaaaa", "too_common"),
        ("qwertyuiopasdfghjkl", "too_common"), ("12345678901234567890", "too_common"),
        ("P@ssw0rd-P@ssw0rd-1", "too_common"), ("correct horse battery", nil),
        ("Welcome to school 2026", nil), ("WelcomeSchool!2026!!", "too_common"),
        ("abcdefghijklmnopqrst", "too_common"),
    ])
    func `refuses what is short, or what many would try first`(new: String, code: String?) throws {
        let found = GuessablePassword.isGuessable(
            new, besides: ["hawthorn", "designated", "safeguarding", "lead"])
        if code == "too_common" { #expect(found) }
        if code == nil { #expect(!found) }
    }

    @Test func `names every fault of a password at once, and never the password`() async throws {
        let register = try await Register.open()
        try register.set("password_composition", "true")
        let dsl = register.as(.dsl)
        let refused = try change(dsl, to: "hawthorn1234")
        #expect(refused.status == 422)
        guard case .array(let errors)? = refused.json["errors"] else { return }
        #expect(
            errors.compactMap { $0["code"]?.text } == ["too_short", "not_mixed", "too_common"])
        #expect(!refused.text.contains("hawthorn1234"))
        #expect(try change(dsl, to: good).faults == ["/new_password": "not_mixed"])
        #expect(try change(dsl, to: "Four lanterns under 1 bridge!").status == 204)
        #expect(try change(dsl, from: "x y z w v u t", to: "x y z w v u t").status == 422)
    }

    /// SEC-01, in the form of source 003: eight mixed characters are asked for, and more.
    @Test func `is held to the strictest school`() async throws {
        let register = try await Register.open()
        try register.set("password_length", "30")
        #expect(try change(register.as(.dsl), to: "twenty-two characters!").status == 422)
        #expect(
            try change(register.as(.dsl, at: .rosehip), to: "twenty-two characters!").status == 204)
    }

    @Test func `is asked for at the next log-in when it has expired, after a warning`()
        async throws
    {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T09:00:00Z")
        try register.database.execute(
            "update account set password_set_at = '2026-09-01T09:00:00Z'")
        try register.set("password_days", "90")
        let before = register.visitor(token: try #require(try register.logIn(email)["token"]))
        let warned = try before.get("/v1/me").json["password"]
        #expect(warned?["expires_at"] == "2026-11-30T09:00:00.000Z")
        #expect(warned?["expires_soon"] == true)
        try register.database.setClock("2026-11-30T09:00:00Z")
        let opened = try register.logIn(email)
        #expect(opened.status == 201)
        #expect(opened.json["outstanding"] == ["password"])
        let held = register.visitor(token: try #require(opened["token"]))
        for path in ["/v1/incidents", "/v1/schools", "/v1/me/sessions", "/v1/notices"] {
            let refused = try held.get(path)
            #expect((refused.status, refused.code) == (403, "password_change_required"), "\(path)")
        }
        #expect(try held.report().code == "password_change_required")
        let me = try held.get("/v1/me")
        #expect(me.json["session"]?["outstanding"] == ["password"])
        #expect(me.json["posts"]?[0]?["role"] == "dsl")
        guard case .array(let may)? = me.json["may"] else { return }
        #expect(may.contains("change_my_password") && !may.contains("list_incidents"))
        #expect(try change(held, to: good).status == 204)
        #expect(try held.get("/v1/incidents").status == 200)
        #expect(try register.logIn(email, good).json["outstanding"] == [])
    }

    /// The third wall: such a session finds nothing, whatever a handler forgets.
    @Test func `leaves a session that must change it nothing to see, in the database too`()
        async throws
    {
        let scene = try await Secrets.scene(areas: [Careless.area])
        let dsl = scene.register.as(.dsl)
        #expect(try !dsl.get("/careless/incident").rows.isEmpty)
        try scene.register.database.execute("update session set outstanding = '{password}'")
        for (name, _) in Careless.selects {
            let refused = try dsl.get("/careless/\(name)")
            #expect(refused.code == "password_change_required")
        }
        let hash = BearerToken(TestSchool.hawthorn.token(.dsl)).hash
        let service = try DirectConnection(scene.register.database.serviceURL)
        _ = try service.run("begin")
        _ = try service.run("select enter(\(hash), '{\"outstanding\": [\"password\"]}', 'r')")
        for rows: SQL in [
            "select count(*) as rows from incident", "select count(*) as rows from person",
            "select count(*) as rows from report", "select count(*) as rows from school",
        ] {
            let found = try service.run(rows)

            #expect(found.int(0, "rows") == 0)
        }
    }
}

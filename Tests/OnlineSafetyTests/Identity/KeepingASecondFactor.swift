import Crypto
import JSON
import Testing

@testable import OnlineSafety

/// That a stolen password is not enough to get past a second factor, or to take it away (SEC-04).
@Suite struct `Keeping a second factor` {
    private let email = TestSchool.hawthorn.email(.dsl)
    private let right: JSONValue = ["password": .string(TestSchool.password)]

    /// 2026-11-20T09:00:00Z
    private let nine = 1_795_165_200

    private func open() async throws -> Register {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T09:00:00Z")
        return register
    }

    private func visitor(_ register: Register) throws -> Visitor {
        register.visitor(token: try #require(try register.logIn(email)["token"]))
    }

    private func told(_ visitor: Visitor) throws -> Int {
        try visitor.get("/v1/notices").data.count { $0["kind"] == "second_factor_changed" }
    }

    /// Until then it is not known who this is: where they work, and what waits there, is theirs.
    @Test func `a password alone is told the name, and that a code is wanted`() async throws {
        let register = try await open()
        _ = try register.as(.headteacher).post(
            "/v1/schools/\(TestSchool.hawthorn.id)/monitoring-notice", ["words": "It is monitored."]
        )
        try register.database.execute("update session set outstanding = '{}'")
        let owner = try visitor(register)
        let notice: JSONValue = [
            "school_id": .string(TestSchool.hawthorn.id.uuidString), "version": 1,
        ]
        #expect(try owner.post("/v1/monitoring-notice/acknowledgement", notice).status == 204)
        let device = try owner.setUpSecondFactor(at: nine).totp
        let thief = try visitor(register)
        let told = try thief.get("/v1/me")
        #expect(told.status == 200 && told.keys == ["id", "name", "may", "session"])
        #expect(told.json["session"]?["outstanding"]?[0] == "code")
        let school = TestSchool.hawthorn.id.uuidString.lowercased()
        #expect(!told.text.contains("Hawthorn") && !told.text.contains(school))
        #expect(try thief.get("/v1/monitoring-notice").code == "code_required")
        #expect(try thief.giveCode(device.code(of: TOTP.step(at: nine))).status == 204)
        let known = try thief.get("/v1/me")
        #expect(known.keys.isSuperset(of: ["posts", "waiting", "password", "second_factor"]))
        #expect(known.text.contains("Hawthorn"))
        #expect(try thief.get("/v1/monitoring-notice").data.count == 1)
    }

    /// Somebody has the password, and waits for the owner to set one up.
    @Test func `setting it up ends every other session, which never gave a code`() async throws {
        let register = try await open()
        try register.set("second_factor", "\"everybody\"")
        let (thief, owner) = (try visitor(register), try visitor(register))
        #expect(try thief.get("/v1/incidents").code == "second_factor_required")
        _ = try owner.setUpSecondFactor(at: nine)
        #expect(try thief.get("/v1/incidents").status == 401)
        #expect(try owner.get("/v1/incidents").status == 200)
        #expect(try told(owner) == 1)
    }

    @Test func `no password replaces it, removes it or makes recovery codes`() async throws {
        let register = try await open()
        let owner = try visitor(register)
        let (totp, codes) = try owner.setUpSecondFactor(at: nine)
        try register.database.setClock("2026-11-20T09:30:00Z")
        let here = try visitor(register)
        #expect(try here.giveCode(codes[0]).status == 204)
        let refused = try here.post("/v1/session/step-up", right)
        #expect(refused.status == 422)
        #expect(refused.faults == ["/code": "code_needed"])
        for path in ["/v1/me/second-factor", "/v1/me/second-factor/recovery-codes"] {
            #expect(try here.post(path).code == "step_up_required")
        }
        #expect(try here.delete("/v1/me/second-factor").code == "step_up_required")
        #expect(try here.stepUp(with: codes[1]).status == 201)
        #expect(try here.post("/v1/me/second-factor/recovery-codes").status == 201)
        #expect(try owner.get("/v1/me").status == 401)
        let next = try visitor(register)
        let later = TOTP.step(at: nine + 1800)
        #expect(try next.giveCode(totp.code(of: later - 1)).status == 204)
        #expect(try next.stepUp(with: totp.code(of: later)).status == 201)
        #expect(try next.delete("/v1/me/second-factor").status == 204)
        #expect(try here.get("/v1/me").status == 401)
        #expect(try told(next) == 3)
    }

    /// What was proved by a password before there was a factor opens nothing that it guards.
    @Test func `is asked for beside a proof that was given before it`() async throws {
        let register = try await open()
        let owner = try visitor(register)
        let (totp, _) = try owner.setUpSecondFactor(at: nine)
        try register.database.execute("update session set stepped_up_by = 'password'")
        #expect(try owner.post("/v1/me/second-factor").code == "step_up_required")
        let code = totp.code(of: TOTP.step(at: nine))
        #expect(try owner.stepUp(with: code).status == 201)
        #expect(try owner.post("/v1/me/second-factor").status == 201)
    }

    @Test func `confirmed by many at once, it has the recovery codes of one answer`() async throws {
        let register = try await open()
        let owner = try visitor(register)
        #expect(try owner.post("/v1/session/step-up", right).status == 201)
        let totp = try owner.beginSecondFactor()
        let code = totp.code(of: TOTP.step(at: nine))
        let answers = try await atOnce(4) { _ in try owner.confirmSecondFactor(code) }
        let shown = answers.filter { $0.status == 201 }
        #expect(shown.count == 1)
        #expect(answers.count { $0.status == 409 } == 3)
        let waiting = try visitor(register)
        #expect(try waiting.giveCode(try #require(shown.first?.recoveryCodes.first)).status == 204)
    }

    /// Whoever has the password sits at the same address, and spends what wrong codes they have.
    @Test func `others' wrong codes keep nobody out whose device is known`() async throws {
        let register = try await open()
        let first = try register.logIn(email)
        let device = try #require(first["device_token"])
        let owner = register.visitor(token: try #require(first["token"]))
        let (totp, _) = try owner.setUpSecondFactor(at: nine)
        let thief = try visitor(register)
        for _ in 0..<5 { #expect(try thief.giveCode("000000").status == 401) }
        #expect(try visitor(register).giveCode("000000").status == 429)
        let again = try register.nobody.post(
            "/v1/sessions",
            [
                "email": .string(email), "password": .string(TestSchool.password),
                "device_token": .string(device),
            ])
        let here = register.visitor(token: try #require(again["token"]))
        #expect(try here.giveCode(totp.code(of: TOTP.step(at: nine))).status == 204)
    }

    @Test func `is confirmed by the session that began it, within the hour`() async throws {
        let register = try await open()
        let (owner, other) = (try visitor(register), try visitor(register))
        #expect(try owner.post("/v1/session/step-up", right).status == 201)
        let totp = try owner.beginSecondFactor()
        #expect(
            try other.confirmSecondFactor(totp.code(of: TOTP.step(at: nine))).status == 409)
        try register.database.setClock("2026-11-20T10:00:00Z")
        try register.database.execute(
            "update session set idle_ends_at = '2026-11-21', ends_at = '2026-11-21'")
        #expect(
            try owner.confirmSecondFactor(totp.code(of: TOTP.step(at: nine + 3600))).status == 409)
    }
}

import Crypto
import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// A second factor, from setting it up to losing the device (SEC-04).
@Suite struct `A second factor` {
    private let email = TestSchool.hawthorn.email(.dsl)
    private let right: JSONValue = ["password": .string(TestSchool.password)]

    private func open() async throws -> Register {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T09:00:00Z")
        return register
    }

    /// 2026-11-20T09:00:00Z
    private let nine = 1_795_165_200

    private func visitor(_ register: Register) throws -> Visitor {
        register.visitor(token: try #require(try register.logIn(email)["token"]))
    }

    private func setUp(_ visitor: Visitor) throws -> (totp: TOTP, codes: [String]) {
        try visitor.setUpSecondFactor(at: nine)
    }

    private func give(_ code: String, _ visitor: Visitor) throws -> Reading {
        try visitor.post("/v1/session/code", ["code": .string(code)])
    }

    /// SEC-04: a school that asks it of everybody asks it of whoever is signed in as well.
    @Test func `is asked of sessions of before, when a school begins to ask it`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        #expect(try office.get("/v1/notices").status == 200)
        let set = try register.as(.headteacher).put(
            "/v1/schools/\(TestSchool.hawthorn.id)/settings/second-factor",
            ["value": "everybody"], ["If-Match": "*"])
        #expect(set.status < 300)
        #expect(try office.get("/v1/notices").status == 403)
    }

    @Test func `is asked for after the password, and takes each code once, on every copy`()
        async throws
    {
        let register = try await open()
        let copy = try await register.secondCopy()
        let (totp, _) = try setUp(visitor(register))
        let opened = try register.logIn(email)
        #expect(opened.json["outstanding"] == ["code"])
        let first = register.visitor(token: try #require(opened["token"]))
        #expect(try first.get("/v1/incidents").code == "code_required")
        #expect(try first.put("/v1/me/password", [:]).code == "code_required")
        #expect(try first.post("/v1/session/step-up", right).code == "code_required")
        // That with which it was set up has been used.
        let used = totp.code(of: TOTP.step(at: nine) - 1)
        #expect(try give(used, first).status == 401)
        let next = totp.code(of: TOTP.step(at: nine))
        #expect(try give(next.prefix(3) + " " + next.suffix(3), first).status == 204)
        #expect(try first.get("/v1/incidents").status == 200)
        let second = copy.visitor(token: try #require(try register.logIn(email)["token"]))
        for code in [used, next] { #expect(try give(code, second).status == 401) }
        try register.database.setClock("2026-11-20T09:01:00Z")
        let later = TOTP.step(at: nine + 60)
        // One step back, none forward.
        for away in [-2, 1] {
            #expect(try give(totp.code(of: later + away), second).status == 401)
        }
        #expect(try give(totp.code(of: later), second).status == 204)
        #expect(try second.get("/v1/incidents").status == 200)
        #expect(try give(totp.code(of: later), second).status == 409)
    }

    @Test func `given at once by many, one code opens one session`() async throws {
        let register = try await open()
        let (totp, _) = try setUp(visitor(register))
        let waiting = try (0..<4).map { _ in try visitor(register) }
        let code = totp.code(of: TOTP.step(at: nine))
        let answers = try await atOnce(4) { try give(code, waiting[$0]).status }
        #expect(answers.count { $0 == 204 } == 1)
    }

    @Test func `ends a session after five wrong codes, which opens nobody else's`() async throws {
        let register = try await open()
        let (totp, _) = try setUp(visitor(register))
        let waiting = try visitor(register)
        for _ in 0..<5 { #expect(try give("000000", waiting).status == 401) }
        #expect(try give(totp.code(of: TOTP.step(at: nine)), waiting).status == 401)
        #expect(try waiting.get("/v1/me").status == 401)
        // And further sessions help no guesser: they wait.
        let again = try visitor(register)
        #expect(try give("000000", again).status == 429)
    }

    @Test func `is replaced by a recovery code when the device is lost, each once`() async throws {
        let register = try await open()
        let (_, codes) = try setUp(visitor(register))
        #expect(codes.count == 10 && Set(codes).count == 10)
        let one = try visitor(register)
        #expect(try give(codes[3].lowercased(), one).status == 204)
        #expect(try one.get("/v1/me").json["second_factor"]?["recovery_codes_left"] == 9)
        let other = try visitor(register)
        #expect(try give(codes[3], other).status == 401)
        #expect(try give(codes[4], other).status == 204)
        // New ones make the old ones dead.
        #expect(try other.stepUp(with: codes[6]).status == 201)
        let anew = try other.post("/v1/me/second-factor/recovery-codes")
        #expect(anew.status == 201)
        #expect(try give(codes[5], visitor(register)).status == 401)
        #expect(try register.database.entries().count { $0.deed == "recovery_code_used" } == 3)
        for code in codes {
            #expect(try register.database.places(of: code.replacing("-", with: "")) == [])
        }
    }

    @Test func `is a fresh proof, too`() async throws {
        let register = try await open()
        let dsl = try visitor(register)
        let (totp, _) = try setUp(dsl)
        try register.database.setClock("2026-11-20T09:20:00Z")
        #expect(try dsl.delete("/v1/me/second-factor").code == "step_up_required")
        let code = JSONValue.string(totp.code(of: TOTP.step(at: nine + 1200)))
        #expect(try dsl.post("/v1/session/step-up", ["code": code]).status == 201)
        #expect(try dsl.post("/v1/session/step-up", ["code": code]).status == 401)
        #expect(try dsl.delete("/v1/me/second-factor").status == 204)
        #expect(try register.logIn(email).json["outstanding"] == [])
    }

    @Test func `is set up before anything else where the school asks for it`() async throws {
        let register = try await open()
        try register.set("second_factor", "\"record_readers\"")
        #expect(
            try register.logIn(TestSchool.hawthorn.email(.staff)).json["outstanding"] == [])
        let opened = try register.logIn(email)
        #expect(opened.json["outstanding"] == ["second_factor"])
        let dsl = register.visitor(token: try #require(opened["token"]))
        #expect(try dsl.get("/v1/incidents").code == "second_factor_required")
        let (totp, _) = try setUp(dsl)
        #expect(try dsl.get("/v1/incidents").status == 200)
        #expect(try dsl.delete("/v1/me/second-factor").status == 409)
        let next = try visitor(register)
        #expect(try give(totp.code(of: TOTP.step(at: nine)), next).status == 204)
    }

    /// Promise 54.
    @Test func `lies sealed, opens for nobody else, and is sealed anew with a new key`()
        async throws
    {
        let register = try await open()
        let (totp, _) = try setUp(visitor(register))
        let sealed: SQL = "select sealed from second_factor"
        let before = try #require(try register.database.owner().run(sealed).bytes(0, "sealed"))
        let keys = KeyRing([(1, [UInt8](repeating: 7, count: 32))])
        let account = TestSchool.hawthorn.account(.dsl)
        #expect(keys.unsealed(before, bound: []) == nil)
        let renewed = try await register.secondCopy {
            $0.keys = KeyRing([
                (2, [UInt8](repeating: 9, count: 32)), (1, [UInt8](repeating: 7, count: 32)),
            ])
        }
        let dsl = renewed.visitor(token: try #require(try renewed.logIn(email)["token"]))
        #expect(try give(totp.code(of: TOTP.step(at: nine)), dsl).status == 204)
        let after = try #require(try register.database.owner().run(sealed).bytes(0, "sealed"))
        #expect((before.first, after.first) == (1, 2))
        // Another account's secret, put in place of one's own, is none.
        let other = TestSchool.hawthorn.account(.staff)
        try register.database.execute(
            """
            insert into second_factor (account_id, sealed, set_up_at)
            select '\(other)', sealed, set_up_at from second_factor where account_id = '\(account)'
            """)
        let staff = try register.logIn(TestSchool.hawthorn.email(.staff))
        let waiting = register.visitor(token: try #require(staff["token"]))
        #expect(try give(totp.code(of: TOTP.step(at: nine)), waiting).status == 401)
    }
}

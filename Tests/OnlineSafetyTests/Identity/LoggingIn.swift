import Crypto
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Logging in, and what a failed attempt tells: nothing.
@Suite struct `Logging in` {
    private let email = TestSchool.hawthorn.email(.dsl)

    @Test func `opens a session with the right password, in capitals and with spaces too`()
        async throws
    {
        let register = try await Register.open()
        for email in [email, email.uppercased(), "\u{A0} \(email)\n "] {
            let opened = try register.logIn(email)
            #expect(opened.status == 201)
            let me = try register.visitor(token: #require(opened["token"])).get("/v1/me")
            #expect(me.id == TestSchool.hawthorn.account(.dsl).uuidString.lowercased())
            #expect(opened["account_id"] == me.id)
        }
    }

    @Test func `says the same of a wrong password, an unknown address and a closed account`()
        async throws
    {
        let register = try await Register.open()
        try register.database.execute(
            "update account set disabled_at = rowan_now() where email like 'office@%'")
        let refused = [
            try register.logIn(email, "not the password"),
            try register.logIn("nobody@hawthorn.example"),
            try register.logIn(TestSchool.hawthorn.email(.office)),
            try register.logIn(email + "x"),
        ]
        for answer in refused {
            #expect((answer.status, answer.code) == (401, "credentials_invalid"))
            #expect(answer.keys == refused[0].keys)
            for name in answer.keys where name != "request_id" {
                #expect(answer.json[name] == refused[0].json[name])
            }
        }
        #expect(try register.database.number("select count(*) from session where id is null") == 0)
    }

    /// The medians of some tries, alternating, so that whatever else the machine does meets both.
    @Test func `takes as long for an unknown address as for a wrong password`() async throws {
        let register = try await Register.open()
        var took: [[Duration]] = [[], []]
        for _ in 0..<9 {
            try register.database.execute("delete from guess_count")
            for (index, email) in [email, "nobody@hawthorn.example"].enumerated() {
                took[index].append(
                    try ContinuousClock().measure { _ = try register.logIn(email, "wrong") })
            }
        }
        let medians = took.map { $0.sorted()[4] }
        #expect(medians[1] > medians[0] * 0.5 && medians[1] < medians[0] * 2, "\(medians)")
    }

    @Test func `closes every session of an account that is closed`() async throws {
        let register = try await Register.open()
        #expect(try register.as(.dsl).get("/v1/me").status == 200)
        try register.database.execute(
            "update account set disabled_at = rowan_now() where email = '\(email)'")
        #expect(try register.as(.dsl).get("/v1/me").status == 401)
    }

    /// Of the refusals that the matrix wants on record, the failed log-ins.
    @Test func `puts failed attempts on record, with the account where there is one`()
        async throws
    {
        let register = try await Register.open()
        let wrong = try register.logIn(email, "not the password")
        let unknown = try register.logIn("nobody@hawthorn.example")
        let entries = try register.database.entries()
        #expect(entries.map(\.deed) == ["log_in_failed", "log_in_failed"])
        #expect(entries.map(\.records) == [[TestSchool.hawthorn.account(.dsl)], []])
        #expect(entries.map(\.request) == [wrong["request_id"], unknown["request_id"]])
        _ = try register.logIn(email)
        #expect(try register.database.entries().map(\.deed).last == "logged_in")
    }
}

/// What is stored of secrets.
@Suite struct `Secrets at rest` {
    /// SEC-03: passwords only as salted slow hashes, never returned.
    @Test func `are scrypt hashes, each with its own salt, and are never shown (SEC-03)`()
        async throws
    {
        let register = try await Register.open()
        let opened = try register.logIn(TestSchool.hawthorn.email(.dsl))
        let hashes = try register.database.owner().run("select distinct password_hash from account")
        #expect(hashes.count > 0)
        for row in 0..<hashes.count {
            let hash = try #require(hashes.text(row, "password_hash"))
            #expect(hash.wholeMatch(of: #/\$scrypt\$ln=14,r=8,p=5\$[^$]{22}\$[^$]{43}/#) != nil)
        }
        let again = Scrypt.hash(password: TestSchool.password)
        #expect(again != hashes.text(0, "password_hash"))
        for role in [Role.dsl, .schoolAdministrator, .technician] {
            for path in ["/v1/me", "/v1/people", "/v1/schools"] {
                let shown = try register.as(role).get(path).text
                #expect(!shown.contains("scrypt") && !shown.contains(TestSchool.password))
            }
        }
        #expect(!opened.text.contains("scrypt") && !opened.text.contains(TestSchool.password))
        #expect(try register.database.places(of: TestSchool.password) == [])
    }

    @Test func `do not include the token, in any column of any table`() async throws {
        let register = try await Register.open()
        let token = try #require(try register.logIn(TestSchool.hawthorn.email(.dsl))["token"])
        let visitor = register.visitor(token: token)
        _ = try visitor.post("/v1/incidents", report(), ["Idempotency-Key": "one-key"])
        #expect(try visitor.get("/v1/incidents").status == 200)
        #expect(try register.database.places(of: token) == [])
        let secret = String(token.split(separator: "_", maxSplits: 3)[3])
        #expect(try register.database.places(of: secret) == [])
        // The search does find what is there.
        #expect(try register.database.places(of: "Something happened") == ["report.description"])
    }
}

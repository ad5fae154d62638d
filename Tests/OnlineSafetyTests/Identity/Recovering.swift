import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Getting back in: by the owner's own mail, whoever causes it.
@Suite struct `Recovering an account` {
    private let school = TestSchool.hawthorn
    private let email = TestSchool.hawthorn.email(.office)
    private let password = "four lanterns under the bridge"

    private func ask(_ register: Register, _ email: String) throws -> Reading {
        try register.nobody.post("/v1/recoveries", ["email": .string(email)])
    }

    private func link(_ register: Register) throws -> WaitingLink {
        try #require(try register.links().first)
    }

    @Test func `sets a new password by the link, once, and ends all sessions`() async throws {
        let register = try await Register.open()
        let office = register.as(.office)
        #expect(try ask(register, email.uppercased()).status == 204)
        #expect(try office.get("/v1/me").status == 200)
        let link = try link(register)
        #expect((link.address, link.isHelped) == (email, false))
        #expect(try register.accept(link.secret, "short", "recoveries").status == 422)
        // For nothing else than its purpose.
        #expect(try register.accept(link.secret, password).status == 404)
        #expect(try register.accept(link.secret, password, "recoveries").status == 204)
        #expect(try office.get("/v1/me").status == 401)
        #expect(try register.logIn(email).status == 401)
        let opened = try register.logIn(email, password)
        #expect(opened.status == 201)
        #expect(try register.accept(link.secret, password, "recoveries").status == 404)
        #expect(try register.database.places(of: link.secret) == [])
        let visitor = register.visitor(token: try #require(opened["token"]))
        #expect(
            try visitor.get("/v1/notices").data.map { $0["kind"]?.text } == ["sign_in_changed"])
        #expect(try register.database.entries().map(\.deed).contains("password_recovered"))
    }

    @Test func `holds for an hour`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        _ = try ask(register, email)
        let link = try link(register)
        try register.database.setClock("2026-11-20T12:59:59Z")
        #expect(try register.accept(link.secret, "short", "recoveries").status == 422)
        try register.database.setClock("2026-11-20T13:00:00Z")
        #expect(try register.accept(link.secret, password, "recoveries").status == 404)
    }

    /// Promise 48: bytes, and rows of the same kind; the time that they take is that of the same
    /// statements.
    @Test func `answers an unknown address like a known one, and in the same time`() async throws {
        let register = try await Register.open()
        var took: [[Duration]] = [[], []]
        var answers: [Set<String>] = [[], []]
        for round in 0..<15 {
            try register.database.execute("delete from guess_count")
            // Each first in turn: whichever comes first finds nothing counted yet.
            let both = [(0, email), (1, "nobody@hawthorn.example")]
            for (index, email) in round.isMultiple(of: 2) ? both : both.reversed() {
                took[index].append(
                    try ContinuousClock().measure {
                        let told = try ask(register, email)
                        let headers = told.headers.filter {
                            $0.name != "date" && $0.name != "x-request-id"
                        }
                        answers[index].insert("\(told.status) \(told.text) \(headers)")
                    })
            }
        }
        #expect(answers[0] == answers[1] && answers[0].count == 1)
        #expect(try register.database.number("select count(*) from sign_in_link") == 30)
        let medians = took.map { $0.sorted()[7] }
        #expect(medians[1] > medians[0] * 0.5 && medians[1] < medians[0] * 2, "\(medians)")
        #expect(try Set(register.links().map(\.address)) == [email])
    }

    /// However often others ask: the owner has a live link, or is sent one.
    @Test func `sends one mail in ten minutes, and shuts nobody out`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        for _ in 0..<5 { #expect(try ask(register, email).status == 204) }
        let links = try register.links()
        #expect(links.count == 1)
        try register.database.setClock("2026-11-20T12:09:59Z")
        _ = try ask(register, email)
        #expect(try register.links().isEmpty)
        try register.database.setClock("2026-11-20T12:10:00Z")
        _ = try ask(register, email)
        let later = try link(register)
        #expect(try register.accept(links[0].secret, password, "recoveries").status == 204)
        #expect(try register.accept(later.secret, password, "recoveries").status == 404)
    }

    @Test func `makes a network that asks without end wait`() async throws {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        for number in 0..<20 {
            #expect(try ask(register, "somebody\(number)@hawthorn.example").status == 204)
        }
        let told = try ask(register, "somebody@hawthorn.example")
        #expect(told.status == 429)
        #expect(told.header("retry-after") != nil)
    }

    @Test func `ends what others guessed against the owner`() async throws {
        let register = try await Register.open()
        for _ in 0..<5 { _ = try register.logIn(email, "wrong") }
        #expect(try register.logIn(email).status == 429)
        _ = try ask(register, email)
        #expect(
            try register.accept(link(register).secret, password, "recoveries").status == 204)
        // On another copy, whose memory of the refusal is its own.
        let copy = try await register.secondCopy()
        #expect(try copy.logIn(email, password).status == 201)
    }

    @Test func `asks for the second factor as before`() async throws {
        let register = try await Register.open()
        try register.giveSecondFactor(to: .office)
        _ = try ask(register, email)
        #expect(
            try register.accept(link(register).secret, password, "recoveries").status == 204)
        #expect(try register.logIn(email, password).json["outstanding"] == ["code"])
    }
}

/// What a headteacher or an administrator can do for somebody who is shut out.
@Suite struct `Helping somebody back in` {
    private let school = TestSchool.hawthorn
    private let email = TestSchool.hawthorn.email(.office)
    private let password = "four lanterns under the bridge"

    private func path(_ role: Role, _ what: String) -> String {
        "/v1/people/\(school.person(role))/\(what)"
    }

    @Test func `causes a mail to the owner, and gives the helper nothing`() async throws {
        let register = try await Register.open()
        let administrator = register.as(.schoolAdministrator)
        let told = try administrator.post(path(.office, "recovery"))
        #expect((told.status, told.body) == (204, []))
        #expect(try administrator.post(path(.office, "recovery")).status == 204)
        let links = try register.links()
        #expect(links.map(\.address) == [email])
        #expect(links.first?.isHelped == true)
        // Until the owner does something, nothing is changed.
        #expect(try register.as(.office).get("/v1/me").status == 200)
        #expect(try register.logIn(email).status == 201)
        let secret = try #require(links.first).secret
        #expect(try register.accept(secret, password, "recoveries").status == 204)
        let entry = try #require(
            try register.database.entries().first { $0.deed == "recovery_caused" })
        #expect(entry.account == school.account(.schoolAdministrator))
        #expect(entry.records == [school.person(.office)])
    }

    @Test func `is for somebody else, who holds a post here`() async throws {
        let register = try await Register.open()
        let head = register.as(.headteacher)
        #expect(try head.post(path(.headteacher, "recovery")).status == 409)
        #expect(try head.post(path(.headteacher, "second-factor-reset")).status == 409)
        #expect(try head.post("/v1/people/\(school.pupil)/recovery").status == 409)
        try register.endSeat(.office)
        #expect(try head.post(path(.office, "recovery")).status == 409)
        #expect(
            try head.post("/v1/people/\(TestSchool.rosehip.person(.office))/recovery").status
                == 404)
        #expect(try register.links().isEmpty)
    }

    @Test func `takes a lost second factor away, on record, and tells the owner`() async throws {
        let register = try await Register.open()
        try register.giveSecondFactor(to: .office)
        let dsl = register.as(.dsl)
        let stale = try register.session(of: .dsl)
        #expect(
            try stale.post(path(.office, "second-factor-reset")).code == "step_up_required")
        #expect(try dsl.post(path(.office, "second-factor-reset")).status == 204)
        #expect(try dsl.post(path(.office, "second-factor-reset")).status == 409)
        #expect(try register.as(.office).get("/v1/me").status == 401)
        try register.set("second_factor", "\"everybody\"")
        let opened = try register.logIn(email)
        #expect(opened.json["outstanding"] == ["second_factor"])
        let entry = try #require(
            try register.database.entries().first { $0.deed == "second_factor_reset" })
        #expect(entry.account == school.account(.dsl))
        let told = try register.database.number(
            """
            select count(*) from notice join mail on mail.notice_id = notice.id
            where notice.kind = 'sign_in_changed'
                and notice.account_id = \(school.account(.office))
            """)
        #expect(told == 1)
    }
}

extension Register {
    /// As if somebody had set one up.
    func giveSecondFactor(to role: Role) throws {
        try database.execute(
            """
            insert into second_factor (account_id, sealed, set_up_at)
            values ('\(TestSchool.hawthorn.account(role))', 'sealed', rowan_now())
            """)
    }
}

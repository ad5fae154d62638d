import Crypto
import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// What lives is bounded: an account has so many sessions, and no more.
@Suite struct `Of an account` {
    private let account = TestSchool.hawthorn.account(.staff)
    private let email = TestSchool.hawthorn.email(.staff)

    /// With so many live sessions beside the one that everybody has here, each used a minute after
    /// the one before.
    private func open(_ count: Int, waiting: Bool = false) async throws -> Register {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T09:00:00Z")
        try fill(register, count, waiting: waiting)
        return register
    }

    private func fill(_ register: Register, _ count: Int, waiting: Bool = false) throws {
        try register.database.execute(
            """
            insert into session (token_hash, id, account_id, ends_at, used_at, outstanding)
            select uuid_send(id), id, '\(account)', '2026-11-20T20:00:00Z',
                '2026-11-20T07:00:00Z'::timestamptz + number * interval '1 minute',
                '\(waiting ? "{code}" : "{}")'
            from (
                select gen_random_uuid() as id, number from generate_series(1, \(count)) as number
            ) as made
            """)
    }

    private func live(_ register: Register) throws -> Int {
        try register.database.number(
            "select count(*) from session where account_id = \(account) and ended_at is null")
    }

    private func firstHasEnded(_ register: Register) throws -> Bool {
        try register.database.number(
            """
            select count(*) from session
            where account_id = \(account) and ended_at is not null
                and used_at = '2026-11-20T07:01:00Z'
            """) == 1
    }

    @Test func `fifty sessions live, and for one more that ends which was used least lately`()
        async throws
    {
        let register = try await open(48)
        #expect(try register.logIn(email).status == 201)
        #expect(try live(register) == 50 && !firstHasEnded(register))
        let opened = try register.logIn(email)
        #expect(try live(register) == 50 && firstHasEnded(register))
        let entry = try #require(
            try register.database.entries().last { $0.deed == "session_made_room" })
        #expect(entry.kind == "session" && entry.account == account && entry.records.count == 1)
        let own = register.visitor(token: try #require(opened["token"]))
        let shown = try own.get("/v1/audit").data.filter { $0["deed"] == "session_made_room" }
        #expect(shown.count == 1)
        #expect(try own.get("/v1/me/sessions").data.count == 50)
    }

    /// The one that is not kept yet is not seen by whoever counts beside it.
    @Test func `that log in at the same moment are counted one by one`() async throws {
        let register = try await open(48)
        let other = try DirectConnection(register.database.serviceURL)
        _ = try other.run("begin")
        _ = try other.run(
            """
            select open_session(
                '\\x00', gen_random_uuid(), \(account), interval '1 hour', '::1', '\\x01')
            """)
        async let opened = apart { [email] in try register.logIn(email) }
        let waits = try await eventually {
            try register.database.number(
                "select count(*) from pg_stat_activity where wait_event_type = 'Lock'") > 0
        }
        _ = try other.run("commit")
        #expect(try await opened.status == 201 && waits)
        #expect(try live(register) == 50)
    }

    /// Whoever has the password, and not the device, ends none of the owner's.
    @Test func `those that wait for their code make room for one another alone`() async throws {
        let register = try await open(0)
        let owner = register.visitor(token: try #require(try register.logIn(email)["token"]))
        let nine = 1_795_165_200
        let device = try owner.setUpSecondFactor(at: nine).totp
        try fill(register, 49)
        try fill(register, 12, waiting: true)
        let opened = try register.logIn(email)
        #expect(opened.json["outstanding"]?[0] == "code")
        #expect(try live(register) == 50 + 10)
        #expect(try owner.get("/v1/incidents?mine=true").status == 200)
        // Whoever gives the code has one of the fifty from then on.
        let known = register.visitor(token: try #require(opened["token"]))
        #expect(try known.giveCode(device.code(of: TOTP.step(at: nine))).status == 204)
        #expect(try live(register) == 50 + 9)
        #expect(try known.get("/v1/incidents?mine=true").status == 200)
    }
}

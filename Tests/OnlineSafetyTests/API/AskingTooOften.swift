import Bytes
import JSON
import Testing

@testable import OnlineSafety

/// How much somebody who is logged in may ask: by account, whatever sessions and addresses.
@Suite struct `Asking too often` {
    private func open(_ limits: AccountLimits) async throws -> Register {
        try await Register.open { $0.accountLimits = limits }
    }

    private func slowed(_ register: Register) -> Int? {
        var output = ByteBuffer()
        register.configuration.measures.write(to: &output)
        let lines = String(decoding: output.bytes, as: UTF8.self).split(separator: "\n")
        return lines.first { $0.hasPrefix("rowan_accounts_slowed_total ") }
            .flatMap { Int($0.split(separator: " ")[1]) }
    }

    /// API-08
    @Test func `is told when to ask again, in every session of the account and in no other`()
        async throws
    {
        let register = try await open(AccountLimits(perMinute: 6))
        #expect(slowed(register) == 0)
        let (here, there) = (register.as(.dsl), try register.session(of: .dsl))
        for visitor in [here, there, here] {
            #expect(try visitor.get("/v1/posts").status == 200)
        }
        for visitor in [here, there] {
            let told = try visitor.get("/v1/posts")
            #expect(told.status == 429 && told.code == "too_many_requests")
            #expect((1...10).contains(Int(told.header("retry-after") ?? "") ?? 0))
        }
        #expect(slowed(register) == 2)
        // From the same address.
        #expect(try register.as(.headteacher).get("/v1/posts").status == 200)
    }

    /// INC-01: a report does not wait for anything.
    @Test func `keeps no report from being taken`() async throws {
        let register = try await open(AccountLimits(perMinute: 2))
        let staff = register.as(.staff)
        for _ in 0..<4 { #expect(try staff.report().status == 201) }
        #expect(try staff.get("/v1/me").status == 429)
        #expect(try staff.report().status == 201)
    }

    @Test func `is what nobody does in a day's work`() {
        let limits = AccountLimits()
        let account = ID<Account>()
        // Six hundred at once, and then twenty a second for ever.
        #expect((0..<600).allSatisfy { _ in limits.count(account, at: 1_000) == 0 })
        #expect(limits.count(account, at: 1_000) == 1)
        #expect(
            (0..<10_000).allSatisfy { limits.count(account, at: 1_050 + $0 * 50) == 0 })
    }

    /// What is remembered has a bound, beyond which those who come besides share one measure.
    @Test func `is remembered of so many accounts, and no more`() {
        let limits = AccountLimits(perMinute: 4, room: 2)
        let (one, other) = (ID<Account>(), ID<Account>())
        #expect(limits.count(one, at: 0) == 0 && limits.count(other, at: 0) == 0)
        #expect(limits.count(ID(), at: 1) == 0 && limits.count(ID(), at: 2) == 0)
        #expect(limits.count(ID(), at: 3) > 0)
        #expect(limits.count(one, at: 4) == 0 && limits.count(one, at: 5) > 0)
        // A minute later all are as new, and whoever comes is one of the remembered.
        #expect(limits.count(ID(), at: 60_000) == 0 && limits.count(ID(), at: 60_001) == 0)
    }
}

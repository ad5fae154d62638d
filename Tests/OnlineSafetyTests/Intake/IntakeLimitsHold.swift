import HTTP
import JSON
import Testing

@testable import OnlineSafety

/// Intake is limited, by address and by key, and one who abuses it shuts out nobody else.
@Suite struct `Limits of intake` {
    @Test func `answer 429 with the time to wait and whom to ring, and tell what is left`()
        async throws
    {
        let register = try await Register.open { $0.intakeLimits = IntakeLimits(burst: 3) }
        let guest = try register.guest()
        let told = try (0..<3).map { _ in try guest.tell() }
        #expect(told.allSatisfy { $0.status == 201 })
        #expect(
            told.map { $0.header("ratelimit") } == [
                "\"reports\";r=2;t=10", "\"reports\";r=1;t=10", "\"reports\";r=0;t=10",
            ])
        #expect(told[0].header("ratelimit-policy") == "\"reports\";q=3;w=30")
        let refused = try guest.tell("Too many", .child, key: "k")
        #expect(refused.status == 429 && refused.code == "too_many_requests")
        #expect(refused["detail"]?.contains("999") == true)
        let wait = try #require(refused.header("retry-after").flatMap { Int($0) })
        #expect((1...10).contains(wait))
        #expect(refused.header("ratelimit") == "\"reports\";r=0;t=10")
        // Another key of the same school, and staff, report as before.
        #expect(try register.guest().tell().status == 201)
        #expect(try register.as(.staff).report().status == 201)
        #expect(try register.database.number("select count(*) from incident") == 5)
    }

    @Test func `are a tenth of a key for each address`() throws {
        let (limits, key) = (IntakeLimits(burst: 2, seconds: 10), BearerToken("rwn_intake_x"))
        var networks = (1...100).map { PeerAddress("192.0.2.\($0)") }
        let abuser = networks.removeFirst()
        let won = try (0..<50).count { _ in try isLet(limits, key, abuser, at: 0) }
        #expect(won == 2)
        #expect(try isLet(limits, key, networks[0], at: 0))
        let rest = try networks.dropFirst().count { try isLet(limits, key, $0, at: 0) }
        #expect(rest == 17, "all of the key's twenty, and no more")
        // A second later there is one more for the key, and none yet for the abuser.
        #expect(try !isLet(limits, key, abuser, at: 1000))
        #expect(try isLet(limits, key, networks[50], at: 1000))
        #expect(try isLet(limits, BearerToken("rwn_intake_y"), abuser, at: 1000))
    }

    @Test func `remember no more than there is room for, and still hold`() {
        var buckets = Buckets<Int>(size: 2, interval: 1000, room: 3)
        #expect((0..<3).allSatisfy { buckets.take($0, at: 0) })
        // The fourth and the fifth share one.
        #expect(buckets.take(3, at: 0) && buckets.take(4, at: 0) && !buckets.take(5, at: 0))
        #expect(buckets.take(0, at: 0) && !buckets.take(0, at: 0))
        // What is full again is forgotten, and makes room.
        #expect(buckets.take(5, at: 5000) && buckets.take(5, at: 5000))
        #expect(!buckets.take(5, at: 5000) && buckets.take(5, at: 6000))
        #expect(buckets.left(of: 5, at: 6000) == 0 && buckets.left(of: 9, at: 6000) == 2)
    }

    private func isLet(
        _ limits: IntakeLimits, _ key: BearerToken, _ network: PeerAddress?, at now: Int
    ) throws -> Bool {
        do {
            _ = try limits.count(key, from: #require(network), at: now)
            return true
        } catch let problem as Problem {
            #expect(problem.code == .tooManyRequests && (problem.retryAfter ?? 0) > 0)
            return false
        }
    }
}

extension `Limits of intake` {
    /// Behind a proxy the address is the one that the proxy adds, and nothing that a client wrote.
    @Test(arguments: [(Proxies("127.0.0.1"), 4), (Proxies("any"), 4), (Proxies("192.0.2.1"), 1)])
    func `count whom a trusted proxy names`(proxies: Proxies?, lets: Int) async throws {
        let proxies = try #require(proxies)
        let register = try await Register.open {
            ($0.proxies, $0.intakeLimits) = (proxies, IntakeLimits(burst: 1))
        }
        let guest = try register.guest()
        let answers = try (1...4).map { number in
            try guest.report(from: "203.0.113.9, 198.51.100.\(number)")
        }
        #expect(answers.count { $0.status == 201 } == lets)
        let same = try guest.report(from: "9.9.9.9, 198.51.100.1")
        #expect(same.status == 429)
    }

    /// Whoever guesses is told to wait; a school behind the same address reports as before, also
    /// when nobody there has reported yet.
    @Test func `hold for wrong keys by address, and shut out nobody who has a right one`()
        async throws
    {
        let proxies = try #require(Proxies("127.0.0.1"))
        let register = try await Register.open {
            ($0.proxies, $0.intakeLimits) = (proxies, IntakeLimits(burst: 3))
        }
        let (revoked, id) = try register.intakeKey()
        let keys = "/v1/schools/\(TestSchool.hawthorn.id)/intake-keys"
        #expect(try register.as(.headteacher).post("\(keys)/\(id)/revocation").status == 201)
        let guess = { register.visitor(token: Secret(of: "intake").string) }
        let wrong = try [guess(), revoked, guess()].map { try $0.report(from: "198.51.100.1") }
        #expect(wrong.allSatisfy { $0.status == 401 && $0.header("ratelimit") == nil })
        for guesser in [guess(), revoked] {
            let refused = try guesser.report(from: "198.51.100.1")
            #expect(refused.status == 429 && refused["detail"]?.contains("999") == true)
            let wait = try #require(refused.header("retry-after").flatMap { Int($0) })
            #expect((1...10).contains(wait))
        }
        let guest = try register.guest()
        let told = try (0..<3).map { _ in try guest.report(from: "198.51.100.1") }
        #expect(told.allSatisfy { $0.status == 201 })
        #expect(try guess().report(from: "198.51.100.2").status == 401)
    }

    @Test func `refuse to trust what is no address`() {
        #expect(Proxies("127.0.0.1 proxy.example") == nil)
        #expect(Proxies("") != nil && Proxies("::1 10.0.0.1") != nil)
    }
}

extension Visitor {
    /// Reports by intake, as a proxy says that it comes from there.
    fileprivate func report(from addresses: String) throws -> Reading {
        try post(
            "/v1/intake/incidents",
            OnlineSafetyTests.report("A worry", .child, [("reporter_name", "Mina")]),
            ["X-Forwarded-For": addresses])
    }
}

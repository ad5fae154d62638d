import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Guessing is slow, and shuts nobody out.
@Suite struct Guessing {
    private let email = TestSchool.hawthorn.email(.staff)

    /// A service that believes what is said of where a request comes from.
    private func open() async throws -> Register {
        try await Register.open { $0.proxies = Proxies("any") ?? .none }
    }

    @Test func `is slowed in rising steps, on all copies, and forgotten after a day`() async throws
    {
        let one = try await open()
        try one.database.setClock("2026-11-20T09:00:00Z")
        for _ in 0..<5 { #expect(try one.guess(email).status == 401) }
        let other = try await one.secondCopy { $0.proxies = Proxies("any") ?? .none }
        for copy in [one, other] {
            let slowed = try copy.guess(email)
            #expect((slowed.status, slowed.code) == (429, "too_many_requests"))
            #expect(slowed.header("retry-after") == "5")
            // Not the right password either: nobody learns here that it is.
            #expect(try copy.logIn(email, from: "192.0.2.1").status == 429)
        }
        try one.database.setClock("2026-11-20T09:00:05Z")
        #expect(try await eventually { try one.guess(email).status == 401 })
        #expect(try other.guess(email).header("retry-after") == "10")
        try one.database.setClock("2026-11-20T09:00:15Z")
        #expect(try await eventually { try one.guess(email).status == 401 })
        #expect(try await eventually { try other.guess(email).header("retry-after") == "20" })
        try one.database.setClock("2026-11-21T09:00:16Z")
        for _ in 0..<5 { #expect(try await eventually { try one.guess(email).status == 401 }) }
        #expect(try one.guess(email).status == 429)
    }

    @Test func `answers unknown names alike, step by step`() async throws {
        let register = try await open()
        try register.database.setClock("2026-11-20T09:00:00Z")
        for number in 0..<8 {
            let known = try register.guess(email)
            let unknown = try register.guess("nobody@hawthorn.example")
            #expect(known.status == unknown.status, "\(number)")
            #expect(known.header("retry-after") == unknown.header("retry-after"))
            #expect(known.keys == unknown.keys)
            for name in known.keys where name != "request_id" {
                #expect(known.json[name] == unknown.json[name])
            }
        }
    }

    @Test func `does not slow the owner at a place that they know`() async throws {
        let register = try await open()
        #expect(try register.logIn(email, from: "198.51.100.7").status == 201)
        // From so many places that no name could be signed in with from a new one.
        for place in 0..<5 {
            for _ in 0..<5 {
                #expect([401, 429].contains(try register.guess(email, place).status))
            }
        }
        #expect(try register.logIn(email, from: "203.0.113.77").status == 429)
        #expect(try register.logIn(email, from: "198.51.100.7").status == 201)
    }

    @Test func `does not slow the owner on a device that they know, in the same school`()
        async throws
    {
        let register = try await open()
        let device = try #require(
            try register.logIn(email, from: "192.0.2.1")["device_token"])
        for _ in 0..<7 { _ = try register.guess(email) }
        #expect(try register.logIn(email, from: "192.0.2.1").status == 429)
        for _ in 0..<3 {
            let again = try register.logIn(email, from: "192.0.2.1", device: device)
            #expect(again.status == 201)
            #expect(again["device_token"] == device)
        }
        #expect(try register.logIn(email, from: "192.0.2.1").status == 429)
        // What opens one account's door opens no other's, nor what was made up.
        let other = TestSchool.hawthorn.email(.office)
        for _ in 0..<5 { _ = try register.guess(other) }
        #expect(try register.logIn(other, from: "192.0.2.1", device: device).status == 429)
        let invented = Secret(of: "device").string
        #expect(try register.logIn(email, from: "192.0.2.1", device: invented).status == 429)
        // A device that is found has a count of its own.
        var statuses: [Int] = []
        for _ in 0..<11 {
            statuses.append(
                try register.logIn(email, "wrong", from: "192.0.2.1", device: device).status)
        }
        #expect(statuses == [Int](repeating: 401, count: 10) + [429])
    }

    @Test func `does not punish a school for one of those behind its address`() async throws {
        let register = try await open()
        for _ in 0..<6 { _ = try register.guess(email) }
        for role in [Role.office, .headteacher, .governor, .technician, .seniorLeader] {
            let colleague = TestSchool.hawthorn.email(role)
            #expect(try register.logIn(colleague, from: "192.0.2.1").status == 201)
        }
    }

    @Test func `cannot be told faster by asking at once`() async throws {
        let register = try await open()
        let answers = try await atOnce(30) { _ in try register.guess(email) }
        #expect(answers.count { $0.status == 401 } == 5)
    }

    @Test func `is told to technician and headteacher, once a day, with no name`() async throws {
        let register = try await open()
        try register.database.setClock("2026-11-20T09:00:00Z")
        for place in 0..<3 { for _ in 0..<5 { _ = try register.guess(email, place) } }
        for role in [Role.technician, .headteacher] {
            let notices = try register.as(role).get("/v1/notices").data
            #expect(notices.count == 1)
            #expect(notices.first?["kind"] == "attack_suspected")
            #expect(notices.first?["urgency"] == "urgent")
            let listed = try register.as(role).get("/v1/suspected-attacks").data
            #expect(listed.count == 1)
            #expect(listed.first?["failures"] == 15)
            #expect(listed.first?["who"] == "The Member of staff")
            #expect(listed.first?["reference"] == notices.first?["reference"])
        }
        for role in [Role.dsl, .staff, .office] {
            #expect(try register.as(role).get("/v1/notices").data.isEmpty)
        }
        let elsewhere = register.as(.technician, at: .rosehip)
        #expect(try elsewhere.get("/v1/notices").data.isEmpty)
        #expect(try elsewhere.get("/v1/suspected-attacks").data.isEmpty)
        let told = try register.database.entries().filter { $0.deed == "attack_suspected" }
        #expect(told.map(\.organisation) == [TestSchool.hawthorn.id])
        #expect(
            try register.database.number(
                "select count(*) from event where deed = 'log_in_failed'") == 15)
        try register.database.setClock("2026-11-20T22:00:00Z")
        #expect(try register.guess(email, 9).status == 401)
        #expect(try register.as(.technician).get("/v1/notices").data.count == 1)
        try register.database.setClock("2026-11-21T08:00:00Z")
        #expect(try register.guess(email, 9).status == 401)
        #expect(try register.as(.technician).get("/v1/notices").data.count == 2)
    }

    @Test func `keeps nothing of what was typed`() async throws {
        let register = try await open()
        _ = try register.logIn("Canary-Password-Typed-Here", "x", from: "192.0.2.1")
        #expect(try register.database.places(of: "Canary-Password-Typed-Here") == [])
        #expect(try register.database.places(of: "canary-password-typed-here") == [])
    }
}

extension Register {
    /// A log-in from somewhere.
    func logIn(
        _ email: String, _ password: String = TestSchool.password, from place: String,
        device: String? = nil
    ) throws -> Reading {
        var body: JSONValue = ["email": .string(email), "password": .string(password)]
        if let device { body = body.with("device_token", .string(device)) }
        return try nobody.post("/v1/sessions", body, ["X-Forwarded-For": place])
    }

    /// One that is wrong, from one of many networks.
    func guess(_ email: String, _ place: Int = 1) throws -> Reading {
        try logIn(email, "not the password", from: "192.0.2.\(place)")
    }
}

import Postgres
import Testing

@testable import OnlineSafety

/// Hashing passwords is slow on purpose, and must hold up nothing else.
@Suite struct `Hammering log-ins` {
    @Test func `is bounded, refused with Retry-After, and lets other requests through`()
        async throws
    {
        let register = try await Register.open()
        _ = try register.as(.staff).get("/v1/me")
        async let hammering = atOnce(60) { _ in
            try register.logIn(TestSchool.hawthorn.email(.dsl), "wrong")
        }
        #expect(
            try await eventually { try register.database.number(failedLogIns) > 0 })
        let took = try await apart { try Self.durations(register.as(.staff), count: 25) }
        let answers = try await hammering
        #expect(took[12] < .milliseconds(100), "half of all: \(took)")
        #expect(took[23] < .milliseconds(250), "nearly all: \(took)")
        let refused = answers.filter { $0.status == 503 || $0.status == 429 }
        #expect(answers.count { $0.status == 401 } == 5)
        #expect(refused.count == 55)
        #expect(refused.allSatisfy { $0.header("retry-after") != nil })
        #expect(refused.allSatisfy { ["busy", "too_many_requests"].contains($0.code) })
    }

    private let failedLogIns: SQL = "select count(*) from event where deed = 'log_in_failed'"

    private static func durations(_ visitor: Visitor, count: Int) throws -> [Duration] {
        try (0..<count).map { _ in
            var status = 0
            let took = try ContinuousClock().measure { status = try visitor.get("/v1/me").status }
            #expect(status == 200)
            return took
        }.sorted()
    }

    @Test func `lets whoever is known go before those who guess, each in their order`() {
        var waiting = Precedence<Int>()
        for number in 1...4 { waiting.append(number, isFirst: false) }
        #expect(waiting.next() == 1)
        waiting.append(10, isFirst: true)
        waiting.append(5, isFirst: false)
        waiting.append(11, isFirst: true)
        #expect((0..<7).map { _ in waiting.next() } == [10, 11, 2, 3, 4, 5, nil])
    }

    @Test func `keeps both threads busy when all places are taken`() {
        var lanes = Lanes(count: 2, places: 6)
        #expect((0..<6).compactMap { _ in lanes.enter() } == [0, 1, 0, 1, 0, 1])
        #expect(lanes.enter() == nil)
        for lane in [0, 1, 1, 0, 1, 0] {
            lanes.leave(lane)
            #expect(lanes.enter() == lane)
        }
        #expect(lanes.lengths == [3, 3])
    }
}

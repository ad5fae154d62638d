import Glibc
import Testing

@testable import OnlineSafety
@testable import Postgres

/// PostgreSQL is killed and comes back, and nothing that was answered is lost.
@Suite(.serialized) struct `Killing PostgreSQL` {
    @Test func `loses no report that was answered, and doubles none (API-05)`() async throws {
        let cluster = try await PrivateCluster()
        var server = try await cluster.start()
        try cluster.people()
        let service = try RunningService(cluster.url("rowan_service"))
        #expect(try await service.isReady())
        let load = Load(on: service.port)
        async let running = load.run()
        for count in [10, 45] {
            #expect(try await load.reaches(count))
            server.signal(SIGKILL)
            server.wait()
            server = try await cluster.start()
        }
        let told = try await running
        #expect(service.child.isRunning)
        #expect(told.contains { $0.statuses.contains(503) }, "the kills met reports under way")
        #expect(Set(told.flatMap(\.statuses)).isSubset(of: [201, 409, 503]))
        try WhatWasKept(cluster.url("postgres")).agrees(with: told)
    }

    @Test func `is told as 503 with Retry-After, and got over without help (API-09)`()
        async throws
    {
        let cluster = try await PrivateCluster()
        var server = try await cluster.start()
        try cluster.people()
        let service = try RunningService(cluster.url("rowan_service"), ["ROWAN_LOOPS": "1"])
        #expect(try await service.isReady())
        #expect(try service.as(.staff).report().status == 201)
        server.signal(SIGKILL)
        server.wait()
        try await `answers 503 at once, and lives`(service)
        server = try await cluster.start()
        #expect(try await service.isReady(within: 5))
        #expect(try await eventually { try service.as(.dsl).get("/v1/incidents").status == 200 })
        #expect(try await eventually { try service.as(.staff).report().status == 201 })
        #expect(service.child.isRunning)
        withExtendedLifetime(server) {}
    }

    private func `answers 503 at once, and lives`(_ service: RunningService) async throws {
        // What serves a connection outlives the postmaster by a moment.
        #expect(try await eventually { try service.readiness() == 503 })
        #expect(try await eventually { try service.as(.staff).report().status == 503 })
        #expect(try await eventually { try service.as(.dsl).get("/v1/me").status == 503 })
        let clock = ContinuousClock()
        let took = try clock.measure {
            for answer in [
                try service.as(.staff).report(), try service.as(.dsl).get("/v1/incidents"),
                try service.as(.dsl).get("/v1/me"), try service.admin.get("/readyz"),
            ] {
                #expect(answer.status == 503)
                #expect(answer.header("retry-after") == "1")
                #expect(!answer.text.contains("sql") && !answer.text.contains("postgres"))
            }
            #expect(try service.admin.get("/livez").status == 200)
        }
        #expect(took < .seconds(1))
    }
}

import Glibc
import Testing

@testable import OnlineSafety
@testable import Postgres

/// SIGTERM: what was begun is finished, nothing new is begun, and the process leaves.
@Suite struct `Stopping` {
    @Test func `answers what is in flight, takes nothing more, and leaves with 0`() async throws {
        let database = try TestDatabase()
        let service = try RunningService(database.serviceURL)
        #expect(try await service.isReady())
        let lock = try database.owner()
        try lock.execute(script: "begin; lock table incident")
        async let reports = atOnce(5) { try service.as(.staff).report("\($0)") }
        #expect(try await eventually { try database.waits() == 5 })
        service.child.signal(SIGTERM)
        #expect(try await eventually { service.log.contains("draining") })
        #expect(try await eventually { (try? service.as(.staff).get("/v1/me")) == nil })
        #expect(service.child.isRunning)
        try lock.execute(script: "commit")
        #expect(try await reports.map(\.status) == [201, 201, 201, 201, 201])
        #expect(try await eventually { !service.child.isRunning })
        #expect(service.child.wait() == 0)
        #expect(service.log.contains("\"message\":\"left\""))
        #expect(try database.number("select count(*) from incident") == 5)
    }

    @Test func `gives up what takes longer than it may, and leaves nothing half`() async throws {
        let database = try TestDatabase()
        let service = try RunningService(database.serviceURL, ["ROWAN_DRAIN_SECONDS": "1"])
        #expect(try await service.isReady())
        let lock = try database.owner()
        try lock.execute(script: "begin; lock table incident")
        async let report = apart { try? service.as(.staff).report() }
        #expect(try await eventually { try database.waits() == 1 })
        let start = ContinuousClock.now
        service.child.signal(SIGTERM)
        #expect(try await eventually { !service.child.isRunning })
        #expect(ContinuousClock.now - start < .seconds(3))
        #expect(service.child.wait() == 0)
        #expect(try await report?.status != 201)
        try lock.execute(script: "commit")
        #expect(try await eventually { try database.waits() == 0 })
        // The database had all of it, the commit too: what nobody was answered is there whole, or
        // not.
        for table: SQL in ["report", "receipt", "event"] {
            let counts: SQL = "(select count(*) from \(table)) - (select count(*) from incident)"
            #expect(try database.number(counts) == 0)
        }
    }

    @Test func `leaves at once when there is nothing to do`() async throws {
        let database = try TestDatabase()
        let service = try RunningService(database.serviceURL)
        #expect(try await service.isReady())
        service.child.signal(SIGTERM)
        #expect(try await eventually(within: 2) { !service.child.isRunning })
        #expect(service.child.wait() == 0)
    }
}

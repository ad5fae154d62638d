import Testing

@testable import OnlineSafety
@testable import Postgres

/// A write that was answered is kept, and none is doubled, though the service is killed (API-05).
@Suite struct `Killing the service` {
    @Test func `loses no report that was answered, and doubles none (API-05)`() async throws {
        let database = try TestDatabase()
        let service = try RunningService(database.serviceURL)
        #expect(try await service.isReady())
        let load = Load(on: service.port)
        async let running = load.run()
        for count in [10, 35, 60] {
            #expect(try await load.reaches(count))
            try service.killAndRestart()
        }
        let told = try await running
        #expect(told.reduce(0) { $0 + $1.lost } > 0, "the kills met reports under way")
        try WhatWasKept(database.ownerURL).agrees(with: told)
    }
}

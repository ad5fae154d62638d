import Testing

@testable import OnlineSafety
@testable import Postgres

/// An administrator, or a failover, ends the service's connections under way.
@Suite struct `Cutting the connections to the database` {
    @Test func `loses no report that was answered, and doubles none (API-05)`() async throws {
        let register = try await Register.open()
        let load = Load(on: register.port)
        async let running = load.run()
        for count in [5, 20, 40, 60, 80] {
            #expect(try await load.reaches(count))
            try register.database.cutConnections()
        }
        let told = try await running
        try WhatWasKept(register.database.ownerURL).agrees(with: told)
        let statuses = Set(told.flatMap(\.statuses))
        #expect(statuses.isSubset(of: [201, 409, 503]))
    }
}

extension TestDatabase {
    func cutConnections() throws {
        _ = try owner().run(
            """
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and usename = 'rowan_service'
            """)
    }
}

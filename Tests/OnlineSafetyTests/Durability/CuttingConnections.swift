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

    /// Without a key nobody can ask again, so what the answer says must be so: `unavailable` and
    /// `busy` that nothing was kept, `outcome_unknown` that it may have been.
    @Test func `never says that nothing was kept when something was`() async throws {
        let register = try await Register.open()
        async let running = atOnce(60) { number in
            try (0..<5).map { round in
                try register.as(.staff).report("\(number * 5 + round)")
            }
        }
        for _ in 0..<12 {
            try await Task.sleep(for: .milliseconds(40))
            try register.database.cutConnections()
        }
        let answers = try await running.flatMap(\.self)
        let kept = try register.database.number("select count(*) from incident")
        let told = answers.count { $0.status == 201 }
        let unsure = answers.count { $0.code == "outcome_unknown" }
        let refused = answers.count { ["unavailable", "busy"].contains($0.code) }
        #expect(told + unsure + refused == answers.count)
        #expect(refused + unsure > 0, "the cuts met reports under way")
        #expect((told...(told + unsure)).contains(kept))
        try WhatWasKept(register.database.ownerURL).isWhole()
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

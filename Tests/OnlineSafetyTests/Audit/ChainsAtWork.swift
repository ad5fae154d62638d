import Foundation
import Testing

@testable import OnlineSafety
@testable import Postgres

/// The chains under load, and the command that verifies them.
@Suite struct `The audit's chains` {
    @Test func `stay whole while fifty write at once, and verify meanwhile`() async throws {
        let register = try await Register.open()
        _ = try register.as(.staff).report()
        async let writing = atOnce(50) { number -> [Int] in
            let school = TestSchool.all[number % 3]
            return try (0..<4).flatMap { _ in
                [
                    try persist { try register.as(.staff, at: school).report() },
                    try persist {
                        try register.as(.dsl, at: school).get("/v1/incidents?limit=5")
                    },
                ]
            }
        }
        let meanwhile = try await apart {
            let maintenance = try DirectConnection(register.database.maintenanceURL)
            return try (0..<40).flatMap { _ in try AuditChains.verify(maintenance).faults }
        }
        #expect(meanwhile == [])
        let statuses = try await writing.flatMap(\.self)
        #expect(statuses.count { $0 == 201 } == 200)
        #expect(statuses.count { $0 == 200 } == 200)
        let report = try AuditChains.verify(register.database.owner())
        #expect((report.entries, report.chains, report.faults) == (401, 6, []))
    }

    /// As a good client does: who is turned away at the door (503) comes again. Nothing of such a
    /// request has been done.
    private func persist(_ ask: () throws -> Reading) throws -> Int {
        for _ in 0..<200 {
            let told = try ask()
            guard told.status == 503 else { return told.status }
            Thread.sleep(forTimeInterval: 0.05)
        }
        return 503
    }

    @Test func `are verified by a command, whose exit status says what it found`() async throws {
        let register = try await Register.open()
        for _ in 0..<3 { _ = try register.as(.staff).report() }
        let url = register.database.maintenanceURL
        let whole = try Command(["audit", "verify"], ["ROWAN_MAINTENANCE_DATABASE_URL": url])
        #expect(whole.status == 0)
        #expect(whole.printed.hasPrefix("3 entries in 1 chains\nNo checkpoint: "))
        #expect(whole.printed.hasSuffix("\nEvery chain is whole\n"))
        try register.database.execute(
            """
            set session_replication_role = replica;
            update event set roles = '{dsl}' where number = 2
            """)
        let broken = try Command(["audit", "verify"], ["ROWAN_MAINTENANCE_DATABASE_URL": url])
        #expect(broken.status == 1)
        #expect(broken.printed.contains("changes: entry 2 is not genuine"))
        #expect(try Command(["audit", "verify"], [:]).status == 1)
    }
}

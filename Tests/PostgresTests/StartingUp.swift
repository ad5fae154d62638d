import Testing

@testable import Postgres

@Suite struct `Starting up` {
    private let database: TestDatabase

    init() throws {
        database = try TestDatabase()
    }

    private func findings(as role: String = "") throws -> String {
        let connection = try database.direct()
        if !role.isEmpty { try connection.execute(script: "set session authorization \(role)") }
        return try StartUpCheck.findings(on: connection).joined(separator: "; ")
    }

    @Test func `finds a superuser`() throws {
        #expect(try findings().contains("is a superuser"))
    }

    @Test func `finds nothing about a role that may only use what is there`() throws {
        let role = database.schema + "_service"
        let owner = database.schema + "_owner"
        let connection = try database.direct()
        try connection.execute(script: "create role \(role); create role \(owner)")
        defer {
            try? connection.execute(
                script: "drop owned by \(role), \(owner); drop role \(role), \(owner)")
        }
        let quiet = try findings(as: role)
        #expect(!quiet.contains("the role"))
        try connection.execute(
            script: """
                grant create, usage on schema \(database.schema) to \(role);
                create table \(database.schema).owned (id int);
                alter table \(database.schema).owned owner to \(owner);
                """)
        #expect(try !findings(as: role).contains("owner"))
        try connection.execute(script: "grant \(owner) to \(role)")
        #expect(try findings(as: role).contains("owns or may act as the owner of"))
        try connection.execute(
            script: "revoke \(owner) from \(role); alter role \(owner) bypassrls")
        #expect(try !findings(as: role).contains("bypass"))
        try connection.execute(script: "alter role \(role) bypassrls")
        #expect(try findings(as: role).contains("bypasses row-level security"))
        try connection.execute(script: "alter role \(role) nobypassrls; grant \(owner) to \(role)")
        #expect(try findings(as: role).contains("may become \(owner)"))
    }
}

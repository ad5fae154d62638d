import FoundationEssentials
import Glibc
import OnlineSafety
import Synchronization

@testable import Postgres

/// A database of a test's own, copied from one that was migrated and peopled once.
final class TestDatabase: Sendable {
    let name: String

    /// As the one who may do everything, for preparing and for looking behind the walls.
    let ownerURL: String

    /// As the service.
    let serviceURL: String
    let maintenanceURL: String

    /// As `rowan worker`.
    let workerURL: String

    /// The owner's connection that preparing and looking share: a new one compiles all anew.
    private let kept = Mutex<DirectConnection?>(nil)

    /// Peopled, or as it was migrated.
    init(isPeopled: Bool = true) throws {
        name = "test_" + UUID().uuidString.prefix(8).lowercased()
        ownerURL = Self.url(name, "postgres")
        serviceURL = Self.url(name, "rowan_service")
        maintenanceURL = Self.url(name, "rowan_maintenance")
        workerURL = Self.url(name, "rowan_worker")
        if isPeopled {
            let template = try Self.template.get()
            try Self.administer("create database \(name) template \(template) strategy file_copy")
        } else {
            try Self.migrated(name)
        }
    }

    deinit { try? Self.administer("drop database if exists \(name) with (force)") }

    func owner() throws -> DirectConnection { try DirectConnection(ownerURL) }

    /// Runs statements behind the walls.
    func execute(_ script: String) throws { try asOwner { try $0.execute(script: script) } }

    /// One number, found behind the walls.
    func number(_ sql: SQL) throws -> Int {
        try asOwner { try $0.run("select (\(sql))::bigint as number").int(0, "number") ?? 0 }
    }

    private func asOwner<Result: Sendable>(
        _ act: (DirectConnection) throws -> Result
    ) throws -> Result {
        try kept.withLock { kept in
            let connection = try kept ?? DirectConnection(ownerURL)
            kept = connection
            return try act(connection)
        }
    }

    /// The clock of this database, from now on.
    func setClock(_ instant: String) throws {
        try execute(
            """
            create or replace function rowan_now() returns timestamptz language sql stable \
            parallel safe return '\(instant)'::timestamptz
            """)
    }

    // MARK: - The template

    private static let template: Result<String, any Error> = Result {
        let name = "template_" + UUID().uuidString.prefix(8).lowercased()
        try migrated(name)
        let connection = try DirectConnection(url(name, "postgres"))
        try TestSchool.people(on: connection)
        return name
    }

    private static func migrated(_ name: String) throws {
        try administer("create database \(name)")
        let folder = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        _ = try Migrator(folder: "/\(folder)/Migrations").apply(to: url(name, "postgres"))
    }

    /// One at a time: PostgreSQL copies a template that nobody uses.
    private static let turn = Mutex(())

    private static func administer(_ statement: String) throws {
        try turn.withLock { _ in
            try DirectConnection(url("postgres", "postgres")).execute(script: statement)
        }
    }

    private static func url(_ database: String, _ user: String) -> String {
        guard let given = getenv("ROWAN_TEST_DATABASE_URL") else {
            fatalError("run the tests with Scripts/test, which starts a PostgreSQL for them")
        }
        let parts = String(cString: given).split(separator: " ")
            .filter { !$0.hasPrefix("dbname=") && !$0.hasPrefix("user=") }
        return parts.joined(separator: " ") + " dbname=\(database) user=\(user)"
    }
}

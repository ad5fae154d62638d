import FoundationEssentials
import Postgres

/// Brings the database up to date, and says what it did.
struct Migrate {
    private let url: String
    private let folder: String

    init(_ environment: Environment) throws {
        url = try environment.safeDatabaseURL("ROWAN_OWNER_DATABASE_URL")
        folder = environment["ROWAN_MIGRATIONS"] ?? "Migrations"
    }

    func run() throws {
        let applied = try Migrator(folder: folder).apply(to: url)
        for migration in applied { print("Applied \(migration.number) \(migration.name)") }
        if applied.isEmpty { print("The database is up to date") }
    }
}

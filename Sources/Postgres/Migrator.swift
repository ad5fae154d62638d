import Glibc

/// Brings a database forward with the numbered files of a folder, each of them once.
///
/// It goes on where it was cut off, and only one runs at a time. It refuses a folder with gaps, a
/// file that was edited after it was applied, and a database that knows files which the folder
/// lacks. No statement waits for another's lock for longer than a second; it tries again instead.
package struct Migrator: Sendable {
    private let migrations: [Migration]

    /// Why it will not begin, or could not go on, in words for whoever started it.
    package struct Refusal: Error, Equatable, CustomStringConvertible {
        package let description: String

        init(_ description: String) { self.description = description }
    }

    package init(folder: String) throws(Refusal) {
        migrations = try Migration.all(in: folder)
    }

    /// The number of the last file.
    package var latest: Int { migrations.count }

    /// The number of the last file that was applied to a database; 0 for a new one.
    package static func current(_ url: String) throws(PostgresError) -> Int {
        try DirectConnection(url).schemaNumber()
    }

    /// Applies what is missing, and says what that was.
    package func apply(to url: String) throws -> [Migration] {
        let connection = try DirectConnection(url)
        try connection.prepareToMigrate()
        let applied = try connection.appliedMigrations()
        try check(applied, on: connection)
        let missing = migrations.dropFirst(applied.count)
        for migration in missing { try apply(migration, on: connection) }
        return Array(missing)
    }

    private func check(_ applied: [AppliedMigration], on connection: DirectConnection) throws {
        guard applied.count <= migrations.count else {
            throw Refusal("the database is at \(applied.count), newer than \(migrations.count)")
        }
        for (migration, applied) in zip(migrations, applied) {
            let checksum = try connection.checksum(of: migration)
            guard applied.number == migration.number, applied.checksum == checksum else {
                throw Refusal(
                    "\(migration.number) \(migration.name) is not the file that was applied")
            }
        }
    }

    private func apply(_ migration: Migration, on connection: DirectConnection) throws {
        for attempt in 1... {
            do {
                return try connection.apply(migration)
            } catch let error as PostgresError where error.kind == .busy && attempt < attempts {
                sleep(1)
            } catch let error as PostgresError {
                throw Refusal("\(migration.number) \(migration.name) failed: \(error)")
            }
        }
    }
}

/// How often a file is tried whose locks others hold.
private let attempts = 10

/// What the database remembers of a file.
private struct AppliedMigration {
    let number: Int
    let checksum: String
}

extension DirectConnection {
    /// One migrator at a time, and no long waits for locks while others work.
    fileprivate func prepareToMigrate() throws(PostgresError) {
        try execute(
            script: """
                set lock_timeout = '60s';
                select pg_advisory_lock(hashtext('schema_migration'));
                set lock_timeout = '1s';
                create table if not exists schema_migration (
                    number int primary key,
                    name text not null,
                    checksum text not null,
                    applied_at timestamptz not null default now()
                );
                """)
    }

    fileprivate func appliedMigrations() throws(PostgresError) -> [AppliedMigration] {
        let rows = try run("select number, checksum from schema_migration order by number")
        return (0..<rows.count).map { row in
            AppliedMigration(
                number: rows.int(row, "number") ?? 0, checksum: rows.text(row, "checksum") ?? "")
        }
    }

    fileprivate func schemaNumber() throws(PostgresError) -> Int {
        let isThere = try run("select to_regclass('schema_migration') is not null as yes")
        guard isThere.bool(0, "yes") == true else { return 0 }
        let last = try run("select coalesce(max(number), 0) as number from schema_migration")
        return last.int(0, "number") ?? 0
    }

    fileprivate func checksum(of migration: Migration) throws(PostgresError) -> String {
        let bytes = Array(migration.script.utf8)
        let sum = try run("select encode(sha256(\(bytes)), 'hex') as checksum")
        return sum.text(0, "checksum") ?? ""
    }

    fileprivate func apply(_ migration: Migration) throws {
        do {
            try migration.isBare ? applyBare(migration) : applyWhole(migration)
        } catch {
            if isInTransaction || isInFailedTransaction { try execute(script: "rollback") }
            throw error
        }
    }

    private func applyWhole(_ migration: Migration) throws {
        try execute(script: "begin")
        try execute(script: migration.script)
        guard isInTransaction else {
            throw Migrator.Refusal("\(migration.number) \(migration.name) ends its transaction")
        }
        try remember(migration)
        try execute(script: "commit")
    }

    private func applyBare(_ migration: Migration) throws(PostgresError) {
        try execute(script: migration.script)
        try remember(migration)
    }

    /// The row is written as whoever migrates, whatever role the script has taken on.
    private func remember(_ migration: Migration) throws(PostgresError) {
        try execute(script: "reset role")
        try run(
            """
            insert into schema_migration (number, name, checksum)
            values (\(migration.number), \(migration.name), \(try checksum(of: migration)))
            """)
    }
}

import Foundation
import Testing

@testable import Postgres

@Suite(.serialized) struct `Migrating` {
    private let database: TestDatabase
    private let folder = "/tmp/m" + UUID().uuidString

    init() throws {
        database = try TestDatabase()
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
    }

    private func write(_ name: String, _ script: String) throws {
        try script.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
    }

    private func migrate() throws -> [Int] {
        try Migrator(folder: folder).apply(to: database.url).map(\.number)
    }

    @Test func `applies each file once, in order, and says what it did`() throws {
        #expect(try Migrator.current(database.url) == 0)
        try write("README.md", "not SQL")
        try write("0001_notes.sql", "create table note (id int); insert into note values (1);")
        try write("0002_more.sql", "alter table note add body text;")
        #expect(try migrate() == [1, 2])
        #expect(try migrate() == [])
        try write("0003_index.sql", "-- no transaction\ncreate index concurrently on note (id);")
        #expect(try migrate() == [3])
        #expect(try Migrator.current(database.url) == 3)
        #expect(try database.direct().run("select * from note").count == 1)
    }

    @Test func `a file that fails leaves nothing of itself, and the next run goes on with it`()
        throws
    {
        try write("0001_good.sql", "create table good (id int);")
        try write("0002_bad.sql", "create table bad (id int); select 1 / 0;")
        #expect(throws: Migrator.Refusal.self) { try migrate() }
        #expect(try Migrator.current(database.url) == 1)
        #expect(try database.direct().run("select to_regclass('bad') as t").isNull(0, "t"))
        try write("0002_bad.sql", "create table bad (id int);")
        #expect(try migrate() == [2])
    }

    @Test func `an edited file, a gap, a bad name and a newer database are refused`() throws {
        try write("0001_one.sql", "create table one (id int);")
        try write("0002_two.sql", "create table two (id int);")
        _ = try migrate()
        try write("0001_one.sql", "create table one (id bigint);")
        #expect(throws: Migrator.Refusal("1 one is not the file that was applied")) {
            try migrate()
        }
        try write("0001_one.sql", "create table one (id int);")
        try write("0004_four.sql", "")
        #expect(throws: Migrator.Refusal.self) { try migrate() }
        try FileManager.default.removeItem(atPath: folder + "/0004_four.sql")
        try write("third.sql", "")
        #expect(throws: Migrator.Refusal.self) { try migrate() }
        try FileManager.default.removeItem(atPath: folder + "/third.sql")
        try FileManager.default.removeItem(atPath: folder + "/0002_two.sql")
        #expect(throws: Migrator.Refusal("the database is at 2, newer than 1")) { try migrate() }
    }

    @Test func `one that is killed half-way is whole after the next run`() async throws {
        try write("0001_slow.sql", "create table slow (id int); select pg_sleep(60);")
        let (folder, url) = (folder, database.url)
        let killed = Task.detached { try Migrator(folder: folder).apply(to: url).count }
        let running: SQL = """
            select pg_terminate_backend(pid) from pg_stat_activity
            where state = 'active' and query like 'create table slow%' and \
            pid in (select pid from pg_locks where locktype = 'advisory')
            """
        while try database.direct().run(running).isEmpty {
            try await Task.sleep(for: .milliseconds(5))
        }
        await #expect(throws: (any Error).self) { try await killed.value }
        #expect(try Migrator.current(database.url) == 0)
        try write("0001_slow.sql", "create table slow (id int);")
        #expect(try migrate() == [1])
    }

    @Test func `two at once apply every file once`() async throws {
        try write("0001_one.sql", "create table one (id int); select pg_sleep(0.2);")
        let (folder, url) = (folder, database.url)
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<2 {
                group.addTask { try Migrator(folder: folder).apply(to: url).count }
            }
            return try await group.reduce(0, +)
        }
        #expect(counts == 1)
    }
}

import Testing

@testable import Postgres

@Suite struct `Errors` {
    @Test(arguments: [
        ("08006", PostgresError.Kind.unavailable), ("57P01", .unavailable), ("57P03", .unavailable),
        ("53300", .busy), ("53100", .busy), ("55P03", .busy), ("57014", .timedOut),
        ("40001", .conflict), ("40P01", .conflict), ("23505", .uniqueViolation),
        ("23503", .foreignKeyViolation), ("23514", .checkViolation), ("23502", .notNullViolation),
        ("22P02", .invalidText), ("22021", .invalidText), ("22P05", .invalidText),
        ("28000", .refused("28000")), ("RW001", .refused("RW001")), ("42601", .failed),
        ("XX001", .failed),
    ])
    func `every SQLSTATE has a meaning`(sqlState: String, kind: PostgresError.Kind) {
        #expect(PostgresError.Kind(sqlState: sqlState) == kind)
    }

    @Test func `what a context refuses comes back as that, and nothing else ran`() async throws {
        let database = try TestDatabase(
            """
            create table note (id int);
            create function enter(token text) returns int language plpgsql as $$
            begin raise exception 'ended' using errcode = 'RW401'; end $$;
            """)
        try await database.pool { pool in
            for access in [Transaction.Access.reading, .writing] {
                let transaction = Transaction(
                    access, in: pool, context: "select enter(\("x"))",
                    deadline: pool.loop.now + 5000)
                transaction.add("insert into note values (1)")
                #expect(await kind { try await transaction.commit() } == .refused("RW401"))
            }
            let notes = try await pool.read("select * from note")
            #expect(notes.isEmpty)
        }
    }

    @Test func `transactions that get into each other's way are told to try again`() async throws {
        let database = try TestDatabase(
            "create table note (id int primary key, n int); insert into note values (1, 0), (2, 0)")
        try await database.pool { pool in
            let level: SQL = "set transaction isolation level serializable"
            let (one, two) = (
                pool.writing(level, within: 20_000), pool.writing(level, within: 20_000)
            )
            for transaction in [one, two] { try await transaction.run("select sum(n) from note") }
            try await one.run("update note set n = n + 1 where id = 1")
            try await two.run("update note set n = n + 1 where id = 2")
            try await one.commit()
            #expect(await kind { try await two.commit() } == .conflict)
        }
    }

    @Test func `a migration that changes what a statement returns is not noticed`() async throws {
        let database = try TestDatabase("create table note (id int); insert into note values (1)")
        try await database.pool({ ($0.shared, $0.exclusive) = (1, 1) }) { pool in
            func columns() async throws -> [Int] {
                let rows: SQL = "select * from note"
                let read = try await pool.read(rows)
                let write = try await pool.write(rows)
                return [read, write].map { $0.layout?.types.count ?? 0 }
            }
            #expect(try await columns() == [1, 1])
            try database.direct().execute(script: "alter table note add body text")
            #expect(try await columns() == [2, 2])
            try await pool.read("deallocate all")
            #expect(try await columns() == [2, 2])
        }
    }
}

import Testing

@testable import Postgres

@Suite struct `Transactions` {
    private let database: TestDatabase

    init() throws {
        database = try TestDatabase(
            """
            create table note (id int primary key, body text not null check (body <> 'bad'));
            """)
    }

    @Test func `a writing is kept when it is committed`() async throws {
        try await database.pool { pool in
            let transaction = pool.writing("select set_config('rowan.x', \("me"), true)")
            let insert = transaction.add("insert into note values (1, 'a'), (2, 'b')")
            let count = transaction.add(
                "select count(*) as count, current_setting('rowan.x') as x from note")
            #expect(count.isEmpty)
            try await transaction.commit()
            #expect(transaction.isOver)
            #expect(insert.affectedRows == 2)
            #expect(insert.commandTag == "INSERT 0 2")
            #expect(count.int(0, "count") == 2)
            #expect(count.text(0, "x") == "me")
            #expect(try await pool.read("select * from note").count == 2)
        }
    }

    @Test func `a writing that fails leaves nothing, and its connection lives on`() async throws {
        try await database.pool({ $0.exclusive = 1 }) { pool in
            let transaction = pool.writing()
            try await transaction.run("insert into note values (1, 'a')")
            let before = try await transaction.run("select pg_backend_pid() as pid")
            #expect(
                await kind { try await transaction.run("insert into note values (2, 'bad')") }
                    == .checkViolation)
            #expect(transaction.isOver)
            #expect(await kind { try await transaction.commit() } == .checkViolation)
            let after = try await pool.write("select pg_backend_pid() as pid")
            #expect(after.int(0, "pid") == before.int(0, "pid"))
            #expect(try await pool.read("select * from note").count == 0)
        }
    }

    @Test func `rolling back leaves nothing`() async throws {
        try await database.pool { pool in
            let transaction = pool.writing()
            try await transaction.run("insert into note values (1, 'a')")
            await transaction.rollBack()
            await transaction.rollBack()
            #expect(await kind { try await transaction.run("select 1") } == .failed)
            #expect(try await pool.read("select * from note").count == 0)
        }
    }

    @Test func `one that nobody ended leaves nothing, and gives its place back`() async throws {
        try await database.pool({ $0.exclusive = 1 }) { pool in
            for number in 1...3 {
                try await pool.writing().run("insert into note values (\(number), 'a')")
            }
            #expect(try await pool.write("select * from note").count == 0)
        }
    }

    @Test func `a reading cannot write, whatever it asks`() async throws {
        try await database.pool { pool in
            for priority in [Priority.ordinary, .spare] {
                let transaction = pool.reading(priority: priority)
                transaction.add("insert into note values (1, 'a')")
                do throws(PostgresError) {
                    try await transaction.commit()
                    Issue.record("written")
                } catch {
                    #expect(error.sqlState == "25006")
                }
            }
        }
    }

    @Test func `an error carries its constraint and table, and no values`() async throws {
        try await database.pool { pool in
            try await pool.write("insert into note values (7, 'secret')")
            do {
                try await pool.write("insert into note values (7, 'secret')")
                Issue.record("written twice")
            } catch let error as PostgresError {
                #expect(error.kind == .uniqueViolation)
                #expect(error.constraint == "note_pkey")
                #expect(error.table == "note")
                #expect(!error.description.contains("7"))
            }
        }
    }
}

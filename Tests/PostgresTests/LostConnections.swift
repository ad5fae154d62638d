import Testing

@testable import Postgres

@Suite struct `Lost connections` {
    @Test func `a terminated backend fails its request only, and another takes its place`()
        async throws
    {
        let database = try TestDatabase()
        try await database.pool({ ($0.shared, $0.exclusive) = (1, 1) }) { pool in
            let start = pool.loop.now
            defer { #expect(pool.loop.now - start < 3000) }
            for _ in 0..<3 {
                let transaction = pool.writing()
                let pid = try await transaction.run("select pg_backend_pid() as pid").int(0, "pid")
                try database.direct().run("select pg_terminate_backend(\(pid)::int)")
                do throws(PostgresError) {
                    try await transaction.run("select 1")
                    try await transaction.commit()
                    Issue.record("went on")
                } catch {
                    #expect(error.kind == .unavailable)
                    #expect(!error.outcomeUnknown)
                }
                let next = try await pool.write("select 1")
                #expect(next.count == 1)
                let reader = try await pool.read("select pg_backend_pid() as pid").int(0, "pid")
                try database.direct().run("select pg_terminate_backend(\(reader)::int)")
                await pool.pause(50)
                let again = try await pool.read("select pg_backend_pid() as pid").int(0, "pid")
                #expect(again != reader)
            }
        }
    }

    @Test func `a commit whose answer is lost is unknown, and an error before it is not`()
        async throws
    {
        let database = try TestDatabase("create table note (id int primary key)")
        let proxy = try Proxy(to: database)
        defer { proxy.close() }
        try await database.pool({ $0.url = proxy.url }) { pool in
            try await pool.write("insert into note values (1)")
            proxy.cut(after: "cut here")
            let transaction = pool.writing()
            transaction.add("insert into note select 2 where \("cut here") <> ''")
            do throws(PostgresError) {
                try await transaction.commit()
                Issue.record("acknowledged")
            } catch {
                #expect(error.kind == .unavailable)
                #expect(error.outcomeUnknown)
            }
            let reading = pool.reading()
            do throws(PostgresError) {
                try await reading.run("select \("cut here")::text")
                Issue.record("answered")
            } catch {
                #expect(!error.outcomeUnknown)
            }
        }
    }

    /// The first statement that has not been answered is then another than the commit.
    @Test func `a commit whose answer is lost is unknown on a connection that is warm, too`()
        async throws
    {
        let database = try TestDatabase("create table note (id int primary key)")
        let proxy = try Proxy(to: database)
        defer { proxy.close() }
        try await database.pool({ ($0.url, $0.exclusive) = (proxy.url, 1) }) { pool in
            for (id, words) in [(1, "warm up"), (2, "cut here")] {
                if id == 2 { proxy.cut(after: words) }
                let transaction = pool.writing()
                transaction.add("insert into note select \(id)::int where \(words) <> ''")
                do throws(PostgresError) {
                    try await transaction.commit()
                    #expect(id == 1, "acknowledged")
                } catch {
                    #expect(error.kind == .unavailable)
                    #expect(error.outcomeUnknown)
                }
            }
        }
        #expect(try database.direct().run("select from note").count == 2)
    }

    @Test func `while the database is away requests fail at once, and then it is back`()
        async throws
    {
        let database = try TestDatabase()
        let proxy = try Proxy(to: database)
        let desk = database.desk { $0.url = proxy.url }
        proxy.close()
        await desk.work { pool in
            #expect(pool.isReachable)
            #expect(await kind { try await pool.read("select 1") } == .unavailable)
            #expect(!pool.isReachable)
            for _ in 0..<20 {
                let start = pool.loop.now
                #expect(await kind { try await pool.read("select 1") } == .unavailable)
                #expect(await kind { try await pool.write("select 1") } == .unavailable)
                await pool.pause(5)
                #expect(pool.loop.now - start < 1000)
            }
        }
        let back = try Proxy(to: database)
        defer { back.close() }
        try await desk.work { pool in
            let start = pool.loop.now
            while !pool.isReachable, pool.loop.now - start < 3000 { await pool.pause(10) }
            let answer = try await pool.read("select 1")
            #expect(answer.count == 1)
            let write = try await pool.write("select 1")
            #expect(write.count == 1)
        }
        await desk.close()
    }

    @Test func `after closing nothing is asked any more`() async throws {
        try await TestDatabase().pool { pool in
            try await pool.read("select 1")
            let open = pool.writing()
            try await open.run("select 1")
            pool.close()
            try await open.commit()
            #expect(await kind { try await pool.read("select 1") } == .unavailable)
            #expect(await kind { try await pool.write("select 1") } == .unavailable)
        }
    }
}

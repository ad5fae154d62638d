import Testing

@testable import Postgres

@Suite struct `Deadlines` {
    @Test func `PostgreSQL stops what takes too long, and the connection lives on`() async throws {
        try await TestDatabase().pool({ ($0.shared, $0.exclusive) = (1, 1) }) { pool in
            for access in [Transaction.Access.reading, .writing] {
                func run(_ sql: SQL, within milliseconds: Int) async throws -> Int? {
                    let deadline = pool.loop.now + milliseconds
                    let transaction = Transaction(access, in: pool, deadline: deadline)
                    let answer = transaction.add(sql)
                    try await transaction.commit()
                    return answer.int(0, "pid")
                }
                let before = try await run("select pg_backend_pid() as pid", within: 5000)
                let start = pool.loop.now
                let end = await kind { _ = try await run("select pg_sleep(5)", within: 300) }
                #expect(end == .timedOut)
                #expect((200...700).contains(pool.loop.now - start))
                let after = try await run("select pg_backend_pid() as pid", within: 5000)
                #expect(before == after)
            }
        }
    }

    /// Also where its own time limit does not hold: 500 ms are PostgreSQL's to notice it.
    @Test(
        arguments: [
            "select pg_sleep(60)", "select count(*) from generate_series(1, 1000000000000)",
            "select pg_advisory_xact_lock(hashtext(current_schema()))",
        ] as [SQL])
    func `nothing runs on for a caller who gave up`(endless: SQL) async throws {
        let database = try TestDatabase()
        let holder = try database.direct()
        try holder.run("select pg_advisory_lock(hashtext(current_schema()))")
        try await database.pool({ ($0.shared, $0.exclusive) = (1, 1) }) { pool in
            let observer = try database.direct()
            for access in [Transaction.Access.reading, .writing] {
                let start = pool.loop.now
                let transaction = Transaction(access, in: pool, deadline: start + 300)
                let pid = try await transaction.run("select pg_backend_pid() as pid")
                let backend = try #require(pid.int(0, "pid"))
                transaction.add("select set_config('statement_timeout', '0', true)")
                #expect(await kind { try await transaction.run(endless) } == .timedOut)
                #expect(pool.loop.now - start < 900)
                let isThere: SQL = "select from pg_stat_activity where pid = \(backend)::int"
                while try !observer.run(isThere).isEmpty, pool.loop.now - start < 5000 {
                    await pool.pause(10)
                }
                #expect(pool.loop.now - start < 1600)
            }
        }
    }

    @Test func `a server that says nothing is not waited for, nor used again`() async throws {
        let database = try TestDatabase()
        let proxy = try Proxy(to: database)
        defer { proxy.close() }
        try await database.pool({
            $0.url = proxy.url
            ($0.shared, $0.connectMilliseconds) = (1, 400)
        }) { pool in
            let reading = try await pool.read("select 1")
            let writing = try await pool.write("select 1")
            #expect(reading.count + writing.count == 2)
            proxy.fallSilent()
            let start = pool.loop.now
            #expect(await kind { try await pool.reading(within: 300).run("select 1") } == .timedOut)
            #expect((500...800).contains(pool.loop.now - start))
            let transaction = pool.writing(within: 300)
            transaction.add("select 1")
            do throws(PostgresError) {
                try await transaction.commit()
                Issue.record("committed")
            } catch {
                #expect(error.kind == .timedOut)
                #expect(error.outcomeUnknown)
            }
            #expect(proxy.connections == 2)
            await pool.pause(10)
            let again = pool.loop.now
            #expect(await kind { try await pool.read("select 1") } == .unavailable)
            #expect(proxy.connections == 3)
            #expect(pool.loop.now - again < 600)
            #expect(!pool.isReachable)
            let atOnce = pool.loop.now
            #expect(await kind { try await pool.read("select 1") } == .unavailable)
            #expect(await kind { try await pool.write("select 1") } == .unavailable)
            #expect(pool.loop.now - atOnce < 50)
        }
    }

    @Test func `who waits behind a slow neighbour gives up alone`() async throws {
        let database = try TestDatabase()
        let desk = database.desk { $0.shared = 1 }
        let holder = try database.direct()
        let key = database.schema
        try holder.run("select pg_advisory_lock(hashtext(\(key)))")
        let slow = Task {
            try await desk.work { pool in
                let lock: SQL = "pg_advisory_xact_lock(hashtext(\(key)))"
                return try await pool.reading(within: 9000).run("select 7 as n, \(lock)").int(
                    0, "n")
            }
        }
        let waiting: SQL = """
            select 1 from pg_locks
            where locktype = 'advisory' and not granted and objid = hashtext(\(key))::oid
            """
        while try holder.run(waiting).isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        await desk.work { pool in
            #expect(await kind { try await pool.reading(within: 100).run("select 1") } == .timedOut)
        }
        try holder.run("select pg_advisory_unlock_all()")
        #expect(try await slow.value == 7)
        await desk.close()
    }

    @Test func `who waits for a place and then for its connection waits no longer for that`()
        async throws
    {
        let database = try TestDatabase()
        let proxy = try Proxy(to: database)
        defer { proxy.close() }
        try await database.pool({
            ($0.url, $0.acquireMilliseconds) = (proxy.url, 300)
            ($0.exclusive, $0.spare) = (1, 0)
        }) { pool in
            var first: Transaction? = pool.writing()
            try await first?.run("select 1")
            proxy.fallSilent()
            pool.loop.after(200) { first = nil }
            let start = pool.loop.now
            #expect(await kind { try await pool.write("select 1") } == .busy)
            #expect((250...420).contains(pool.loop.now - start))
        }
    }

    @Test func `one that has passed is not even sent`() async throws {
        try await TestDatabase().pool { pool in
            for transaction in [pool.reading(within: 0), pool.writing(within: -5)] {
                #expect(await kind { try await transaction.run("select 1") } == .timedOut)
            }
        }
    }
}

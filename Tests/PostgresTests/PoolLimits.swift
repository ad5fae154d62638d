import Testing

@testable import Postgres

@Suite struct `The limits of a pool` {
    @Test func `who waits longer than allowed is refused, and who does not fit at once`()
        async throws
    {
        try await TestDatabase().pool({
            ($0.exclusive, $0.spare, $0.waiters, $0.acquireMilliseconds) = (1, 0, 0, 200)
        }) { pool in
            let first = pool.writing()
            try await first.run("select 1")
            var start = pool.loop.now
            #expect(await kind { try await pool.write("select 1") } == .busy)
            #expect(pool.loop.now - start < 50)
            try await first.commit()
            start = pool.loop.now
            let free = try await pool.write("select 1")
            #expect(free.count == 1)
        }
        try await TestDatabase().pool({
            ($0.exclusive, $0.spare, $0.acquireMilliseconds) = (1, 0, 200)
        }) { pool in
            let first = pool.writing()
            try await first.run("select 1")
            let start = pool.loop.now
            #expect(await kind { try await pool.write("select 1") } == .busy)
            #expect((150...350).contains(pool.loop.now - start))
            #expect(await kind { try await pool.writing(within: 100).run("select 1") } == .timedOut)
            try await first.commit()
        }
    }

    @Test func `spare connections are for those who must get through`() async throws {
        try await TestDatabase().pool({
            ($0.exclusive, $0.spare, $0.acquireMilliseconds) = (2, 1, 100)
        }) { pool in
            let (first, second) = (pool.writing(), pool.writing())
            try await first.run("select 1")
            try await second.run("select 1")
            #expect(await kind { try await pool.write("select 1") } == .busy)
            for _ in 0..<3 {
                let logIn = pool.writing(priority: .spare)
                let answer = logIn.add("select 1 as n")
                try await logIn.commit()
                #expect(answer.int(0, "n") == 1)
                let health = pool.reading(priority: .spare)
                try await health.run("select 1")
                try await health.commit()
            }
            await first.rollBack()
            let next = try await pool.write("select 1")
            #expect(next.count == 1)
            await second.rollBack()
        }
    }

    @Test func `any number of writers get through on as few connections as allowed`() async throws {
        let database = try TestDatabase("create table turn (who int, backend int)")
        let desk = database.desk { ($0.exclusive, $0.spare) = (2, 0) }
        await withTaskGroup { group in
            for number in 0..<100 {
                group.addTask {
                    let error = await desk.work { pool in
                        await kind {
                            try await pool.write(
                                "insert into turn select \(number), pg_backend_pid()")
                        }
                    }
                    #expect(error == nil)
                }
            }
        }
        let turns = try database.direct().run(
            "select count(*) as rows, count(distinct backend) as backends from turn")
        #expect(turns.int(0, "rows") == 100)
        #expect(turns.int(0, "backends") == 2)
        await desk.close()
    }

    @Test func `who would come to their turn too late is refused at once`() async throws {
        let desk = try TestDatabase().desk {
            ($0.exclusive, $0.spare, $0.expectedMilliseconds) = (1, 0, 200)
        }
        // Nothing is known of the pace yet.
        let first = await crowd(of: 30, at: desk)
        #expect(first.allSatisfy { $0.error == nil })
        let second = await crowd(of: 30, at: desk)
        let served = second.filter { $0.error == nil }
        #expect((5...14).contains(served.count))
        #expect(served.allSatisfy { $0.milliseconds < 400 })
        for refused in second where refused.error != nil {
            #expect(refused.error == .busy)
            #expect(refused.milliseconds < 50)
        }
        #expect(await crowd(of: 5, at: desk).allSatisfy { $0.error == nil })
        await desk.close()
    }

    /// Each writes for 20 ms.
    private func crowd(
        of count: Int, at desk: Desk
    ) async -> [(error: PostgresError.Kind?, milliseconds: Int)] {
        await withTaskGroup { group in
            for _ in 0..<count {
                group.addTask {
                    await desk.work { pool in
                        let start = pool.loop.now
                        let error = await kind { try await pool.write("select pg_sleep(0.02)") }
                        return (error, pool.loop.now - start)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }
}

import Testing

@testable import Postgres

@Suite struct `Neighbours on one connection` {
    @Test func `are unharmed by each other's errors, and never share a context`() async throws {
        let desk = try TestDatabase().desk { $0.shared = 1 }
        await withTaskGroup { group in
            for number in 0..<200 {
                group.addTask {
                    await desk.work { pool in
                        switch number % 5 {
                        case 1: #expect(await fail(pool, "select 1 / (count(*) - 1)") == "22012")
                        case 3: #expect(await fail(pool, "select * from nothing") == "42P01")
                        default: #expect(await ask(pool, number) == number)
                        }
                    }
                }
            }
        }
        let backends = try await desk.work { pool in
            try await pool.read("select pg_backend_pid() as pid").count
        }
        #expect(backends == 1)
        await desk.close()
    }
}

private func ask(_ pool: Pool, _ number: Int) async -> Int? {
    let transaction = pool.reading("select set_config('rowan.x', \(number)::text, true)")
    let answer = transaction.add("select current_setting('rowan.x')::int as n")
    try? await transaction.commit()
    return answer.int(0, "n")
}

private func fail(_ pool: Pool, _ sql: SQL) async -> String? {
    let transaction = pool.reading("select set_config('rowan.x', 'wrong', true)")
    do {
        try await transaction.run(sql)
        return nil
    } catch {
        return error.sqlState
    }
}

import Testing

@testable import Postgres

@Suite struct `Large pipelines` {
    @Test func `a thousand statements with large values both ways do not block`() async throws {
        let database = try TestDatabase()
        try await database.pool({ $0.statementMilliseconds = 60_000 }) { pool in
            let large = String(repeating: "x", count: 50_000)
            for transaction in [pool.reading(within: 60_000), pool.writing(within: 60_000)] {
                let answers = (0..<1000).map { number in
                    transaction.add("select \(number)::int as n, \(large)::text as large")
                }
                try await transaction.commit()
                for (number, answer) in answers.enumerated() {
                    #expect(answer.int(0, "n") == number)
                    #expect(answer.text(0, "large")?.utf8.count == 50_000)
                }
            }
        }
    }

    @Test func `many clients at once get their own answers`() async throws {
        let desk = try TestDatabase().desk { $0.waiters = 500 }
        await withTaskGroup { group in
            for number in 0..<500 {
                group.addTask {
                    let size = number % 7 == 0 ? 100_000 : 10
                    let text = String(repeating: "y", count: size)
                    let answer = await desk.work { pool in
                        let answer = try? await pool.read(
                            "select \(number)::int as n, \(text)::text as t")
                        return (answer?.int(0, "n"), answer?.text(0, "t")?.utf8.count)
                    }
                    #expect(answer == (number, size))
                }
            }
        }
        await desk.close()
    }
}

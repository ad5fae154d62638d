import Testing

@testable import Postgres

@Suite struct `Round trips` {
    private let database: TestDatabase
    private let proxy: Proxy

    init() throws {
        database = try TestDatabase("create table note (id int)")
        proxy = try Proxy(to: database)
    }

    private func through(
        _ configure: (inout PoolConfiguration) -> Void = { _ in },
        _ work: @Sendable (Pool) async throws -> Void
    ) async throws {
        defer { proxy.close() }
        try await database.pool(
            {
                $0.url = proxy.url
                ($0.shared, $0.exclusive) = (1, 1)
                configure(&$0)
            }, work)
    }

    @Test func `a reading is one, with its context and its time limit`() async throws {
        try await through { pool in
            func read() async throws {
                let transaction = pool.reading(
                    "select set_config('rowan.school', \("7"), true)", within: 3000)
                let answer = transaction.add(
                    """
                    select current_setting('rowan.school') as school,
                        current_setting('statement_timeout') as limit
                    """)
                try await transaction.commit()
                #expect(answer.text(0, "school") == "7")
                #expect(answer.text(0, "limit")?.hasSuffix("s") == true)
                #expect(answer.text(0, "limit") != "10s")
            }
            try await read()
            let before = proxy.questions
            for _ in 0..<10 { try await read() }
            #expect(proxy.questions == before + 10)
        }
    }

    @Test func `a writing is one, from begin to commit`() async throws {
        try await through { pool in
            func write() async throws {
                let transaction = pool.writing(
                    "select set_config('rowan.school', \("7"), true)", within: 3000)
                for number in 0..<5 { transaction.add("insert into note values (\(number))") }
                try await transaction.commit()
            }
            try await write()
            let before = proxy.questions
            for _ in 0..<10 { try await write() }
            #expect(proxy.questions == before + 10)
        }
    }

    @Test func `the context of a cold connection holds for statements that are new`() async throws {
        try await through { pool in
            let transaction = pool.reading("select set_config('rowan.x', \("cold"), true)")
            let first = transaction.add("select current_setting('rowan.x', true) as x")
            let second = transaction.add("select 1 as y, current_setting('rowan.x', true) as x")
            try await transaction.commit()
            #expect(first.text(0, "x") == "cold")
            #expect(second.text(0, "x") == "cold")
            let after = try await pool.read("select current_setting('rowan.x', true) as x")
            #expect(after.text(0, "x") == "")
        }
    }

    @Test func `statements past the bound are sent as text, in the same round trip`() async throws {
        try await through({ $0.preparedStatements = 1 }) { pool in
            for _ in 0..<2 {
                let before = proxy.questions
                let transaction = pool.reading("select set_config('rowan.x', \("x"), true)")
                let answer = transaction.add(
                    "select \(7)::int as n, current_setting('rowan.x') as x")
                try await transaction.commit()
                #expect(answer.int(0, "n") == 7)
                #expect(answer.text(0, "x") == "x")
                if before > 5 { #expect(proxy.questions == before + 1) }
            }
            let count = try await pool.read("select count(*) as n from pg_prepared_statements")
            #expect(count.int(0, "n") == 1)
        }
    }
}

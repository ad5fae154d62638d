import FoundationEssentials
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Everything that grows is swept, or is a register.
@Suite struct `What is over for long` {
    private let database: TestDatabase
    private let connection: DirectConnection

    init() throws {
        database = try TestDatabase()
        connection = try database.owner()
        try database.setClock("2026-11-20T09:00:00Z")
    }

    private func names(_ sql: SQL) throws -> [String] {
        let answer = try connection.run(sql)
        return (0..<answer.count).compactMap { answer.text($0, "name") }
    }

    /// A sweep of the worker's.
    private func sweep(_ most: Int = 500) throws -> (swept: Int, busiest: Int) {
        let worker = try DirectConnection(database.workerURL)
        _ = try worker.run("set lock_timeout = '5s'")
        let gone = try worker.run("select * from sweep(\(most))")
        return (gone.int(0, "swept") ?? -1, gone.int(0, "busiest") ?? -1)
    }

    @Test func `is decided for every table: it is swept, or kept, and not both`() throws {
        let decided = try names(
            """
            select relation as name from what_is_swept()
            union all select unnest(relations) from what_is_kept()
            order by name
            """)
        let tables = try names(
            """
            select relname::text as name from pg_class
            where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
            order by name
            """)
        #expect(
            Set(decided).symmetricDifference(tables) == [],
            "name it in what_is_swept or in what_is_kept, and say why")
        #expect(decided.count == tables.count, "one is named twice")
    }

    @Test func `is found by an index, however much there is`() throws {
        let rules = try connection.run("select relation, is_over from what_is_swept()")
        _ = try connection.run("set enable_seqscan = off")
        for row in 0..<rules.count {
            let table = rules.text(row, "relation") ?? ""
            let rule = rules.text(row, "is_over") ?? ""
            try connection.execute(
                script: """
                    create or replace function plan() returns setof text language plpgsql as $do$
                    begin
                        return query execute 'explain select ctid from \(table) where '
                            || replace($rule$\(rule)$rule$, '$1', 'rowan_now()')
                            || ' limit 500 for update skip locked';
                    end $do$
                    """)
            let plan = try names("select plan as name from plan()").joined(separator: "\n")
            #expect(plan.contains("Index") && !plan.contains("Seq Scan"), "\(table): \(plan)")
        }
    }

    @Test func `goes when its time has come, and not a moment before`() throws {
        try connection.execute(script: SweptRows.script)
        let kinds = try names("select relation as name from what_is_swept() order by relation")
        #expect(Set(kinds) == Set(SweptRows.all.map(\.table)))
        let counts = kinds.map { table in
            // Everybody in the template has a session, from nowhere.
            "select '\(table) ' || count(*) as name from \(table)"
                + (table == "session" ? " where network is not null" : "")
        }
        try connection.execute(
            script: "create temp view left_over as " + counts.joined(separator: " union all "))
        let left: SQL = "select name from left_over order by name"
        #expect(try names(left) == kinds.map { "\($0) 2" })
        #expect(try sweep().swept == kinds.count)
        #expect(try names(left) == kinds.map { "\($0) 1" })
        #expect(try sweep() == (0, 0))
        // What stood with it went with it, or stays without it.
        #expect(try database.number("select count(*) from mail") == 1)
        #expect(try database.number("select count(*) from invitation where link_id is null") == 1)
    }

    @Test func `goes in small batches, past what somebody has in hand`() throws {
        let account = TestSchool.hawthorn.account(.staff)
        _ = try connection.run(
            """
            insert into idempotency (caller_id, key, fingerprint, seats, created_at)
            select \(account), 'key ' || number, '', '{}', rowan_now() - interval '31 days'
            from generate_series(1, 25) as number
            """)
        _ = try connection.run("begin")
        _ = try connection.run("select from idempotency where key = 'key 1' for update")
        #expect(try sweep(10) == (10, 10))
        #expect(try sweep(10) == (10, 10))
        #expect(try sweep(10) == (4, 4))
        _ = try connection.run("rollback")
        #expect(try sweep(10) == (1, 1))
    }

    @Test func `is taken away by the worker, and counted`() async throws {
        try connection.execute(script: SweptRows.script)
        try connection.execute(
            script: """
                insert into idempotency (caller_id, key, fingerprint, seats, created_at)
                select '\(TestSchool.hawthorn.account(.staff))', 'more ' || number, '', '{}',
                    rowan_now() - interval '31 days'
                from generate_series(1, 1200) as number
                """)
        let worker = try RunningWorker(database, mail: nil)
        #expect(
            try await eventually(within: 15) {
                worker.figure("rowan_rows_swept_total") == 1200 + SweptRows.all.count
            })
        #expect(try database.number("select count(*) from idempotency") == 1)
    }

    @Test func `is written down for operators as it is`() throws {
        let rows = try names(
            """
            select format('| `%s` | %s after %s | %s |', relation,
                    replace(replace(replace(
                        kept_for::text, 'mons', 'months'), '1 year', 'a year'),
                        '01:00:00', '1 hour'),
                    after, why) as name
            from what_is_swept()
            union all
            select format('| %s | %s |', (
                    select string_agg(format('`%s`', relation), ', ' order by place)
                    from unnest(relations) with ordinality as kept (relation, place)), why)
            from what_is_kept()
            """)
        let page = String(decoding: try committed("Docs/Operations.md"), as: UTF8.self)
        #expect(rows.filter { !page.contains("\n\($0)\n") } == [])
    }
}

import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// What acts with the owner's rights passes the third wall: so each function asks for itself who
/// calls it, and nobody and a stranger learn and change nothing (SEC-14).
@Suite struct `A function with the owner's rights` {
    /// What is called before anybody is known, puts down that somebody was refused, or is public.
    private static let forAnybody: Set<String> = [
        "try_log_in", "log_in_has_failed", "open_session", "forgive_guess", "was_refused",
        "issue_client_token", "published_reporting_channels", "published_policies",
        "published_policy",
        "ask_for_recovery", "try_link", "ask_for_signing_link",
    ]

    private let school = TestSchool.hawthorn

    private struct Callee {
        let name: String
        let call: String
        let namesRecords: Bool
    }

    /// Each that the service may call, asked for what is Hawthorn's.
    private func callees(_ scene: Scene) throws -> [Callee] {
        let incident = scene.incident(.dsl, .own)
        let report: JSONValue = [
            "school_id": .string(school.id.uuidString), "id": .string(Scene.missing),
            "concerns": "child", "matter": "event", "description": "Something happened",
            "people": [],
        ]
        let found = try scene.register.database.owner().run(
            """
            select proname::text as name, coalesce(bool_or(
                    type in ('uuid', 'uuid[]', 'report')), false) as names_records,
                format(
                    'select string_agg(to_jsonb(told)::text, '' '') from %I(%s) as told', proname,
                    string_agg(
                        case
                            when type = 'uuid' then format('%L::uuid', case
                                when argument ~ 'person' then \(school.person(.dsl))::uuid
                                when argument ~ 'account|somebody'
                                    then \(school.account(.dsl))::uuid
                                when argument ~ 'incident' then \(incident)::text::uuid
                                else \(school.id)::uuid end)
                            when type = 'uuid[]' then format('array[%L, %L]::uuid[]',
                                \(incident)::text, \(school.id)::uuid)
                            when type = 'report' then format(
                                'jsonb_populate_record(null::report, %L)',
                                \(JSON.string(of: report))::text)
                            when type = 'text' then '''dsl'''
                            when type = 'text[]' then 'array[''dsl'']'
                            when type = 'bytea' then '''\\x00''::bytea'
                            when type = 'bytea[]' then 'array[''\\x00''::bytea]'
                            when type = 'jsonb' then '''{}''::jsonb'
                            when type = 'interval' then '''1 hour''::interval'
                            when type in ('integer', 'bigint') then '1'
                            when type in ('integer[]', 'bigint[]') then 'array[1]'
                            when type = 'boolean' then 'false'
                            else 'null::' || type
                        end, ', ' order by place)) as call
            from pg_proc
            left join lateral (
                select format_type(given.type, null) as type, place,
                    coalesce(proargnames[place], '') as argument
                from unnest(proargtypes::oid[]) with ordinality as given (type, place)
            ) as given on true
            where prosecdef and pronamespace = 'public'::regnamespace
                and prorettype <> 'trigger'::regtype
                and has_function_privilege('rowan_service', pg_proc.oid, 'execute')
            group by pg_proc.oid, proname
            order by proname
            """)
        return (0..<found.count).map { row in
            Callee(
                name: found.text(row, "name") ?? "", call: found.text(row, "call") ?? "",
                namesRecords: found.bool(row, "names_records") == true)
        }
    }

    /// What a call told, and how many rows it changed; nothing where it was refused.
    private func call(
        _ callee: Callee, as context: SQL, _ service: DirectConnection
    ) throws -> (told: String, changed: Int) {
        _ = try service.run("begin")
        defer { _ = try? service.run("rollback") }
        _ = try service.run(context)
        let before = try changes(service)
        do {
            try service.execute(
                script: """
                    do $do$ declare shown text; begin
                        shown := (\(callee.call));
                        perform set_config('rowan.told', coalesce(shown, ''), true);
                    end $do$
                    """)
        } catch { return ("", 0) }
        let told = try service.run("select current_setting('rowan.told') as told")
        return (told.text(0, "told") ?? "", try changes(service) - before)
    }

    /// How many rows the connection has changed.
    private func changes(_ service: DirectConnection) throws -> Int {
        try service.run(
            """
            select sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint as changes
            from pg_stat_xact_user_tables
            """
        ).int(0, "changes") ?? 0
    }

    private func scene() async throws -> (Scene, [Callee], DirectConnection) {
        let scene = try await Secrets.scene(areas: [])
        let callees = try callees(scene)
        #expect(callees.count > 50)
        return (scene, callees, try DirectConnection(scene.register.database.serviceURL))
    }

    private func check(
        _ callee: Callee, _ answer: (told: String, changed: Int), as who: String
    ) {
        for mark in [school.name, school.name.lowercased(), Scene.secret] {
            #expect(!answer.told.contains(mark), "\(callee.name) tells \(who)")
        }
        #expect(answer.changed == 0, "\(callee.name) changes something for \(who)")
    }

    @Test func `tells and changes nothing for nobody`() async throws {
        let (scene, callees, service) = try await scene()
        defer { withExtendedLifetime(scene) {} }
        for callee in callees where !Self.forAnybody.contains(callee.name) {
            check(
                callee, try call(callee, as: "select set_config('rowan.seats', '', true)", service),
                as: "nobody")
        }
    }

    @Test func `tells and changes nothing of another school's for its staff`() async throws {
        let (scene, callees, service) = try await scene()
        defer { withExtendedLifetime(scene) {} }
        let (stranger, seats) = (
            TestSchool.lighthouse.account(.staff),
            "{\"\(TestSchool.lighthouse.id.uuidString.lowercased())\": [\"staff\"]}"
        )
        for callee in callees
        where callee.namesRecords && !Self.forAnybody.contains(callee.name) {
            let answer = try call(
                callee,
                as: """
                    select set_config('rowan.account', \(stranger)::text, true),
                        set_config('rowan.seats', \(seats), true)
                    """, service)
            check(callee, answer, as: "a stranger")
        }
    }

    /// SEC-08: what asks for a seat is closed to whoever works there for a day. They report, and
    /// acknowledge what they must.
    @Test func `tells and changes nothing of the school's for temporary staff`() async throws {
        let (scene, callees, service) = try await scene()
        defer { withExtendedLifetime(scene) {} }
        let account = school.account(.temporaryStaff)
        let seats = """
            {"temporary": {"\(school.id.uuidString.lowercased())": ["temporary_staff"]}}
            """
        let theirs = Self.forAnybody.union(["file_report", "acknowledge_monitoring_notice"])
        for callee in callees where callee.namesRecords && !theirs.contains(callee.name) {
            let answer = try call(
                callee,
                as: """
                    select set_config('rowan.account', \(account)::text, true),
                        set_config('rowan.seats', \(seats), true)
                    """, service)
            check(callee, answer, as: "temporary staff")
        }
    }

    /// Who cannot be told from nobody would make both tests pass.
    @Test func `answers whoever may ask`() async throws {
        let (scene, callees, service) = try await scene()
        let seats = "{\"\(school.id.uuidString.lowercased())\": [\"headteacher\"]}"
        let own = try #require(callees.first { $0.name == "publish_monitoring_notice" })
        let answer = try call(
            own,
            as: """
                select set_config('rowan.account', \(school.account(.headteacher))::text, true),
                    set_config('rowan.seats', \(seats), true)
                """, service)
        #expect(answer.changed > 0)
        withExtendedLifetime(scene) {}
    }
}

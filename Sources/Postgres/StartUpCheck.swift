/// Whether a database may be trusted with what must not be lost, nor read by others.
package enum StartUpCheck {
    /// Every unsafe setting that the connection's database, server and role have, in words; none is
    /// what it should be.
    package static func findings(
        on connection: DirectConnection
    ) throws(PostgresError) -> [String] {
        try settings(on: connection) + roles(on: connection)
    }

    private static func settings(
        on connection: DirectConnection
    ) throws(PostgresError) -> [String] {
        let questions = UnsafeSetting.all.map { setting in
            """
            select format(\(setting.words)::text, current_user) as finding where \(setting.isSo)
            """ as SQL
        }
        return try ask(questions.joined(separator: " union all "), connection)
    }

    private static func roles(on connection: DirectConnection) throws(PostgresError) -> [String] {
        try ask(
            """
            with me as (select * from pg_roles where rolname = current_user)
            select 'the role ' || rolname || ' is a superuser' as finding from me where rolsuper
            union all
            select 'the role ' || rolname || ' bypasses row-level security' from me
            where rolbypassrls
            union all
            select 'the role ' || me.rolname || ' may become ' || other.rolname
                || ', which is a superuser or bypasses row-level security'
            from me
            join pg_roles other on other.oid <> me.oid and pg_has_role(other.oid, 'member')
            where not me.rolsuper and (other.rolsuper or other.rolbypassrls)
            union all
            select 'the role ' || rolname || ' may create in the schema public'
            from me
            join pg_namespace
                on nspname = 'public' and has_schema_privilege(pg_namespace.oid, 'create')
            union all
            select 'the role ' || me.rolname || ' owns or may act as the owner of '
                || string_agg(owned.what, ', ' order by owned.what)
            from me
            cross join lateral (
                select c.oid::regclass::text as what
                from pg_class c
                join pg_namespace n on n.oid = c.relnamespace
                where c.relkind in ('r', 'p', 'v', 'm')
                    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
                    and pg_has_role(c.relowner, 'member')
                limit 5
            ) owned
            where not me.rolsuper
            group by me.rolname
            """, connection)
    }

    private static func ask(
        _ question: SQL, _ connection: DirectConnection
    ) throws(PostgresError) -> [String] {
        let answer = try connection.run(question)
        return (0..<answer.count).compactMap { answer.text($0, "finding") }
    }
}

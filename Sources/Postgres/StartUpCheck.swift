/// Whether a database may be trusted with what must not be lost, nor read by others.
package enum StartUpCheck {
    /// Every unsafe setting that the connection's database, server and role have, in words; none is
    /// what it should be.
    package static func findings(
        on connection: DirectConnection
    ) throws(PostgresError) -> [String] {
        let answer = try connection.run(
            """
            with setting(name, unsafe, finding) as (values
                ('fsync', 'off', 'fsync is off: a power cut destroys the database'),
                ('full_page_writes', 'off', 'full_page_writes is off: a power cut damages pages'),
                ('synchronous_commit', 'off', 'synchronous_commit is off: a power cut loses writes')
            ),
            me as (select * from pg_roles where rolname = current_user)
            select finding from setting where current_setting(name) = unsafe
            union all
            select 'the server is older than PostgreSQL 15'
            where current_setting('server_version_num')::int < 150000
            union all
            select 'the role ' || rolname || ' is a superuser' from me where rolsuper
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
            """)
        return (0..<answer.count).compactMap { answer.text($0, "finding") }
    }
}

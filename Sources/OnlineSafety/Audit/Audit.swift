import FoundationEssentials
import Postgres

/// Puts on record who did what. An entry is written in the transaction of the deed itself; the
/// database adds who, when and under which request, and chains it to the entry before.
enum Audit {
    /// Records a deed that belongs to no school, such as a log-in, with the organisation "service".
    static func record(
        _ deed: String, _ kind: String, _ id: UUID?, account: UUID?, request: String?,
        in tx: Transaction
    ) {
        tx.add(
            """
            insert into event (
                organisation_id, chain, account_id, deed, record_kind, record_ids, request_id)
            values (
                service_organisation(), 'changes', \(account), \(deed), \(kind),
                array_remove(array[\(id)::uuid], null), \(request ?? ""))
            """)
    }

    /// An entry about a school's record, as a statement of its own or at the end of a `with`: its
    /// parts are expressions over the rows of `from`.
    static func entry(
        _ deed: StaticString, _ kind: StaticString, of school: SQL, id: SQL, version: SQL = "null",
        digest: SQL = "null", from rows: SQL
    ) -> SQL {
        """
        insert into event (
            organisation_id, chain, deed, record_kind, record_ids, version, request_id, digest)
        select
            \(school), 'changes', \(deed.description), \(kind.description), array[\(id)::uuid],
            \(version), '', \(digest)
        from \(rows)
        """
    }

    /// An insert of rows that have a salt, with their entries: what each says is covered by a
    /// digest.
    static func written(
        _ deed: StaticString, _ kind: StaticString, id: SQL = "written.id",
        version: SQL = "written.version", _ insert: SQL
    ) -> SQL {
        """
        with written as (\(insert)
            returning *
        )
        \(entry(
            deed, kind, of: "written.school_id", id: id, version: version,
            digest: "digest_of(written.salt, to_jsonb(written) - 'salt')", from: "written"))
        """
    }

    /// The records that a statement finds, at most `limit`, with their reading on record: one entry
    /// for each school names all that are shown (AUD-02). What is of no school is one's own. Of
    /// `schools` there is one entry each, also where nothing was shown.
    static func reading(
        _ deed: String, _ kind: String, limit: Int, naming id: SQL = "id",
        atEach schools: [ID<School>] = [], _ query: SQL
    ) -> SQL {
        let shown: SQL = "(select * from found limit \(limit)) as shown"
        let entries: SQL =
            schools.isEmpty
            ? """
            select school_id, 'reads', \(deed), \(kind), array_agg(\(id)), ''
            from \(shown)
            where school_id is not null
            group by school_id
            order by school_id
            """
            : """
            select asked.school_id, 'reads', \(deed), \(kind),
                array(select \(id) from \(shown) where school_id = asked.school_id), ''
            from unnest(\(schools)::uuid[]) as asked (school_id)
            order by asked.school_id
            """
        return """
            with found as (\(query)
            ), recorded as (
                insert into event (
                    organisation_id, chain, deed, record_kind, record_ids, request_id)
                \(entries)
            )
            select * from found
            """
    }
}

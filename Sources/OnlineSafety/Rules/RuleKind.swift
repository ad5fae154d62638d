import JSON
import Postgres

/// A kind of rules that schools set in versions: how one is written.
struct RuleKind: Sendable {
    /// What `rule_kind` calls it.
    let name: StaticString

    /// What the audit calls setting one.
    let deed: StaticString

    /// Whether one may hold from a day that is over, and so of what is past; else what held then
    /// stays what it was.
    var reachesBack = false

    /// What a statement shows to the caller, which they have seen, and the number of the version to
    /// come.
    func next(
        after shown: SQL, _ ifMatch: IfMatch, from day: Day? = nil, in tx: Transaction
    ) async throws -> (now: Answer, version: Int) {
        let now = try await tx.run(
            """
            select rule.*, coalesce(\(day)::date < london_today(), false) as _is_over
            from (\(shown)) as rule
            """)
        guard let etag = now.text(0, "etag"), let version = now.int(0, "_version") else {
            throw Problem(.notFound)
        }
        try ifMatch.check(etag)
        guard reachesBack || now.bool(0, "_is_over") != true else {
            throw Problem([
                JSONFault(
                    pointer: "/from_on", code: "out_of_range", detail: "Today, or a day to come")
            ])
        }
        return (now, version + 1)
    }

    /// Writes a version, with its entry in the audit.
    func write(
        _ content: some Encodable, of subject: String = "", _ version: Int, from day: Day? = nil,
        at school: ID<School>, by caller: Caller, in tx: Transaction
    ) {
        tx.add(
            Audit.written(
                deed, "school_rule",
                """
                insert into school_rule (
                    school_id, kind, subject, version, id, from_on, content, set_by_name)
                values (
                    \(school), \(name.description), \(subject), \(version), \(ID<RuleKind>()),
                    coalesce(\(day)::date, london_today()), \(JSON.string(of: content))::jsonb,
                    \(caller.name))
                """))
    }
}

import FoundationEssentials
import Postgres

/// A part of a record on which several people work at once: every change of it, and that it was
/// withdrawn, is a version beside the one before (INC-43).
struct VersionedPart: Sendable {
    /// Its table, and its kind in the audit; what stands is shown by the view `<name>_shown`.
    let name: StaticString

    /// What people write of it, in the order in which it is given to `writing`.
    let columns: SQL

    /// The deeds.
    let written: StaticString
    let withdrawn: StaticString

    fileprivate var table: SQL { SQL(stringLiteral: name) }
}

extension OpenedIncident {
    /// The version of a part, which must be the one that was read.
    func version(
        of part: VersionedPart, _ own: UUID, _ ifMatch: IfMatch, in tx: Transaction
    ) async throws -> Int {
        let found = try await tx.run(
            """
            select part.etag, trim('"' from part.etag)::integer as version
            from \(part.table)_shown as part
            where part.school_id = \(school) and part._incident_id = \(id) and part.id = \(own)
            """)
        guard let etag = found.text(0, "etag"), let version = found.int(0, "version") else {
            throw Problem(.notFound)
        }
        try ifMatch.check(etag)
        return version
    }

    /// Versions of a part: `rows` gives the school, the incident, the id, the version, then what
    /// people write, then the post in which it is written.
    func writing(_ part: VersionedPart, _ rows: SQL) -> SQL {
        Audit.written(
            part.written, part.name,
            """
            insert into \(part.table) (
                school_id, incident_id, id, version, \(part.columns), role)
            \(rows)
            """)
    }

    /// The last version of a part: what the one before said, and that it is withdrawn.
    func withdrawing(_ part: VersionedPart, _ own: UUID, _ version: Int) -> SQL {
        Audit.written(
            part.withdrawn, part.name,
            """
            insert into \(part.table) (
                school_id, incident_id, id, version, \(part.columns), role, is_withdrawn)
            select school_id, incident_id, id, version + 1, \(part.columns), \(role), true
            from \(part.table)
            where school_id = \(school) and incident_id = \(id) and id = \(own)
                and version = \(version)
            """)
    }
}

import FoundationEssentials

@testable import OnlineSafety
@testable import Postgres

/// An entry of the audit, as it lies in the database.
struct Entry: Sendable {
    let organisation: UUID
    let chain: String
    let number: Int
    let account: UUID?
    let roles: [String]
    let deed: String
    let kind: String
    let records: [UUID]
    let request: String
    let digest: [UInt8]?
}

extension TestDatabase {
    /// All entries of the audit, chain by chain.
    func entries() throws -> [Entry] {
        let found = try owner().run("select * from event order by organisation_id, chain, number")
        return (0..<found.count).compactMap { row in
            guard let organisation = found.uuid(row, "organisation_id") else { return nil }
            return Entry(
                organisation: organisation, chain: found.text(row, "chain") ?? "",
                number: found.int(row, "number") ?? 0, account: found.uuid(row, "account_id"),
                roles: found.texts(row, "roles") ?? [], deed: found.text(row, "deed") ?? "",
                kind: found.text(row, "record_kind") ?? "",
                records: found.uuids(row, "record_ids") ?? [],
                request: found.text(row, "request_id") ?? "", digest: found.bytes(row, "digest"))
        }
    }

    /// The columns of all tables that hold a text, be it among others or as bytes.
    func places(of text: String) throws -> [String] {
        let connection = try owner()
        let columns = try connection.run(
            """
            select c.table_name || '.' || c.column_name as place,
                format(
                    'select count(*) from %I where position(convert_to(%L, ''UTF8'') in %s) > 0',
                    c.table_name, \(text)::text,
                    case c.data_type when 'bytea' then quote_ident(c.column_name)
                        else format('convert_to(%I::text, ''UTF8'')', c.column_name) end) as search
            from information_schema.columns as c
            join information_schema.tables as t using (table_schema, table_name)
            where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
            order by 1
            """)
        return try (0..<columns.count).compactMap { row in
            guard let place = columns.text(row, "place"), let search = columns.text(row, "search")
            else { return nil }
            try connection.execute(script: "create temp view searched as \(search)")
            defer { try? connection.execute(script: "drop view searched") }
            let count = try connection.run("select count from searched").int(0, "count") ?? 0
            return count > 0 ? place : nil
        }
    }
}

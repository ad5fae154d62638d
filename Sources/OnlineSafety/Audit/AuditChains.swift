import Bytes
import Crypto
import FoundationEssentials
import Postgres

/// The audit's chains, checked from their first entry to their last.
package enum AuditChains {
    /// What a check found.
    package struct Report: Sendable {
        package var entries = 0
        package var chains = 0

        /// In words, the first bad entry of each chain.
        package var faults: [String] = []
    }

    /// Reads all chains in their order, ten thousand entries at a time. Every entry must follow the
    /// one before by number, its hash must cover the hash before and its own fields, and the last
    /// must be the one that the chain's head names.
    package static func verify(_ connection: DirectConnection) throws -> Report {
        var report = Report()
        let heads = try connection.run(
            "select organisation_id, chain, number, hash from event_head order by 1, 2")
        for row in 0..<heads.count {
            guard let organisation = heads.uuid(row, "organisation_id"),
                let chain = heads.text(row, "chain"), let number = heads.int(row, "number"),
                let hash = heads.bytes(row, "hash")
            else { continue }
            report.chains += 1
            let checked = try check(chain, of: organisation, on: connection, &report)
            guard let checked, checked.number != number || checked.hash != hash else { continue }
            report.faults.append(
                "\(organisation) \(chain): ends at \(checked.number), its head says \(number)")
        }
        return report
    }

    private static func check(
        _ chain: String, of organisation: UUID, on connection: DirectConnection,
        _ report: inout Report
    ) throws -> (number: Int, hash: [UInt8])? {
        var last = (number: 0, hash: [UInt8]())
        while true {
            let entries = try connection.run(
                """
                select *, instant(at) as instant, encode(digest, 'hex') as digest_hex
                from event
                where organisation_id = \(organisation) and chain = \(chain)
                    and number > \(last.number)
                order by number
                limit 10000
                """)
            for row in 0..<entries.count {
                report.entries += 1
                let number = entries.int(row, "number") ?? 0
                let expected = SHA256.hash(last.hash + bytes(of: entries, row)).bytes
                guard number == last.number + 1, entries.bytes(row, "hash") == expected else {
                    report.faults.append("\(organisation) \(chain): entry \(number) is not genuine")
                    return nil
                }
                last = (number, expected)
            }
            if entries.count < 10_000 { return last }
        }
    }

    /// The fields of an entry, a line each, an absent one as an empty line.
    private static func bytes(of entries: Answer, _ row: Int) -> [UInt8] {
        let ids = entries.uuids(row, "record_ids") ?? []
        let lines: [String?] = [
            entries.uuid(row, "organisation_id")?.uuidString.lowercased(),
            entries.text(row, "chain"),
            entries.int(row, "number").map(String.init),
            entries.text(row, "instant"),
            entries.uuid(row, "account_id")?.uuidString.lowercased(),
            (entries.texts(row, "roles") ?? []).joined(separator: ","),
            entries.text(row, "deed"),
            entries.text(row, "record_kind"),
            ids.map { $0.uuidString.lowercased() }.joined(separator: ","),
            entries.int(row, "version").map(String.init),
            entries.text(row, "request_id"),
            entries.text(row, "digest_hex"),
        ]
        return Array(lines.map { ($0 ?? "") + "\n" }.joined().utf8)
    }
}

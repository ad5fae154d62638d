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
        package var checkpoints = 0

        /// When the newest checkpoint was written; `nil` where there is none.
        package var newestCheckpoint: String?

        /// In words, the first bad entry of each chain.
        package var faults: [String] = []
    }

    /// Reads all chains in their order, ten thousand entries at a time. Every entry must follow the
    /// one before by number, its hash must cover the hash before and its own fields, and the last
    /// must be the one that the chain's head names. What the areas keep must still say what the
    /// entries' digests cover. And each entry that a checkpoint of the book has must be that one:
    /// this finds what was written anew with all that follows, and with its head.
    ///
    /// All of it in one snapshot: an entry that is written meanwhile is younger than its head here,
    /// and the book is read before.
    package static func verify(
        _ connection: DirectConnection, against book: CheckpointBook? = nil
    ) throws -> Report {
        let kept = try book.map(CheckpointsKept.init) ?? CheckpointsKept()
        try connection.execute(script: "begin isolation level repeatable read read only")
        defer { try? connection.execute(script: "rollback") }
        var report = Report(
            checkpoints: kept.count, newestCheckpoint: kept.newest, faults: kept.faults)
        try checkChains(on: connection, against: kept, &report)
        try checkRecords(on: connection, &report)
        return report
    }

    private static func checkChains(
        on connection: DirectConnection, against kept: CheckpointsKept, _ report: inout Report
    ) throws {
        let chains = try connection.run(
            """
            select organisation_id, chain, head.number, head.hash
            from (select distinct organisation_id, chain from event) as written
            full join event_head as head using (organisation_id, chain)
            order by organisation_id, chain
            """)
        var pins = kept.pins
        for row in 0..<chains.count {
            guard let chain = Checkpoints.chain(chains, row) else { continue }
            report.chains += 1
            var held = HeldChain(pins.removeValue(forKey: chain) ?? [])
            let last = try check(chain, against: &held, on: connection, &report)
            let fault = last.flatMap { last in
                held.fault
                    ?? Self.fault(last, chains.int(row, "number"), chains.bytes(row, "hash"))
            }
            if let fault { report.faults.append("\(chain): \(fault)") }
        }
        for (chain, pins) in pins.sorted(by: { $0.key < $1.key }) {
            guard let last = pins.last else { continue }
            report.faults.append(
                "\(chain): has gone: entry 1 and what followed; \(last.file) has \(last.number)")
        }
    }

    private static func checkRecords(
        on connection: DirectConnection, _ report: inout Report
    ) throws {
        for statement in areas.flatMap(\.unlikeTheirEntries) {
            let found = try connection.run("\(statement) limit 1000")
            for row in 0..<found.count {
                guard let school = found.uuid(row, "school_id"), let id = found.uuid(row, "id")
                else { continue }
                report.faults.append("\(school): record \(id) does not say what its entry covers")
            }
        }
    }

    /// What is wrong with a chain that ends so, when its head says this.
    private static func fault(
        _ last: (number: Int, hash: [UInt8]), _ number: Int?, _ hash: [UInt8]?
    ) -> String? {
        guard let number else { return "has no head" }
        if last.number != number { return "ends at \(last.number), its head says \(number)" }
        return last.hash == hash ? nil : "its head has another hash than entry \(number)"
    }

    private static func check(
        _ chain: Checkpoint.Chain, against held: inout HeldChain,
        on connection: DirectConnection, _ report: inout Report
    ) throws -> (number: Int, hash: [UInt8])? {
        var last = (number: 0, hash: [UInt8]())
        while true {
            let entries = try connection.run(
                """
                select *, instant(at) as instant, encode(digest, 'hex') as digest_hex
                from event
                where organisation_id = \(chain.organisation) and chain = \(chain.name)
                    and number > \(last.number)
                order by number
                limit 10000
                """)
            for row in 0..<entries.count {
                report.entries += 1
                let number = entries.int(row, "number") ?? 0
                let expected = SHA256.hash(last.hash + bytes(of: entries, row)).bytes
                guard number == last.number + 1, entries.bytes(row, "hash") == expected else {
                    report.faults.append("\(chain): entry \(number) is not genuine")
                    return nil
                }
                last = (number, expected)
                held.pass(number, expected)
            }
            guard entries.count < 10_000 else { continue }
            held.end(at: last.number)
            return last
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
            entries.int(row, "form").map(String.init),
            entries.uuid(row, "account_id")?.uuidString.lowercased(),
            entries.uuid(row, "session_id")?.uuidString.lowercased(),
            entries.uuid(row, "client_id")?.uuidString.lowercased(),
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

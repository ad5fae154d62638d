import Crypto
import FoundationEssentials
import Postgres

/// Keeping the heads of all chains outside the database, and holding the database to them.
package enum Checkpoints {
    /// Adds a checkpoint to the book, and says which. Nothing is signed that contradicts what was
    /// signed before: then some entry was altered or has gone, and it throws.
    @discardableResult
    package static func add(
        to book: CheckpointBook, from connection: DirectConnection
    ) throws -> Int {
        // A copy beside this one may have written the same number first; it goes on from there.
        for _ in 0..<20 {
            let last = try newest(of: book)
            try connection.execute(
                script: """
                    begin isolation level repeatable read read only;
                    set local statement_timeout = 60000
                    """)
            defer { try? connection.execute(script: "rollback") }
            try check(last.heads, on: connection)
            let (at, heads) = try heads(on: connection)
            let isFull = last.number % CheckpointBook.fullEach == 0
            let checkpoint = Checkpoint(
                number: last.number + 1, at: at, previous: last.digest, isFull: isFull,
                heads: isFull ? heads : heads.filter { last.heads[$0.key] != $0.value })
            if try book.write(checkpoint) { return checkpoint.number }
        }
        throw CheckpointFault("others write too many at once")
    }

    /// What the newest checkpoints say together of all chains.
    private static func newest(
        of book: CheckpointBook
    ) throws -> (number: Int, digest: [UInt8]?, heads: [Checkpoint.Chain: Checkpoint.Head]) {
        let numbers = try book.numbers()
        guard let last = numbers.last else { return (0, nil, [:]) }
        var heads: [Checkpoint.Chain: Checkpoint.Head] = [:]
        var digest: [UInt8]?
        for number in numbers.reversed() {
            let (bytes, checkpoint) = book.file(number)
            guard let checkpoint else {
                throw CheckpointFault("\(CheckpointBook.name(number)) is not genuine")
            }
            digest = digest ?? SHA256.hash(bytes).bytes
            heads.merge(checkpoint.heads) { newer, _ in newer }
            if checkpoint.isFull { break }
        }
        return (last, digest, heads)
    }

    private static func heads(
        on connection: DirectConnection
    ) throws -> (at: String, heads: [Checkpoint.Chain: Checkpoint.Head]) {
        let now = try connection.run("select instant(rowan_now()) as at")
        let found = try connection.run("select * from audit_heads()")
        var heads: [Checkpoint.Chain: Checkpoint.Head] = [:]
        for row in 0..<found.count {
            guard let chain = chain(found, row), let number = found.int(row, "number"),
                let hash = found.bytes(row, "hash")
            else { continue }
            heads[chain] = Checkpoint.Head(number: number, hash: hash)
        }
        return (now.text(0, "at") ?? "", heads)
    }

    /// The entries that were last signed must still be there, as they were.
    private static func check(
        _ heads: [Checkpoint.Chain: Checkpoint.Head], on connection: DirectConnection
    ) throws {
        let chains = heads.keys.sorted()
        let found = try connection.run(
            """
            select * from audit_hashes(
                \(chains.map(\.organisation))::uuid[], \(chains.map(\.name))::text[],
                \(chains.map { heads[$0]?.number ?? 0 })::bigint[])
            """)
        var kept: [Checkpoint.Chain: [UInt8]] = [:]
        for row in 0..<found.count {
            if let chain = chain(found, row) { kept[chain] = found.bytes(row, "hash") }
        }
        guard let bad = chains.first(where: { kept[$0] != heads[$0]?.hash }) else { return }
        let number = heads[bad]?.number ?? 0
        throw CheckpointFault(
            "\(bad): entry \(number) is not what was signed; "
                + "`rowan audit verify` says more")
    }

    static func chain(_ rows: Answer, _ row: Int) -> Checkpoint.Chain? {
        guard let organisation = rows.uuid(row, "organisation_id"),
            let name = rows.text(row, "chain")
        else { return nil }
        return Checkpoint.Chain(organisation: organisation, name: name)
    }
}

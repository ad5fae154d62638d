import HTTP
import Postgres

/// The whole of a list as a table, read page by page as the client takes it.
///
/// Memory stays small however long the list is, no transaction waits for a client, and each page is
/// on record, committed, before the first byte of it is shown.
struct Export {
    /// Rows that are read at once.
    static let page = 500

    /// Rows that are written at once.
    private static let piece = 50

    /// A table leaves the service for a file, and the file's name says what it is: confidential,
    /// and not encrypted (SEC-11).
    static func mark(_ call: Call) -> Header {
        let name = call.route.path.split(separator: "/").last ?? "table"
        return Header(
            name: .disposition,
            value: "attachment; filename=\"\(name)-confidential-not-encrypted.csv\"")
    }

    let first: Answer
    let guardsFormulas: Bool

    /// The page after a place, and how many rows there are, up to one more than so many.
    let next: (Cursor.Position, Transaction) -> Answer
    let count: (Int, Transaction) -> Answer

    /// Refuses a table that is too long, before anything of it is shown.
    func check(upTo most: Int, in tx: Transaction) async throws {
        try await tx.settle()
        guard first.count > Self.page else { return }
        let count = count(most, tx)
        try await tx.settle()
        guard count.int(0, "count") ?? 0 <= most else {
            throw Problem(
                .exportTooLarge,
                "More than \(most) rows: narrow the filter, or go on by `limit` and `cursor`.")
        }
    }

    /// Writes all pages; each but the first is read in a transaction of its own, which is over
    /// before a client is waited for.
    func write(
        to stream: BodyStream, upTo most: Int, in transaction: () -> Transaction
    ) async throws {
        try await stream.write { first.appendCSVHeader(to: &$0) }
        var (page, shown) = (first, 0)
        while true {
            let rows = min(page.count, Self.page)
            for start in stride(from: 0, to: rows, by: Self.piece) {
                try await stream.write { output in
                    page.appendCSV(
                        rows: start..<min(start + Self.piece, rows),
                        guardingFormulas: guardsFormulas, to: &output)
                }
            }
            shown += rows
            guard let end = page.position(after: Self.page) else { return }
            // It has grown meanwhile: better cut, which can be seen, than without its end.
            guard shown < most else { throw Problem(.exportTooLarge) }
            let tx = transaction()
            page = next(end, tx)
            try await tx.commit()
        }
    }
}

extension Answer {
    /// Where a page of so many rows ends, if there are more; `_key` is the place in the order.
    func position(after limit: Int) -> Cursor.Position? {
        guard count > limit, let key = text(limit - 1, "_key"),
            let id = has("_id") ? uuid(limit - 1, "_id") : uuid(limit - 1, "id")
        else { return nil }
        return Cursor.Position(key: key, id: id.uuidString.lowercased())
    }
}

extension Call {
    /// Ends the transaction, and sends the whole table.
    func send(_ export: Export) async throws -> Outcome {
        let (bounds, account) = (service.exports, try reach.caller.account)
        guard bounds.places.take(for: account) else {
            throw Problem(.busy, "Too many tables are being sent; ask again when one is done.")
        }
        defer { bounds.places.giveBack(of: account) }
        try await export.check(upTo: bounds.rows, in: transaction)
        try await transaction.commit()
        try await connection.stream(
            .ok, type: "text/csv; charset=utf-8",
            headers: { headers in
                addCommonHeaders(&headers)
                headers.add(Export.mark(self))
            }
        ) { stream in
            try await export.write(to: stream, upTo: bounds.rows) {
                transaction.another(within: bounds.milliseconds)
            }
        }
        return Outcome(status: .ok)
    }
}

/// How many whole tables are sent at once by one copy of the service, and how long they may be.
package struct ExportBounds: Sendable {
    /// Beyond: 503. Each account can have two.
    let places = Places<ID<Account>>(16, each: 2)

    /// Beyond: 422.
    package var rows = 100_000

    /// How long the reading of one page may take.
    package var milliseconds = 10_000
}

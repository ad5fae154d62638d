import HTTP
import JSON
import OpenAPI
import Postgres

/// The rows that somebody sends: JSON as a whole, or a file of which the rows are put aside as they
/// come, in transactions of their own, so that neither memory nor a lock grows with it.
struct RosterSent: Argument {
    let form: RosterBatch.Form
    private let rows: [JSONValue]
    private let file: IncomingBody?
    private let encoding: TextEncoding
    private let places: Places<ID<School>>

    static func take(from call: inout Call) throws -> RosterSent {
        let places = call.service.imports
        guard let body = call.connection.incoming, let header = call.request["content-type"] else {
            guard call.sendsJSON else {
                throw Problem(
                    .unsupportedMediaType,
                    "Send application/json, text/csv or application/x-ndjson, as it is, without "
                        + "Content-Encoding.")
            }
            let rows = try RosterRows.json(of: call).0.rows()
            return RosterSent(
                form: .json, rows: rows, file: nil, encoding: .utf8, places: places)
        }
        guard call.request["content-encoding"] == nil else {
            throw Problem(.unsupportedMediaType, "Send it as it is, without Content-Encoding.")
        }
        let type = MediaType(header)
        return RosterSent(
            form: type.isCSV ? .csv : .ndjson, rows: [], file: body,
            encoding: try type.encoding(), places: places)
    }

    static func describe(_ operation: inout OperationWords) {
        operation.takes(RosterRows.self, orFiles: ["application/x-ndjson", "text/csv"])
        operation.refuses(.massLeaveBlocked)
    }

    /// Puts all rows aside. JSON goes with the transaction; of a file each part is kept by itself,
    /// and all of it let go of when it cannot be read to its end.
    func putAside(
        into pile: inout RosterPile, kind: PersonKind?, in tx: Transaction
    ) async throws {
        guard let file else {
            for (index, row) in rows.enumerated() { pile.add(row, index + 1) }
            for statement in pile.take() { tx.add(statement) }
            return
        }
        guard places.take(for: pile.school) else {
            throw Problem(.busy, "A roster of this school, or many others, are just being read.")
        }
        defer { places.giveBack(of: pile.school) }
        do {
            try await read(file, into: &pile, kind: kind, in: tx)
        } catch {
            await discard(pile, in: tx)
            throw error
        }
    }

    /// What was put aside of a file that comes to nothing is let go of.
    private func discard(_ pile: RosterPile, in tx: Transaction) async {
        let last = tx.another(within: Self.milliseconds)
        _ = try? await last.run("select discard_roster(\(pile.school), \(pile.batch))")
        try? await last.commit()
    }

    private func read(
        _ file: IncomingBody, into pile: inout RosterPile, kind: PersonKind?, in tx: Transaction
    ) async throws {
        var reader: any RosterReader =
            form == .csv ? RosterTable(encoding, kind: kind) : RosterLines()
        let asking = tx.another(within: Self.milliseconds)
        pile.known = RosterKnown(try await asking.run(RosterKnown.asked(of: pile.school)))
        try await asking.commit()
        while let piece = try await file.next() {
            try reader.read(piece, into: &pile)
            if pile.isFull { try await keep(&pile, in: tx) }
        }
        try reader.finish(into: &pile)
        try await keep(&pile, in: tx)
    }

    private func keep(_ pile: inout RosterPile, in tx: Transaction) async throws {
        let part = tx.another(within: Self.milliseconds)
        for statement in pile.take() { part.add(statement) }
        try await part.commit()
    }

    /// How long a part of a file may take on its way into the database.
    private static let milliseconds = 10_000

    /// How long the whole may take to be applied.
    static let applyMilliseconds = 120_000

    /// Applies what was put aside: of a file in a transaction with time enough for many rows, and
    /// whatever becomes of it, nothing stays behind.
    func apply(
        _ pile: RosterPile, _ statement: SQL, in tx: Transaction
    ) async throws -> Answer {
        guard file != nil else { return try await tx.run(statement) }
        do {
            let long = tx.another(within: Self.applyMilliseconds)
            long.add(
                "select set_config('statement_timeout', \(String(Self.applyMilliseconds)), true)")
            let told = try await long.run(statement)
            try await long.commit()
            return told
        } catch {
            await discard(pile, in: tx)
            throw error
        }
    }
}

extension JSONValue {
    /// The rows of a batch, each still to be read.
    fileprivate func rows() throws(Problem) -> [JSONValue] {
        guard case .object(let object) = self else { throw Problem([.wrongType("an object")]) }
        var faults: [JSONFault] = []
        for member in object.members where member.name != "rows" {
            faults.append(
                JSONFault(
                    pointer: "/\(member.name)", code: "unknown_field",
                    detail: "There is no such field"))
        }
        guard case .array(let rows)? = object["rows"], rows.count <= 1000 else {
            faults.append(
                JSONFault(
                    pointer: "/rows", code: "too_many",
                    detail: "Give a list of at most 1,000 rows; more as NDJSON or CSV"))
            throw Problem(faults)
        }
        guard faults.isEmpty else { throw Problem(faults) }
        return rows
    }
}

extension MediaType {
    /// Of rows that are taken as they come.
    var isOfRows: Bool { isCSV || isNDJSON }
    var isCSV: Bool { isOf("text/csv") }
    private var isNDJSON: Bool { isOf("application/x-ndjson") || isOf("application/ndjson") }

    /// By its `charset`.
    fileprivate func encoding() throws(Problem) -> TextEncoding {
        switch charset {
        case nil: return isCSV ? .unknown : .utf8
        case "utf-8", "utf8", "us-ascii": return .utf8
        case "windows-1252", "cp1252", "iso-8859-1", "latin1": return .windows1252
        default: throw Problem(.unsupportedMediaType, "Send it in UTF-8 or Windows-1252.")
        }
    }
}

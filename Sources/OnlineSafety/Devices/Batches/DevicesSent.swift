import HTTP
import JSON
import OpenAPI
import Postgres

/// The rows that somebody sends: JSON, or a table, read in pieces as it comes.
struct DevicesSent: Argument {
    private let rows: [DeviceRow]
    private let file: IncomingBody?

    /// Rows of a batch. Beyond: 422.
    static let most = 1000

    static func take(from call: inout Call) throws -> DevicesSent {
        guard let body = call.connection.incoming, let header = call.request["content-type"] else {
            return DevicesSent(
                rows: try DeviceRows.take(from: &call).rows.elements, file: nil)
        }
        guard call.request["content-encoding"] == nil, MediaType(header).isCSV else {
            throw Problem(
                .unsupportedMediaType, "Send application/json or text/csv, as it is.")
        }
        return DevicesSent(rows: [], file: body)
    }

    static func describe(_ operation: inout OperationWords) {
        operation.takes(DeviceRows.self, orFiles: ["text/csv"])
    }

    /// Each row with its number, as its sender counts them, or what is wrong with it.
    func read() async throws -> [(number: Int, row: Result<DeviceRow, JSONFaults>)] {
        guard let file else {
            return rows.enumerated().map { ($0.offset + 1, .success($0.element)) }
        }
        var table = DeviceTable()
        while let piece = try await file.next() { try table.read(piece) }
        return try table.finish()
    }
}

/// A table of devices, whose first line names its columns.
private struct DeviceTable {
    private var csv = CSVReader()
    private var columns: [DeviceRow.CodingKeys?]?
    private var number = 0
    private var rows: [(number: Int, row: Result<DeviceRow, JSONFaults>)] = []

    /// The first line, until it is known what stands between its fields.
    private var head: [UInt8]? = []

    mutating func read(_ bytes: UnsafeRawBufferPointer) throws {
        guard head != nil else { return try go(on: bytes) }
        head?.append(contentsOf: bytes)
        let isWhole = bytes.contains { $0 == 0x0A || $0 == 0x0D }
        if isWhole || (head?.count ?? 0) > CSVReader.longest { try begin() }
    }

    mutating func finish() throws -> [(number: Int, row: Result<DeviceRow, JSONFaults>)] {
        if head != nil { try begin() }
        var records: [CSVReader.Record] = []
        do {
            try csv.finish { records.append($0) }
        } catch {
            throw Problem(
                file: "unterminated_quote", "A quote is opened and never closed: is it whole?")
        }
        for record in records { try take(record) }
        guard columns != nil else { throw Problem(file: "empty_file", "There is no line in it") }
        return rows
    }

    private mutating func begin() throws {
        let bytes = head ?? []
        head = nil
        let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
        csv.separator =
            [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09].max { one, other in
                line.count { $0 == one } < line.count { $0 == other }
            } ?? csv.separator
        try bytes.withUnsafeBytes { try go(on: $0) }
    }

    private mutating func go(on bytes: UnsafeRawBufferPointer) throws {
        var records: [CSVReader.Record] = []
        do {
            try csv.read(bytes) { records.append($0) }
        } catch {
            throw Problem(file: "text_behind_quote", "It is no table", at: number + 1)
        }
        for record in records { try take(record) }
    }

    private mutating func take(_ record: CSVReader.Record) throws(Problem) {
        number += 1
        guard !record.isBlank else { return }
        var fields = (0..<record.count).map { TextEncoding.unknown.text(of: record[$0]) ?? "" }
        guard let columns else {
            // A mark of the order of bytes is no part of the first head.
            if fields[0].unicodeScalars.first == "\u{FEFF}" {
                fields[0].unicodeScalars.removeFirst()
            }
            return try takeHeads(fields)
        }
        guard rows.count < DevicesSent.most else {
            throw Problem(file: "too_many_rows", "A batch has at most \(DevicesSent.most) rows")
        }
        guard fields.count == columns.count else {
            let fault = JSONFault(
                pointer: "", code: "wrong_number_of_fields",
                detail: "It has more or fewer fields than the first line")
            return rows.append((number, .failure(JSONFaults(faults: [fault]))))
        }
        rows.append((number, DeviceRow.read(fields, columns)))
    }

    private mutating func takeHeads(_ heads: [String]) throws(Problem) {
        let known = heads.map(DeviceRow.column)
        let named = known.compactMap(\.self)
        guard named.contains(.serial) else {
            throw Problem(file: "missing_column", "No column is the serial number", at: number)
        }
        guard Set(named).count == named.count else {
            throw Problem(file: "repeated_column", "Two columns say the same", at: number)
        }
        columns = known
    }
}

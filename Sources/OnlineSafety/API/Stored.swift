import Bytes
import HTTP
import JSON
import OpenAPI
import Postgres

/// A record that has an address of its own.
protocol Resource: Codable, Exemplary, Named, SendableMetatype {
    /// What it is, in one sentence.
    static var words: String { get }

    /// Where it is read, such as `/v1/incidents/`; its `id` follows. `nil` when it has none.
    static var address: StaticString? { get }

    /// Whether its rows have a version, in the column `etag`.
    static var isTagged: Bool { get }
}

extension Resource {
    static var address: StaticString? { nil }
    static var isTagged: Bool { true }
    static var schemaWords: String? { words }
}

/// One record as the database has it: its row goes out as JSON bytes, never through a `Value`. It
/// holds the answer to come; a test decodes every such reply as its `Value`.
struct Stored<Value: Resource>: Reply, Tagged {
    fileprivate let answer: Answer
    fileprivate var isCreated = false

    /// Whether there is such a record, once its statement has run.
    var isFound: Bool { !answer.isEmpty }

    var status: Status { isCreated ? .created : .ok }

    /// The version of the record; where a column `_parts` says which parts are shown with it, and
    /// as they stand, of those too: `"3.9f86d081"`.
    var etag: String? {
        guard isFound, Value.isTagged, let etag = answer.text(0, "etag") else { return nil }
        guard answer.has("_parts"), let parts = answer.text(0, "_parts") else { return etag }
        return "\(etag.dropLast()).\(parts)\""
    }

    func check(_ call: Call) throws(Problem) {
        guard isFound else { throw Problem(.notFound) }
    }

    func headers(_ call: Call) -> [Header] {
        var headers = etag.map { [Header(name: .etag, value: $0)] } ?? []
        if isCreated, let address = Value.address, let id = answer.uuid(0, "id") {
            headers.append(
                Header(name: .location, value: "\(address)\(id.uuidString.lowercased())"))
        }
        return headers
    }

    func write(to output: inout ByteBuffer, _ call: Call) {
        answer.appendJSON(row: 0, omittingNulls: true, to: &output)
    }

    static func describe(_ operation: inout OperationWords) {
        operation.answers(.ok, Value.self)
    }
}

/// `201` with the record, and where it is.
struct Created<Value: Resource>: Reply, Tagged {
    private let stored: Stored<Value>

    init(_ stored: Stored<Value>) {
        self.stored = Stored(answer: stored.answer, isCreated: true)
    }

    var status: Status { .created }
    var etag: String? { stored.etag }
    func check(_ call: Call) throws(Problem) { try stored.check(call) }

    func headers(_ call: Call) -> [Header] { stored.headers(call) }

    func write(to output: inout ByteBuffer, _ call: Call) { stored.write(to: &output, call) }

    static func describe(_ operation: inout OperationWords) {
        operation.answers(.created, Value.self)
    }
}

/// A value that the program itself made.
struct Shown<Value: Resource>: Reply {
    let status: Status
    private let value: Value

    init(_ status: Status, _ value: Value) {
        self.status = status
        self.value = value
    }

    func write(to output: inout ByteBuffer, _ call: Call) {
        output.append(JSON.string(of: value))
    }

    static func describe(_ operation: inout OperationWords) {
        operation.answers(.created, Value.self)
    }
}

/// A short list that needs no pages: all there is, within a bound that is its own.
struct Listed<Value: Resource>: Reply {
    fileprivate let answer: Answer

    func write(to output: inout ByteBuffer, _ call: Call) {
        output.append("{\"data\":")
        answer.appendJSON(limit: .max, omittingNulls: true, to: &output)
        output.append(",\"next_cursor\":null}")
    }

    static func describe(_ operation: inout OperationWords) {
        operation.answersPage(of: Value.self, alsoAsTable: false)
    }
}

extension Transaction {
    /// All the records that the statement finds.
    func listed<Value: Resource>(_ sql: SQL) -> Listed<Value> { Listed(answer: add(sql)) }

    /// The record that the statement finds; none is 404. The handler need not wait for it.
    func stored<Value: Resource>(_ sql: SQL) -> Stored<Value> { Stored(answer: add(sql)) }
}

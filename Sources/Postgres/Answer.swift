import CLibpq

/// What one statement will give, once its batch has come back. Empty until then.
///
/// Rows and columns are counted from zero. It owns the `PGresult`: what `value` points to lives as
/// long as the answer does.
package final class Answer {
    private(set) var result: OpaquePointer?
    private(set) var layout: RowLayout?

    init() {}

    deinit { PQclear(result) }

    func arrive(_ result: OpaquePointer, _ layout: RowLayout) {
        PQclear(self.result)
        self.result = result
        self.layout = layout
    }

    /// How many rows there are.
    package var count: Int { Int(PQntuples(result)) }

    package var isEmpty: Bool { count == 0 }

    /// What was done, such as `INSERT 0 1`.
    package var commandTag: String {
        result.map { String(cString: PQcmdStatus($0)) } ?? ""
    }

    /// How many rows were inserted, updated, deleted or selected.
    package var affectedRows: Int {
        result.flatMap { Int(String(cString: PQcmdTuples($0))) } ?? 0
    }

    /// The bytes of a value in PostgreSQL's binary form; `nil` is null, or no such row.
    @inline(__always)
    package func value(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer? {
        let (row, column) = (Int32(row), Int32(column))
        let length = PQgetlength(result, row, column)
        if length == 0, PQgetisnull(result, row, column) == 1 { return nil }
        return UnsafeRawBufferPointer(
            start: PQgetvalue(result, row, column), count: Int(length))
    }

    /// Whether the statement gave a column of this name.
    package func has(_ name: StaticString) -> Bool { layout?.index(of: name) != nil }

    /// Where a column stands, by its name. A name that is not there, or an answer that has not come
    /// yet, is a defect of the source.
    package func column(_ name: StaticString) -> Int {
        guard let index = layout?.index(of: name) else {
            preconditionFailure("there is no column \(name)")
        }
        return index
    }
}

import CLibpq

/// One connection that waits for each answer: for the command line and for tests, never for a loop.
package final class DirectConnection {
    private let pg: OpaquePointer?

    /// Connects, within ten seconds unless the URL says otherwise.
    package convenience init(_ url: String) throws(PostgresError) {
        try self.init(ConnectionString(direct: url))
    }

    private init(_ string: ConnectionString) throws(PostgresError) {
        pg = string.withPointers { PQconnectdbParams($0, $1, 0) }
        PQsetNoticeReceiver(pg, { _, _ in }, nil)
        guard PQstatus(pg) == CONNECTION_OK else {
            throw PostgresError(.unavailable, String(cString: PQerrorMessage(pg)))
        }
    }

    deinit { PQfinish(pg) }

    /// Whether a transaction is open, and could be committed.
    package var isInTransaction: Bool { PQtransactionStatus(pg) == PQTRANS_INTRANS }

    package var isInFailedTransaction: Bool { PQtransactionStatus(pg) == PQTRANS_INERROR }

    /// Runs one statement.
    @discardableResult
    package func run(_ sql: SQL) throws(PostgresError) -> Answer {
        guard !sql.parameters.holdsNul else { throw .nul }
        let result = sql.parameters.withPointers { values, count in
            PQexecParams(pg, sql.shape.text, count, nil, values, nil, nil, 1)
        }
        let answer = Answer()
        let good = try checked(result)
        answer.arrive(good, RowLayout(good))
        return answer
    }

    /// Runs many statements, in one transaction unless they say otherwise.
    package func execute(script: String) throws(PostgresError) {
        PQclear(try checked(PQexec(pg, script)))
    }

    private func checked(_ result: OpaquePointer?) throws(PostgresError) -> OpaquePointer {
        let status = PQresultStatus(result)
        if let result, [PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY].contains(status) {
            return result
        }
        defer { PQclear(result) }
        guard result != nil, PQstatus(pg) == CONNECTION_OK else {
            throw PostgresError(.unavailable, String(cString: PQerrorMessage(pg)))
        }
        throw PostgresError(result)
    }
}

import CLibpq

/// What PostgreSQL, the connection to it or the pool reported.
///
/// DETAIL is never kept: it quotes values, of rows which the caller may not even see.
package struct PostgresError: Error, Equatable, Sendable, CustomStringConvertible {
    package let kind: Kind

    /// PostgreSQL's own words: for the log, never for people.
    package let message: String

    /// The five characters of Appendix A of the PostgreSQL manual, such as `23505`.
    package let sqlState: String?

    /// The constraint that the statement broke, by the name its migration gave it.
    package let constraint: String?

    package let table: String?

    /// The connection was lost after COMMIT was sent: it may have happened, or not.
    package internal(set) var outcomeUnknown = false

    package init(
        _ kind: Kind, _ message: String, sqlState: String? = nil, constraint: String? = nil,
        table: String? = nil
    ) {
        self.kind = kind
        self.message = message
        self.sqlState = sqlState
        self.constraint = constraint
        self.table = table
    }

    init(_ result: OpaquePointer?) {
        func field(_ code: UInt8) -> String? {
            PQresultErrorField(result, Int32(code)).map { String(cString: $0) }
        }
        let state = field(UInt8(ascii: "C"))
        self.init(
            state.map(Kind.init(sqlState:)) ?? .unavailable,
            field(UInt8(ascii: "M")) ?? String(cString: PQresultErrorMessage(result)),
            sqlState: state, constraint: field(UInt8(ascii: "n")),
            table: field(UInt8(ascii: "t")))
    }

    package var description: String {
        let words = [sqlState, message].compactMap(\.self).joined(separator: ": ")
        return outcomeUnknown ? words + " (whether it was committed is not known)" : words
    }
}

extension PostgresError {
    /// What an error means to a request.
    package enum Kind: Equatable, Sendable {
        /// There is no connection, or it was lost.
        case unavailable
        /// Too much is asked of the pool or of PostgreSQL.
        case busy
        /// The deadline has passed.
        case timedOut
        /// Two transactions got into each other's way: try again.
        case conflict
        case uniqueViolation, foreignKeyViolation, checkViolation, notNullViolation
        case exclusionViolation
        /// A value that its type cannot hold.
        case invalidText
        /// A function of our own said no, with this SQLSTATE: class `RW`, or `28000`.
        case refused(String)
        /// Anything else: a defect.
        case failed
    }
}

extension PostgresError.Kind {
    /// The one table from SQLSTATE to meaning.
    init(sqlState: String) {
        self =
            switch sqlState {
            case "23505": .uniqueViolation
            case "23503": .foreignKeyViolation
            case "23514": .checkViolation
            case "23502": .notNullViolation
            case "23P01": .exclusionViolation
            case "40001", "40P01": .conflict
            case "57014": .timedOut
            case "55P03": .busy
            case "22P05", "22021", "22P02", "22001", "22003", "22007", "22008": .invalidText
            case "25P03", "28P01": .unavailable
            case "28000": .refused(sqlState)
            default: .init(class: sqlState.prefix(2), sqlState)
            }
    }

    private init(class: Substring, _ sqlState: String) {
        self =
            switch `class` {
            case "08", "57": .unavailable
            case "53": .busy
            case "RW": .refused(sqlState)
            default: .failed
            }
    }
}

extension PostgresError {
    /// "Cached plan must not change result type", or the prepared statement is gone.
    var isOfStalePlan: Bool { sqlState == "0A000" || sqlState == "26000" }

    static let connectionLost = PostgresError(.unavailable, "the connection was lost")
    static let closed = PostgresError(.unavailable, "the pool is closed")
    static let away = PostgresError(.unavailable, "the database cannot be reached")
    static let deadline = PostgresError(.timedOut, "the deadline has passed")
    static let isOver = PostgresError(.failed, "the transaction is over")
    static let rolledBack = PostgresError(.failed, "the commit was answered with a rollback")
    static let nul = PostgresError(.invalidText, "text holds a NUL", sqlState: "22021")
}

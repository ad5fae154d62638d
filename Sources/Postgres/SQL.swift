/// A statement and its values.
///
/// Write SQL as a string and interpolate values: each becomes a bind parameter, never text.
/// Interpolate another `SQL` to splice it in. The text is made of literals of the source only
/// (`StaticString`): what a person typed cannot become part of it, not even on purpose.
///
///     let open: SQL = "status = \(Status.open)"
///     let query: SQL = "select * from incident where \(open) and school_id = \(school)"
package struct SQL: ExpressibleByStringInterpolation, Sendable {
    private(set) var shape = Shape()
    private(set) var parameters = Parameters()

    private init() {}

    package init(stringLiteral text: StaticString) {
        shape.append(text)
    }

    package init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.sql
    }

    private mutating func append(_ other: SQL) {
        shape.append(other.shape)
        parameters.append(other.parameters)
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var sql = SQL()

        package init(literalCapacity: Int, interpolationCount: Int) {
            sql.parameters.reserve(interpolationCount)
            sql.shape.reserve(interpolationCount * 2 + 1)
        }

        package mutating func appendLiteral(_ literal: StaticString) {
            sql.shape.append(literal)
        }

        package mutating func appendInterpolation(_ other: SQL) {
            sql.append(other)
        }

        package mutating func appendInterpolation(_ value: some SQLValue) {
            sql.shape.appendValue()
            value.bind(to: &sql.parameters)
        }

        package mutating func appendInterpolation<Value: SQLValue>(_ value: Value?) {
            sql.shape.appendValue()
            value.bind(to: &sql.parameters)
        }
    }
}

extension Sequence<SQL> {
    /// All of them, one after another, with something between each and the next: `" and "`.
    package func joined(separator: SQL) -> SQL {
        reduce(nil as SQL?) { text, next in
            text.map { "\($0)\(separator)\(next)" } ?? next
        } ?? ""
    }
}

import CLibpq
import FoundationEssentials

/// Values by the names of their columns; `nil` is null, or no such row. A column that is missing or
/// of another type is a defect of the source, which any test of the statement shows.
extension Answer {
    package func isNull(_ row: Int, _ column: StaticString) -> Bool {
        value(row, self.column(column)) == nil
    }

    package func text(_ row: Int, _ column: StaticString) -> String? {
        value(row, column, .text)?.text
    }

    package func uuid(_ row: Int, _ column: StaticString) -> UUID? {
        value(row, column, .uuid)?.uuid
    }

    package func int(_ row: Int, _ column: StaticString) -> Int? {
        value(row, column, .integer)?.integer
    }

    package func bool(_ row: Int, _ column: StaticString) -> Bool? {
        value(row, column, .bool).map { $0[0] != 0 }
    }

    package func double(_ row: Int, _ column: StaticString) -> Double? {
        value(row, column, .float8).map { Double(bitPattern: $0.bigEndian(UInt64.self)) }
    }

    /// Microseconds since 2000-01-01 UTC; the least and the greatest `Int64` are the infinities.
    package func moment(_ row: Int, _ column: StaticString) -> Int64? {
        value(row, column, .moment)?.bigEndian(Int64.self)
    }

    /// Days since 2000-01-01; the least and the greatest `Int32` are the infinities.
    package func day(_ row: Int, _ column: StaticString) -> Int? {
        value(row, column, .day).map { Int($0.bigEndian(Int32.self)) }
    }

    package func bytes(_ row: Int, _ column: StaticString) -> [UInt8]? {
        value(row, column, .bytes).map { Array($0) }
    }

    /// The text of a `json` or `jsonb`, valid as long as the answer.
    package func json(_ row: Int, _ column: StaticString) -> UnsafeRawBufferPointer? {
        let index = self.column(column)
        guard let value = value(row, index) else { return nil }
        switch layout?.types[index] {
        case .jsonb: return UnsafeRawBufferPointer(rebasing: value.dropFirst())
        case .json: return value
        default: preconditionFailure("column \(column) is not JSON")
        }
    }

    /// The elements of a `text[]`. Nulls among them are left out.
    package func texts(_ row: Int, _ column: StaticString) -> [String]? {
        value(row, column, .array)?.elements.compactMap { $0?.text }
    }

    /// The elements of a `uuid[]`. Nulls among them are left out.
    package func uuids(_ row: Int, _ column: StaticString) -> [UUID]? {
        value(row, column, .array)?.elements.compactMap { $0?.uuid }
    }

    /// The elements of an `int[]` of any width. Nulls among them are left out.
    package func ints(_ row: Int, _ column: StaticString) -> [Int]? {
        value(row, column, .array)?.elements.compactMap { $0?.integer }
    }

    private func value(
        _ row: Int, _ column: StaticString, _ family: BinaryType
    ) -> UnsafeRawBufferPointer? {
        let index = self.column(column)
        let type = layout?.types[index].family
        precondition(type == family, "column \(column) is not of type \(family)")
        return value(row, index)
    }
}

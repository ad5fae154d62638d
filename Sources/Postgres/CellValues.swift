import Bytes
import JSON

extension ByteBuffer {
    /// What JSON says, as whoever opens the table reads it: `name: Ines Ash, role: link_governor`,
    /// several of them between semicolons; what lies deeper between brackets.
    mutating func appendCell(json: UnsafeRawBufferPointer) {
        // The database keeps no JSON that cannot be read.
        guard let value = try? JSON.parse(json) else { return }
        append(value.inACell)
    }
}

extension JSONValue {
    fileprivate var inACell: String {
        switch self {
        case .null: ""
        case .string(let text): text
        case .array(let elements): elements.map(\.inACell).joined(separator: "; ")
        case .object(let object):
            object.members.map { "\($0.name): \($0.value.inBrackets)" }.joined(separator: ", ")
        case .bool(let isSo): isSo ? "true" : "false"
        case .number(let number): number.text
        }
    }

    /// Deeper than a cell shows by itself.
    private var inBrackets: String {
        switch self {
        case .array, .object: "(\(inACell))"
        case .null, .string, .bool, .number: inACell
        }
    }
}

import Bytes
import CLibpq
import JSON

/// How the rows of a statement are read and written: settled once, at its first result.
final class RowLayout {
    /// A column that is written to JSON. Nothing in it is counted: walking over columns is cheap.
    struct Field {
        let index: Int
        let type: BinaryType
        let keyStart: Int
        let keyEnd: Int
    }

    private(set) var types: [BinaryType] = []
    private var names: [String] = []

    /// Without those whose names begin with `_`, which are for the program only.
    private(set) var fields: [Field] = []

    /// `,"id":`, `,"school_id":` … one after another.
    private(set) var keys: [UInt8] = []

    init(_ result: OpaquePointer) {
        for index in 0..<PQnfields(result) {
            let name = String(cString: PQfname(result, index))
            names.append(name)
            types.append(BinaryType(PQftype(result, index)))
            if !name.hasPrefix("_") { appendField(name, at: Int(index)) }
        }
    }

    private func appendField(_ name: String, at index: Int) {
        let start = keys.count
        var key = ByteBuffer()
        key.append(",")
        key.appendJSON(name)
        key.append(":")
        keys += key.bytes
        fields.append(
            Field(index: index, type: types[index], keyStart: start, keyEnd: keys.count))
    }

    func index(of name: StaticString) -> Int? {
        let name = name.description
        return names.firstIndex(of: name)
    }

    func name(of field: Field) -> String { names[field.index] }

    /// The first field that JSON has no form for, in words.
    var unwritable: String? {
        fields.first { !$0.type.isWritable }.map { field in
            "no JSON for column \(names[field.index]) of type \(field.type): cast it"
        }
    }
}

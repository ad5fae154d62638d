import Bytes
import JSON

extension ByteBuffer {
    /// A value in PostgreSQL's binary form, by its type.
    mutating func appendJSON(_ value: UnsafeRawBufferPointer, of type: BinaryType) {
        switch type {
        case .text: appendJSON(text: value)
        case .uuid: quoted { $0.append(uuid: value.baseAddress!) }
        case .bool: append(value[0] == 0 ? "false" : "true")
        case .int2, .int4, .int8: append(value.integer)
        case .float4: appendJSON(number: Float(bitPattern: value.bigEndian(UInt32.self)))
        case .float8: appendJSON(number: Double(bitPattern: value.bigEndian(UInt64.self)))
        case .numeric: appendJSON(numeric: value)
        case .moment: appendJSON(moment: value.bigEndian(Int64.self))
        case .day: appendJSON(day: Int(value.bigEndian(Int32.self)))
        case .timeOfDay: appendJSON(timeOfDay: value.bigEndian(Int64.self))
        case .json: append(value)
        case .jsonb: append(UnsafeRawBufferPointer(rebasing: value.dropFirst()))
        case .array: appendJSON(array: value)
        case .bytes, .unknown: append("null")
        }
    }

    private mutating func quoted(_ write: (inout ByteBuffer) -> Void) {
        append(UInt8(ascii: "\""))
        write(&self)
        append(UInt8(ascii: "\""))
    }

    private mutating func appendJSON(array: UnsafeRawBufferPointer) {
        let type = array.elementType
        var isFirst = true
        append(UInt8(ascii: "["))
        array.forEachElement { element in
            if !isFirst { append(UInt8(ascii: ",")) }
            isFirst = false
            if let element { appendJSON(element, of: type) } else { append("null") }
        }
        append(UInt8(ascii: "]"))
    }
}

// MARK: - Time

extension ByteBuffer {
    /// What four digits of a year cannot say is an infinity, which is what it was meant to be.
    private mutating func appendJSON(day: Int) {
        switch day {
        case ..<Day.first: append("\"-infinity\"")
        case ...Day.last: quoted { $0.append(day: day) }
        default: append("\"infinity\"")
        }
    }

    private mutating func appendJSON(moment: Int64) {
        switch moment {
        case ..<(Int64(Day.first) * Day.microseconds): append("\"-infinity\"")
        case ..<(Int64(Day.last + 1) * Day.microseconds): quoted { $0.append(moment: moment) }
        default: append("\"infinity\"")
        }
    }

    /// Hours and minutes: `07:05`.
    private mutating func appendJSON(timeOfDay microseconds: Int64) {
        let minutes = Int(microseconds / 60_000_000)
        quoted { output in
            output.append(minutes / 60 / 10)
            output.append(minutes / 60 % 10)
            output.append(UInt8(ascii: ":"))
            output.append(minutes % 60 / 10)
            output.append(minutes % 10)
        }
    }
}

/// Days since 2000-01-01.
private enum Day {
    static let first = -730_119  // 0001-01-01
    static let last = 2_921_939  // 9999-12-31
    static let microseconds: Int64 = 86_400_000_000
}

import Bytes
import JSON

extension JSON {
    /// A value as JSON text, to be bound to a statement.
    static func string(of value: some Encodable) -> String {
        var buffer = ByteBuffer()
        do {
            try JSON.encode(value, into: &buffer)
        } catch {
            preconditionFailure("\(type(of: value)) holds a number that is not finite")
        }
        return String(decoding: buffer.bytes, as: UTF8.self)
    }
}

import JSON

extension JSON {
    /// A value as JSON text, to be bound to a statement.
    static func string(of value: some Encodable) -> String {
        guard let bytes = try? JSON.bytes(of: value) else {
            preconditionFailure("\(type(of: value)) holds a number that is not finite")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

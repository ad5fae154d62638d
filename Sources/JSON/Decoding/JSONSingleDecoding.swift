/// A value that is not taken apart: here a wrong JSON type is thrown, and noted by what asked.
struct JSONSingleDecoding: SingleValueDecodingContainer {
    let decoding: JSONDecoding

    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool {
        if case .null = decoding.value { true } else { false }
    }

    func decode(_: Bool.Type) throws -> Bool {
        guard case .bool(let bool) = decoding.value else {
            throw JSONFault.wrongType("true or false")
        }
        return bool
    }

    func decode(_: String.Type) throws -> String {
        guard case .string(let text) = decoding.value else { throw JSONFault.wrongType("text") }
        return text
    }

    func decode(_: Double.Type) throws -> Double {
        guard case .number(let number) = decoding.value else {
            throw JSONFault.wrongType("a number")
        }
        guard let double = number.double else { throw JSONFault.outOfRange }
        return double
    }

    func decode(_: Float.Type) throws -> Float {
        let float = Float(try decode(Double.self))
        guard float.isFinite else { throw JSONFault.outOfRange }
        return float
    }

    func decode<Integer: Decodable & FixedWidthInteger>(_: Integer.Type) throws -> Integer {
        guard case .number(let number) = decoding.value, number.isWhole else {
            throw JSONFault.wrongType("a whole number")
        }
        guard let integer = number.integer(Integer.self) else { throw JSONFault.outOfRange }
        return integer
    }

    /// Any other type is this value in a wrapper: its null may well be refused one level further.
    func decode<Result: Decodable>(_ type: Result.Type) throws -> Result {
        if decodeNil(), !(type is any NullAccepting.Type) { throw JSONFault.null }
        return try type.init(from: decoding)
    }
}

extension JSONValue: Decodable, NullAccepting {
    /// Any JSON at all, as it stands. Only JSON's own decoder can give it.
    package init(from decoder: any Decoder) throws {
        guard let decoding = decoder as? JSONDecoding else {
            let reason = "Only JSON's own decoder reads a JSON value."
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: reason))
        }
        self = decoding.value
    }
}

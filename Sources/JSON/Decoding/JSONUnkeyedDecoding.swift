/// An array's elements as a type asks for them: what is wrong is noted, never thrown.
struct JSONUnkeyedDecoding: UnkeyedDecodingContainer {
    let decoding: JSONDecoding
    let elements: [JSONValue]
    private(set) var currentIndex = 0

    init(decoding: JSONDecoding, elements: [JSONValue]) {
        (self.decoding, self.elements) = (decoding, elements)
    }

    var codingPath: [any CodingKey] { [] }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    mutating func decodeNil() -> Bool {
        guard !isAtEnd, case .null = elements[currentIndex] else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Result: Decodable>(_ type: Result.Type) throws -> Result {
        let (value, place) = next()
        guard let value else { return try decoding.notes.decodeAbsent(type, at: place) }
        return try decoding.notes.decode(type, from: value, at: place)
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try superDecoder().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try superDecoder().unkeyedContainer()
    }

    mutating func superDecoder() -> any Decoder {
        let (value, place) = next()
        return decoding.nest(value ?? .null, at: place)
    }

    /// The element whose turn it is, if one is left, and its place.
    private mutating func next() -> (JSONValue?, JSONPlace) {
        let place = JSONPlace.element(of: decoding.place, currentIndex)
        guard !isAtEnd else { return (nil, place) }
        defer { currentIndex += 1 }
        return (elements[currentIndex], place)
    }
}

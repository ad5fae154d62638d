import JSON
import OpenAPI

/// A list of at most `limit` elements. A word of a closed list that is given twice counts once.
struct Few<Element: Codable & Sendable, let limit: Int>: Codable, Sendable {
    let elements: [Element]

    /// For examples and for what was checked already.
    init(_ elements: [Element]) { self.elements = elements }

    init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        guard (list.count ?? 0) <= limit else {
            throw JSONFault(code: "too_many", detail: "At most \(limit)")
        }
        var elements: [Element] = []
        while !list.isAtEnd { elements.append(try list.decode(Element.self)) }
        self.elements = Self.isOfWords ? Self.single(elements) : elements
    }

    private static var isOfWords: Bool { Element.self is any Words.Type }

    private static func single(_ elements: [Element]) -> [Element] {
        var known: Set<String> = []
        return elements.filter { known.insert(($0 as? any Words)?.rawValue ?? "").inserted }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(elements)
    }
}

extension Few: Exemplary {
    static var example: Few { Few([]) }
}

extension Few: SchemaProviding {
    static var schema: Schema {
        .list(of: (try? Schema.of(Element.self)) ?? .anything, atMost: limit)
    }
}

extension Few: ExpressibleByArrayLiteral {
    init(arrayLiteral elements: Element...) { self.init(elements) }
}

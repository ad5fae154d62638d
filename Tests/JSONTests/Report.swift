import JSON

// Types as an area writes them, for the tests to decode.

struct Report: Decodable {
    let what: String
    let count: Int
    let isOpen: Bool
    let weight: Double
    let kind: Kind
    let people: [Person]
    let place: Place?
    let note: String?

    enum CodingKeys: String, CodingKey {
        case what, count
        case isOpen = "is_open"
        case weight, kind, people, place, note
    }
}

enum Kind: String, Codable, CaseIterable { case bullying, filtering }

struct Person: Codable, Equatable {
    let name: String
    let age: Int
}

struct Place: Decodable {
    let room: Room
}

/// A scalar with a rule and an example.
struct Room: Decodable, Equatable, Exemplary {
    let text: String
    static var example: Room { Room(text: "Library") }

    private init(text: String) { self.text = text }

    init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
        guard !text.isEmpty else { throw JSONFault(code: "blank", detail: "Write something.") }
    }
}

struct Nested: Decodable {
    let person: Person
    let room: Room
    let kind: Kind
    let all: [Person]
    let maybe: Person?
}

/// A rule over two fields.
struct Span: Decodable {
    let from: Int
    let to: Int

    enum CodingKeys: CodingKey { case from, to }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        from = try container.decode(Int.self, forKey: .from)
        to = try container.decode(Int.self, forKey: .to)
        guard from <= to else {
            throw JSONFault(pointer: "/to", code: "before_from", detail: "End after the start.")
        }
    }
}

/// A part that no example can stand in for.
struct Stubborn: Decodable {
    let a: String
    let b: Odd

    struct Odd: Decodable {
        init(from decoder: any Decoder) throws {
            throw JSONFault(code: "odd", detail: "Nothing will do.")
        }
    }
}

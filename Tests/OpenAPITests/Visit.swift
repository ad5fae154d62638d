import JSON
import OpenAPI

// Types as an area writes them, for the tests to read.

struct Visit: Codable {
    let id: Reference
    let title: String
    let note: Short?
    let mood: Mood
    let lastMood: Mood?
    let count: Int
    let weight: Double?
    let isOpen: Bool
    let rooms: [Room]
    let words: [String]?
    let host: Room
    let guest: Room?
    let extras: [String: Int]
    let anything: JSONValue

    enum CodingKeys: String, FieldWords {
        case id, title, note, mood
        case lastMood = "last_mood"
        case count, weight
        case isOpen = "is_open"
        case rooms, words, host, guest, extras, anything

        var words: String { "The \(rawValue)." }
    }

    struct Room: Codable {
        let name: Short

        enum CodingKeys: String, FieldWords {
            case name
            var words: String { "What it is called." }
        }
    }
}

enum Mood: String, Codable, CaseIterable { case merry, sad }

struct Reference: Codable, SchemaProviding, Exemplary {
    let text: String
    static let schema = Schema.string(.init(format: "uuid"))
    static let example = Reference(text: "0190")

    init(text: String) { self.text = text }
    init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

struct Short: Codable, SchemaProviding, Exemplary {
    static let schema = Schema.string(.init(minLength: 1, maxLength: 9)).shown(by: "Hall")
    static let example = Short()
}

struct VisitPatch: Decodable, Named {
    let title: Change<String>
    let note: Patch<Short>
    static let schemaWords: String? = "What may be altered."

    enum CodingKeys: String, FieldWords {
        case title, note
        var words: String { "The \(rawValue)." }
    }
}

struct Page<Item: Codable>: Codable {
    let data: [Item]
    let next: String?

    enum CodingKeys: String, FieldWords {
        case data, next
        var words: String { "The \(rawValue)." }
    }
}

struct Problem: Codable, Named {
    let code: String
    static let schemaName = "Problem"

    enum CodingKeys: String, FieldWords {
        case code
        var words: String { "What is wrong." }
    }
}

struct Wordless: Codable { let name: String }

struct Tree: Codable {
    let branches: [Tree]

    enum CodingKeys: String, FieldWords {
        case branches
        var words: String { "More of the same." }
    }
}

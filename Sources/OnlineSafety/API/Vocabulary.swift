import JSON
import OpenAPI
import Postgres

/// A closed list of words: the same in Swift, in JSON and in the database.
package protocol Words: RawRepresentable<String>, CaseIterable, Codable, Hashable, Sendable,
    SQLValue, SchemaProviding,
    Exemplary
where AllCases == [Self] {
    /// What a person reads for this word.
    var label: String { get }
}

extension Words {
    package static var schema: Schema { .text(choices: allCases.map(\.rawValue)) }
    package static var example: Self { allCases[0] }

    package init(from decoder: any Decoder) throws {
        let word = try decoder.singleValueContainer().decode(String.self)
        guard let value = Self(rawValue: word) else {
            throw JSONFault.unknownWord(Self.allCases.map(\.rawValue))
        }
        self = value
    }
}

/// A closed list with its labels, as `GET /v1/vocabularies` shows it.
struct Vocabulary: Sendable {
    let name: String
    let entries: [(code: String, label: String)]

    init<Word: Words>(_ name: String, _: Word.Type) {
        self.name = name
        entries = Word.allCases.map { ($0.rawValue, $0.label) }
    }

    /// One of which each area has its own words.
    init(_ name: String, _ entries: [(code: String, label: String)]) {
        (self.name, self.entries) = (name, entries)
    }
}

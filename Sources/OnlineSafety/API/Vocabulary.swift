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
    let entries: [Entry]

    /// A word with its label; of an act the fields that it needs and takes as well.
    struct Entry {
        let code: String
        let label: String
        var needs: [String]?
        var takes: [String]?
    }

    init<Word: Words>(_ name: String, _: Word.Type) {
        self.name = name
        entries = Word.allCases.map { Entry(code: $0.rawValue, label: $0.label) }
    }

    /// One of acts.
    init<Act: ActWords>(_ name: String, acts _: Act.Type) {
        self.name = name
        entries = Act.allCases.map { act in
            Entry(
                code: act.rawValue, label: act.label,
                needs: act.fields.needed.map(\.rawValue),
                takes: act.fields.taken.map(\.rawValue))
        }
    }

    /// One of which each area has its own words.
    init(_ name: String, _ entries: [(code: String, label: String)]) {
        self.name = name
        self.entries = entries.map { Entry(code: $0.code, label: $0.label) }
    }
}

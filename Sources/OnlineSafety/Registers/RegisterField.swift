import JSON
import OpenAPI
import Postgres

/// The name of a field of an entry, with the sentence that the contract gives it.
struct EntryKey: FieldWords, Sendable {
    let stringValue: String
    let words: String
    var intValue: Int? { nil }

    init(_ name: String, _ words: String) {
        stringValue = name
        self.words = words
    }

    init?(stringValue: String) { self.init(stringValue, "") }
    init?(intValue: Int) { nil }
}

/// A field of a register: typed, with its sentence, and whether it is needed.
struct RegisterField: Sendable {
    typealias Told = KeyedDecodingContainer<EntryKey>

    let key: EntryKey
    let isNeeded: Bool
    let example: JSONValue

    /// What its value, or each of its values, must be the id of.
    var reference: Reference?

    /// What each person whom it names must permit on the day of the entry.
    var permission: ConsentPurpose?

    /// The words of its closed list, by which entries can be sought.
    var choices: [String] = []

    /// Of a day, whether it cannot lie before that of the entry.
    var isNotBefore = false

    /// The field that names a device: nothing is said here while that is held as evidence.
    var waitsFor: String?

    /// Whether it has several values.
    var isList: Bool { if case .array = example { true } else { false } }

    /// The name of whatever it refers to, which is shown beside it.
    var named: EntryKey?

    /// The columns that show it, made of `entry._content`.
    let columns: SQL

    /// Its value off a body, or an answer; `nil` where there is none.
    let told: @Sendable (Told) throws -> JSONValue?

    /// What a merge patch does to it: `nil` leaves it, null empties it.
    let changed: @Sendable (Told) throws -> JSONValue?

    /// Something that an id must be of.
    enum Reference: Sendable {
        /// An adult of the school's roster who has not left; who today holds one of these posts,
        /// if any are named.
        case person(holding: [Role])

        /// Anybody of the school's roster, pupils too.
        case anybody

        /// An entry of another register of the school that was not withdrawn; where it must be, one
        /// that is in force today.
        case entry(StaticString, inForce: Bool)

        /// A device of the school.
        case device

        /// Somebody involved in the incident, by their place in its record.
        case involved

        /// A part of a kind of the same incident's record.
        case part(StaticString)

        /// A piece of evidence of the same incident.
        case evidence

        /// An incident that is open to whoever says it.
        case incident
    }

    /// Whether it is a moment that cannot lie ahead.
    var isPast = false

    /// Whether it is a text.
    var isText = false

    /// Whether it says something in words: a text, or words of a closed list.
    var isWords: Bool { isText || !choices.isEmpty }

    /// `columns` are an expression over `entry`.
    init<Value: Codable & Sendable>(
        _ name: String, _ type: Value.Type, _ words: String, _ isNeeded: Bool,
        _ example: JSONValue, _ columns: SQL
    ) {
        let key = EntryKey(name, words)
        (self.key, self.isNeeded, self.example, self.columns) = (key, isNeeded, example, columns)
        told = { told in
            try isNeeded
                ? JSON.value(of: told.decode(Value.self, forKey: key))
                : told.decodeIfPresent(Value.self, forKey: key).map { try JSON.value(of: $0) }
        }
        changed = { told in
            guard isNeeded else {
                return switch try told.decode(Patch<Value>.self, forKey: key) {
                case .absent: nil
                case .null: .null
                case .value(let value): try JSON.value(of: value)
                }
            }
            guard case .value(let value) = try told.decode(Change<Value>.self, forKey: key)
            else { return nil }
            return try JSON.value(of: value)
        }
    }
}

extension RegisterField {
    /// A line: at most 200 characters.
    static func line(
        _ name: StaticString, _ words: String, needed: Bool = false, as example: JSONValue
    ) -> RegisterField { text(name, Text<200>.self, words, needed, example) }

    /// Some paragraphs: at most 4,000 characters.
    static func prose(
        _ name: StaticString, _ words: String, needed: Bool = false, as example: JSONValue
    ) -> RegisterField { text(name, Text<4000>.self, words, needed, example) }

    private static func text<Value: Codable & Sendable>(
        _ name: StaticString, _ type: Value.Type, _ words: String, _ needed: Bool,
        _ example: JSONValue
    ) -> RegisterField {
        let name = (text: name.description, sql: SQL(stringLiteral: name))
        var field = RegisterField(
            name.text, type, words, needed, example,
            "entry._content ->> '\(name.sql)' as \(name.sql)")
        field.isText = true
        return field
    }

    /// `notBefore`: whether it cannot lie before the day of the entry. `device`: the field that
    /// names what must not be held as evidence.
    static func day(
        _ name: StaticString, _ words: String, needed: Bool = false, notBefore: Bool = false,
        onceReleased device: String? = nil
    ) -> RegisterField {
        var field = scalar(
            name, Day.self, words, needed, notBefore ? "2030-11-20" : "2026-11-20", "date")
        field.isNotBefore = notBefore
        field.waitsFor = device
        return field
    }

    /// A moment, of something that has happened.
    static func moment(
        _ name: StaticString, _ words: String, needed: Bool = false
    ) -> RegisterField {
        var field = scalar(
            name, Instant.self, words, needed, "2026-11-20T09:30:00Z", "timestamptz")
        field.isPast = true
        return field
    }

    static func yesOrNo(
        _ name: StaticString, _ words: String, needed: Bool = false, as example: Bool = true
    ) -> RegisterField {
        scalar(name, Bool.self, words, needed, .bool(example), "boolean")
    }

    static func number<let least: Int, let most: Int>(
        _ name: StaticString, _ words: String, _: WholeNumber<least, most>.Type,
        needed: Bool = false
    ) -> RegisterField {
        scalar(
            name, WholeNumber<least, most>.self, words, needed, .number(JSONNumber(least)),
            "integer")
    }

    /// A value that PostgreSQL casts its text to.
    static func scalar<Value: Codable & Sendable>(
        _ name: StaticString, _ type: Value.Type, _ words: String, _ needed: Bool,
        _ example: JSONValue, _ cast: SQL
    ) -> RegisterField {
        let sql = SQL(stringLiteral: name)
        return RegisterField(
            name.description, type, words, needed, example,
            "(entry._content ->> '\(sql)')::\(cast) as \(sql)")
    }

    /// A word of a closed list.
    static func word<Word: Words>(
        _ name: StaticString, _: Word.Type, _ words: String, needed: Bool = false
    ) -> RegisterField {
        let choices = Word.allCases.map(\.rawValue)
        var field = scalar(name, Word.self, words, needed, .string(choices[0]), "text")
        field.choices = choices
        return field
    }

    /// Several words of a closed list.
    static func words<Word: Words>(
        _ name: StaticString, _: Word.Type, _ words: String, needed: Bool = false
    ) -> RegisterField {
        let choices = Word.allCases.map(\.rawValue)
        var field = RegisterField(
            name.description, Few<Word, 50>.self, words, needed, [.string(choices[0])],
            "\(list(SQL(stringLiteral: name), "text")) as \(SQL(stringLiteral: name))")
        field.choices = choices
        return field
    }
}

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
    }

    fileprivate init<Value: Codable & Sendable>(
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
        return RegisterField(
            name.text, type, words, needed, example,
            "entry._content ->> '\(name.sql)' as \(name.sql)")
    }

    static func day(
        _ name: StaticString, _ words: String, needed: Bool = false
    ) -> RegisterField {
        scalar(name, Day.self, words, needed, "2026-11-20", "date")
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

    private static func scalar<Value: Codable & Sendable>(
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

extension RegisterField {
    /// An adult of the roster: `supervisor` is told as `supervisor_id`, and shown with the name.
    static func person(
        _ name: StaticString, _ words: String, needed: Bool = false, holding posts: [Role] = [],
        as example: String = ID<Person>.example.string
    ) -> RegisterField {
        let sql = SQL(stringLiteral: name)
        return id(
            name, words, needed, example, .person(holding: posts),
            """
            (
                select person.given_name || ' ' || person.family_name
                from person_listed as person
                where person.school_id = entry.school_id
                    and person.id = (entry._content ->> '\(sql)_id')::uuid
            )
            """)
    }

    /// Somebody of the roster, a pupil too: shown with the name.
    static func anybody(
        _ name: StaticString, _ words: String, needed: Bool = false
    ) -> RegisterField {
        var field = person(name, words, needed: needed)
        field.reference = .anybody
        return field
    }

    /// An entry of another register, which has a `name`.
    static func entry(
        _ name: StaticString, of kind: StaticString, _ words: String, needed: Bool = false,
        inForce: Bool = false
    ) -> RegisterField {
        let sql = SQL(stringLiteral: name)
        return id(
            name, words, needed, ID<RegisterEntry>.example.string,
            .entry(kind, inForce: inForce),
            """
            (
                select other._content ->> 'name' from register_entry_shown as other
                where other.school_id = entry.school_id
                    and other.id = (entry._content ->> '\(sql)_id')::uuid
            )
            """)
    }

    private static func id(
        _ name: StaticString, _ words: String, _ needed: Bool, _ example: String,
        _ reference: Reference, _ shownName: SQL
    ) -> RegisterField {
        let sql = SQL(stringLiteral: name)
        var field = RegisterField(
            "\(name)_id", ID<Person>.self, words, needed, .string(example),
            "(entry._content ->> '\(sql)_id')::uuid as \(sql)_id, \(shownName) as \(sql)")
        field.reference = reference
        field.named = EntryKey(name.description, "\(words) By name.")
        return field
    }

    /// Some adults of the roster, at most fifty: `technical` is told as `technical_ids`.
    static func people(
        _ name: StaticString, _ words: String, needed: Bool = false, holding posts: [Role] = [],
        as example: String = ID<Person>.example.string
    ) -> RegisterField {
        var field = several(name, Few<ID<Person>, 50>.self, words, needed, example)
        field.reference = .person(holding: posts)
        return field
    }

    /// Adults of the roster who were there, at most two hundred: `attended` is told as
    /// `attended_ids`.
    static func attended(_ name: StaticString, _ words: String) -> RegisterField {
        var field = several(
            name, Few<ID<Person>, 200>.self, words, false, ID<Person>.example.string)
        field.reference = .person(holding: [])
        return field
    }

    /// Some of the roster, pupils too, at most two hundred, each of whom must permit something: as
    /// `took_part` is told as `took_part_ids`.
    static func permitted(
        _ name: StaticString, to purpose: ConsentPurpose, _ words: String, needed: Bool = false
    ) -> RegisterField {
        var field = several(
            name, Few<ID<Person>, 200>.self, words, needed, ID<Person>.example.string)
        field.reference = .anybody
        field.permission = purpose
        return field
    }

    private static func several<Value: Codable & Sendable>(
        _ name: StaticString, _ type: Value.Type, _ words: String, _ needed: Bool,
        _ example: String
    ) -> RegisterField {
        let sql = SQL(stringLiteral: name)
        var field = RegisterField(
            "\(name)_ids", type, words, needed, [.string(example)],
            """
            \(list("\(sql)_ids", "uuid")) as \(sql)_ids,
            case when entry._content ? '\(sql)_ids' then array(
                select person.given_name || ' ' || person.family_name
                from person_listed as person
                where person.school_id = entry.school_id
                    and entry._content -> '\(sql)_ids' ? person.id::text
                order by 1
            ) end as \(sql)
            """)
        field.named = EntryKey(name.description, "\(words) By name.")
        return field
    }

    private static func list(_ name: SQL, _ element: SQL) -> SQL {
        """
        case when entry._content ? '\(name)' then array(
            select jsonb_array_elements_text(entry._content -> '\(name)')::\(element)
        ) end
        """
    }
}

import JSON
import OpenAPI
import Postgres

extension RegisterField {
    /// What is shown of it: its value, and the name of whatever it refers to.
    var members: [EntryMember] {
        let own = EntryMember(key: key, example: isNeeded ? example : nil, read: told)
        guard let named else { return [own] }
        return [
            own,
            isList
                ? .maybe(named.stringValue, named.words, [String].self)
                : .maybe(named.stringValue, named.words, String.self),
        ]
    }
}

/// A member of what is shown, and how it is read.
struct EntryMember: Sendable {
    let key: EntryKey
    let example: JSONValue?
    let read: @Sendable (KeyedDecodingContainer<EntryKey>) throws -> JSONValue?

    static func needed<Value: Codable & SendableMetatype>(
        _ name: String, _ words: String, _: Value.Type, as example: JSONValue? = nil
    ) -> EntryMember {
        let key = EntryKey(name, words)
        let usual = (try? JSON.example(of: Value.self)).flatMap { try? JSON.value(of: $0) }
        return EntryMember(key: key, example: example ?? usual) {
            try JSON.value(of: $0.decode(Value.self, forKey: key))
        }
    }

    static func maybe<Value: Codable & SendableMetatype>(
        _ name: String, _ words: String, _: Value.Type
    ) -> EntryMember {
        let key = EntryKey(name, words)
        return EntryMember(key: key, example: nil) {
            try $0.decodeIfPresent(Value.self, forKey: key).map { try JSON.value(of: $0) }
        }
    }
}

/// Named values in their order.
struct EntryMembers: Sendable {
    private let values: [(key: EntryKey, value: JSONValue)]

    init(exampleOf members: [EntryMember]) {
        values = members.compactMap { member in member.example.map { (member.key, $0) } }
    }

    init(_ members: [EntryMember], from decoder: any Decoder) throws {
        let told = try decoder.container(keyedBy: EntryKey.self)
        values = try members.compactMap { member in
            try member.read(told).map { (member.key, $0) }
        }
    }

    func encode(to encoder: any Encoder) throws {
        var said = encoder.container(keyedBy: EntryKey.self)
        for (key, value) in values { try said.encode(value, forKey: key) }
    }
}

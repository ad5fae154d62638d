import JSON

extension JSONValue {
    /// An object of those members that have a value, in the order in which they are written.
    package static func object(present members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(JSONObject(members.compactMap { name, value in value.map { .init(name, $0) } }))
    }

    /// One object of the members of several.
    static func joined(_ objects: [JSONValue]) -> JSONValue {
        let members = objects.flatMap { object -> [JSONObject.Member] in
            if case .object(let object) = object { object.members } else { [] }
        }
        return .object(JSONObject(members))
    }

    static func integer(_ integer: Int) -> JSONValue { .number(JSONNumber(integer)) }
}

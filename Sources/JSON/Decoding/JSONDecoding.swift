/// One value of a JSON text while a type decodes itself from it.
final class JSONDecoding: Decoder {
    let value: JSONValue
    let place: JSONPlace
    let notes: JSONNotes
    private var members: Members?
    private var nested: [JSONDecoding] = []

    /// An object's members: where each stands, and which have been asked for.
    private struct Members {
        let object: JSONObject
        let names: JSONNames
        var areKnown: [Bool]
    }

    init(value: JSONValue, place: JSONPlace, notes: JSONNotes) {
        (self.value, self.place, self.notes) = (value, place, notes)
    }

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy _: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let object) = value else { throw JSONFault.wrongType("an object") }
        if members == nil {
            members = Members(
                object: object, names: JSONNames(of: object),
                areKnown: Array(repeating: false, count: object.members.count))
        }
        return KeyedDecodingContainer(JSONKeyedDecoding<Key>(decoding: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = value else { throw JSONFault.wrongType("a list") }
        return JSONUnkeyedDecoding(decoding: self, elements: elements)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer {
        JSONSingleDecoding(decoding: self)
    }
}

extension JSONDecoding {
    var names: [String] { members?.object.members.map(\.name) ?? [] }

    /// The member of that name, which is known from now on.
    func member(_ name: String) -> JSONValue? {
        guard let position = members?.names.position(of: name) else { return nil }
        members?.areKnown[position] = true
        return members?.object.members[position].value
    }

    /// A value inside this one which shares its type, and so its fate.
    func nest(_ value: JSONValue, at place: JSONPlace) -> JSONDecoding {
        let decoding = JSONDecoding(value: value, place: place, notes: notes)
        nested.append(decoding)
        return decoding
    }

    /// Notes the members that the type never asked for.
    func noteUnknownFields() {
        for decoding in nested { decoding.noteUnknownFields() }
        guard let members else { return }
        for (member, isKnown) in zip(members.object.members, members.areKnown) where !isKnown {
            notes.note(.unknownField, at: .member(of: place, member.name))
        }
    }
}

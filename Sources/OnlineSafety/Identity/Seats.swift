import JSON

extension Caller {
    /// Reads `{"<organisation>": ["dsl", "staff"]}`, with `"temporary": {"<school>": […]}` beside
    /// them, or `{"outstanding": ["password"]}` of a session that must do something first. A word
    /// that this program does not know opens nothing.
    static func seats(_ text: String) -> (seats: [Seat], outstanding: [Outstanding]) {
        var text = text
        let value = text.withUTF8 { try? JSON.parse(UnsafeRawBufferPointer($0)) }
        guard case .object(let object)? = value else { return ([], []) }
        let temporary: JSONObject =
            if case .object(let posts)? = object["temporary"] { posts } else { JSONObject() }
        return (
            (object.members + temporary.members).flatMap(seats),
            object["outstanding"].map(words)?.compactMap(Outstanding.init) ?? []
        )
    }

    private static func seats(_ organisation: JSONObject.Member) -> [Seat] {
        guard let school = ID<School>(text: organisation.name) else { return [] }
        return words(organisation.value).compactMap(Role.init).map { role in
            Seat(school: school, role: role)
        }
    }

    /// Reads `{"<scope>": ["<school>", …]}` of a client.
    static func scopes(_ text: String) -> [Scope: [ID<School>]] {
        var text = text
        let value = text.withUTF8 { try? JSON.parse(UnsafeRawBufferPointer($0)) }
        guard case .object(let object)? = value else { return [:] }
        return object.members.reduce(into: [:]) { scopes, member in
            guard let scope = Scope(rawValue: member.name) else { return }
            scopes[scope] = words(member.value).compactMap { ID(text: $0) }
        }
    }

    private static func words(_ value: JSONValue) -> [String] {
        guard case .array(let values) = value else { return [] }
        return values.compactMap { value in
            guard case .string(let word) = value else { return nil }
            return word
        }
    }
}

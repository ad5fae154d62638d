import JSON

extension JSONValue {
    /// An object without these members.
    func without(_ names: [String]) -> JSONValue {
        guard case .object(let object) = self else { return self }
        return .object(JSONObject(object.members.filter { !names.contains($0.name) }))
    }

    /// An object with one member more.
    func with(_ name: String, _ value: JSONValue) -> JSONValue {
        guard case .object(let object) = self else { return self }
        return .object(JSONObject(object.members + [.init(name, value)]))
    }
}

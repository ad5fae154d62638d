import JSON

extension Schema {
    /// The schema as it stands inside another: an object is a reference without siblings, but one
    /// that may be null is written out, for a reference could not say so.
    func json(closed: Set<String> = []) -> JSONValue {
        if case .object(let object) = shape, !isNullable {
            return ["$ref": "#/components/schemas/\(object.name)"]
        }
        let head: JSONValue = .object(present: [
            "type": type, "description": (description ?? objectWords).map(JSONValue.string),
        ])
        return .joined([
            head, rules(closed: closed), .object(present: ["examples": example.map { [$0] }]),
        ])
    }

    private var objectWords: String? {
        if case .object(let object) = shape { object.words } else { nil }
    }

    private var type: JSONValue? {
        guard let name = typeName else { return nil }
        return isNullable ? [.string(name), "null"] : .string(name)
    }

    private var typeName: String? {
        switch shape {
        case .anything: nil
        case .boolean: "boolean"
        case .number: "number"
        case .integer: "integer"
        case .string: "string"
        case .list: "array"
        case .map, .object: "object"
        }
    }

    private func rules(closed: Set<String>) -> JSONValue {
        switch shape {
        case .anything, .boolean, .number: [:]
        case .integer(let limits):
            .object(present: [
                "minimum": limits.minimum.map(JSONValue.integer),
                "maximum": limits.maximum.map(JSONValue.integer),
            ])
        case .string(let text): text.json(isNullable: isNullable)
        case .list(let element, let count):
            .object(present: [
                "items": element.json(closed: closed), "maxItems": count.map(JSONValue.integer),
            ])
        case .map(let value): ["additionalProperties": value.json(closed: closed)]
        case .object(let object): object.rules(closed: closed)
        }
    }
}

extension Schema.Text {
    /// A list of choices must name null, or null is none of them.
    func json(isNullable: Bool) -> JSONValue {
        let words = choices.map(JSONValue.string) + (isNullable ? [.null] : [])
        return .object(present: [
            "format": format.map(JSONValue.string),
            "minLength": minLength.map(JSONValue.integer),
            "maxLength": maxLength.map(JSONValue.integer),
            "pattern": pattern.map(JSONValue.string),
            "enum": choices.isEmpty ? nil : .array(words),
        ])
    }
}

extension Schema.Object {
    /// The object written out, as it stands among the components.
    func json(closed: Set<String>) -> JSONValue {
        .joined([
            .object(present: ["type": "object", "description": words.map(JSONValue.string)]),
            rules(closed: closed),
        ])
    }

    func rules(closed: Set<String>) -> JSONValue {
        let members = properties.map {
            JSONObject.Member($0.name, $0.schema.json(closed: closed))
        }
        let required = properties.filter(\.isRequired).map { JSONValue.string($0.name) }
        return .object(present: [
            "properties": .object(JSONObject(members)),
            "required": required.isEmpty ? nil : .array(required),
            "additionalProperties": closed.contains(name) ? false : nil,
        ])
    }
}

import JSON

extension Document.Info {
    var json: JSONValue {
        .object(present: [
            "title": .string(title), "version": .string(version),
            "summary": summary.map(JSONValue.string),
            "description": description.map(JSONValue.string),
        ])
    }
}

extension Document.Server {
    var json: JSONValue {
        .object(present: [
            "url": .string(url), "description": description.map(JSONValue.string),
        ])
    }
}

extension Document.Tag {
    var json: JSONValue { ["name": .string(name), "description": .string(description)] }
}

extension Document.SecurityScheme {
    var json: JSONValue {
        let rest: JSONValue =
            switch kind {
            case .bearer: ["type": "http", "scheme": "bearer"]
            case .basic: ["type": "http", "scheme": "basic"]
            case .cookie(let name): ["type": "apiKey", "in": "cookie", "name": .string(name)]
            }
        return .joined([rest, ["description": .string(description)]])
    }
}

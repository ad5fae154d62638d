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
            case .clientCredentials(let address, let scopes):
                [
                    "type": "oauth2",
                    "flows": [
                        "clientCredentials": [
                            "tokenUrl": .string(address),
                            "scopes": .object(
                                JSONObject(scopes.map { .init($0.name, .string($0.words)) })),
                        ]
                    ],
                ]
            }
        return .joined([rest, ["description": .string(description)]])
    }
}

import JSON

extension Document {
    /// The document: keys in a fixed order, paths as given, schemas by name, a line for each value.
    package func json() throws(DocumentFault) -> [UInt8] {
        try check()
        let components = try Components(of: self)
        let value: JSONValue = .object(present: [
            "openapi": "3.1.0", "info": info.json,
            "servers": servers.isEmpty ? nil : .array(servers.map(\.json)),
            "security": securitySchemes.isEmpty
                ? nil : .array(securitySchemes.prefix(1).map { [$0.name: []] }),
            "tags": .array(tags.map(\.json)),
            "paths": paths(operations, components), "webhooks": paths(webhooks, components),
            "components": json(of: components),
        ])
        return value.bytes(layout: .pretty) + [UInt8(ascii: "\n")]
    }

    private func paths(_ operations: [Operation], _ components: Components) -> JSONValue {
        var paths = JSONObject()
        for operation in operations {
            let method = operation.method.lowercased()
            let entry: JSONValue = [method: operation.json(closed: components.closed)]
            paths[operation.path] = .joined([paths[operation.path] ?? [:], entry])
        }
        return .object(paths)
    }

    private func json(of components: Components) -> JSONValue {
        let schemes = securitySchemes.map { JSONObject.Member($0.name, $0.json) }
        return .object(present: [
            "schemas": components.json,
            "responses": .object(
                JSONObject([.init("Problem", problemResponse)] + components.sharedResponses)),
            "securitySchemes": schemes.isEmpty ? nil : .object(JSONObject(schemes)),
        ])
    }

    private var problemResponse: JSONValue {
        [
            "description": "What is wrong, and with which fields (RFC 9457).",
            "content": ["application/problem+json": ["schema": problem.json()]],
        ]
    }
}

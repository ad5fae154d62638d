import JSON

extension Document.Operation {
    func json(closed: Set<String>) -> JSONValue {
        let head: JSONValue = .object(present: [
            "tags": [.string(tag)], "operationId": .string(id), "summary": .string(summary),
            "description": description.map(JSONValue.string), "security": demand,
        ])
        let extras = extensions.map { JSONObject.Member($0.name, $0.value) }
        let rest: JSONValue = .object(present: [
            "parameters": parameters.isEmpty
                ? nil : .array(parameters.map { $0.json(closed: closed) }),
            "requestBody": body?.json(closed: closed), "responses": answers(closed: closed),
        ])
        return .joined([head, .object(JSONObject(extras)), rest])
    }

    private var demand: JSONValue? {
        if isPublic { return [] }
        guard !security.isEmpty else { return nil }
        return .array(
            security.map { [$0.scheme: .array($0.scopes.map(JSONValue.string))] })
    }

    private func answers(closed: Set<String>) -> JSONValue {
        let known = responses.map { response in
            let shared = response.sharedAs.map(Document.Response.reference)
            return JSONObject.Member(
                "\(response.status)", shared ?? response.json(closed: closed))
        }
        let problem = Document.Response.reference(to: "Problem")
        return .object(JSONObject(known + [.init("default", problem)]))
    }
}

extension Document.Parameter {
    func json(closed: Set<String>) -> JSONValue {
        .object(present: [
            "name": .string(name), "in": .string(place.rawValue),
            "description": .string(description), "required": isRequired ? true : nil,
            "schema": schema.json(closed: closed), "example": example,
        ])
    }
}

extension Document.Body {
    func json(closed: Set<String>) -> JSONValue {
        .object(present: [
            "description": description.map(JSONValue.string),
            "required": isRequired ? true : nil,
            "content": content(contentTypes, schema, example, closed: closed),
        ])
    }
}

extension Document.Response {
    fileprivate static func reference(to name: String) -> JSONValue {
        ["$ref": .string("#/components/responses/\(name)")]
    }

    func json(closed: Set<String>) -> JSONValue {
        let members = headers.map { JSONObject.Member($0.name, $0.json) }
        return .object(present: [
            "description": .string(description),
            "headers": members.isEmpty ? nil : .object(JSONObject(members)),
            "content": schema.map { content(contentTypes, $0, example, closed: closed) },
        ])
    }
}

extension Document.Response.Header {
    var json: JSONValue { ["description": .string(description), "schema": schema.json()] }
}

/// The same value as each of the types it may have; what is not JSON is text.
private func content(
    _ types: [String], _ schema: Schema, _ example: JSONValue?, closed: Set<String>
) -> JSONValue {
    let members = types.map { type in
        let isJSON = ["/json", "+json", "form-urlencoded"].contains(where: type.hasSuffix)
        let content: JSONValue = .object(present: [
            "schema": (isJSON ? schema : .string()).json(closed: closed),
            "example": isJSON ? example : nil,
        ])
        return JSONObject.Member(type, content)
    }
    return .object(JSONObject(members))
}

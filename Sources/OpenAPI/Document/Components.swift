import JSON

/// The named schemas of a document: each written once, and referred to.
struct Components {
    private(set) var objects: [String: Schema.Object] = [:]
    /// Those of them that are sent to the service, where an unknown field is refused.
    private(set) var closed: Set<String> = []
    private var responses: [String: Document.Response] = [:]

    init(of document: Document) throws(DocumentFault) {
        try collect(document.problem)
        for operation in document.operations {
            if let body = operation.body { try collect(body.schema, isSent: true) }
            for parameter in operation.parameters { try collect(parameter.schema) }
            for response in operation.responses {
                if let schema = response.schema { try collect(schema) }
                try collect(response)
            }
        }
        for webhook in document.webhooks {
            if let body = webhook.body { try collect(body.schema) }
        }
    }

    private mutating func collect(_ response: Document.Response) throws(DocumentFault) {
        guard let name = response.sharedAs else { return }
        guard responses[name, default: response] == response, name != "Problem" else {
            throw .sameResponseName(name)
        }
        responses[name] = response
    }

    private mutating func collect(
        _ schema: Schema, isSent: Bool = false
    ) throws(DocumentFault) {
        switch schema.shape {
        case .list(let element, _): try collect(element, isSent: isSent)
        case .map(let value): try collect(value, isSent: isSent)
        case .object(let object): try collect(object, isSent: isSent, isNamed: !schema.isNullable)
        case .anything, .boolean, .number, .integer, .string: break
        }
    }

    private mutating func collect(
        _ object: Schema.Object, isSent: Bool, isNamed: Bool
    ) throws(DocumentFault) {
        if isSent { closed.insert(object.name) }
        if isNamed {
            guard objects[object.name, default: object] == object else {
                throw .sameSchemaName(object.name)
            }
            objects[object.name] = object
        }
        for property in object.properties { try collect(property.schema, isSent: isSent) }
    }

    /// The shared responses, in the order of their statuses.
    var sharedResponses: [JSONObject.Member] {
        responses.sorted { ($0.value.status, $0.key) < ($1.value.status, $1.key) }
            .map { .init($0.key, $0.value.json(closed: closed)) }
    }

    /// The schemas, sorted by name.
    var json: JSONValue {
        let names = objects.keys.sorted()
        return .object(
            JSONObject(
                names.compactMap { name in
                    objects[name].map { .init(name, $0.json(closed: closed)) }
                }))
    }
}

import HTTP
import JSON
import OpenAPI

/// What the contract says of one operation, gathered from its route and from the types of its
/// handler's parameters and answer.
struct OperationWords {
    var parameters: [Parameter] = []

    /// The values of the path's `{…}`, in their order.
    private(set) var pathValues: [(schema: Schema, example: String)] = []
    private(set) var body: Document.Body?
    /// A body that is no JSON.
    private(set) var form: Document.Body?
    private(set) var response: Document.Response?
    private(set) var requiresVersion = false

    /// The record shown has a version, by which it need not be sent again.
    private(set) var isTagged = false

    /// The answer has no end of its own.
    private(set) var answersForEver = false

    /// Whether what it answers is JSON, where it answers anything.
    private(set) var isJSON = true

    /// With what it may refuse besides.
    private(set) var refusals: [Problem.Code] = []

    /// The first thing that could not be said of a type; the contract's test fails with it.
    private(set) var fault: String?

    mutating func takesPathValue(
        _ schema: Schema = .id, example: String = ID<Route>.example.string
    ) {
        pathValues.append((schema, example))
    }

    mutating func refuses(_ codes: Problem.Code...) {
        refusals += codes.filter { !refusals.contains($0) }
    }

    mutating func requiresIfMatch() {
        requiresVersion = true
        parameters.append(
            Parameter(
                "If-Match", in: .header, "The ETag of the version that you read.",
                schema: .text(), isRequired: true, example: "\"1\""))
    }

    /// As `requiresIfMatch`, where it is checked when it is sent.
    mutating func takesIfMatch() {
        refuses(.preconditionFailed)
        parameters.append(
            Parameter(
                "If-Match", in: .header,
                "The ETag of the incident as you read it: 412 when it has changed since.",
                schema: .text(), isRequired: false, example: "\"1\""))
    }

    /// Besides, files of other types.
    mutating func takes<Value: Body>(_: Value.Type, orFiles types: [String] = []) {
        body = Document.Body(
            schema(of: Value.self), description: Value.words, example: value(of: Value.example),
            contentTypes: ["application/json"] + types)
    }

    /// Answers that are no problems and no successes, of a form that a standard asks for.
    private(set) var otherResponses: [Document.Response] = []

    mutating func answersToo<Value: Resource>(_ status: Status, _: Value.Type) {
        otherResponses.append(
            Document.Response(
                status.code, Value.words, schema: schema(of: Value.self),
                example: value(of: Value.example)))
    }

    /// A form, as a standard asks for.
    mutating func takesForm(_ form: Schema.Object, example: JSONValue) {
        self.form = Document.Body(
            .object(form), description: form.words, example: example,
            contentTypes: ["application/x-www-form-urlencoded"])
    }

    mutating func answers(_ status: Status, _ words: String) {
        response = Document.Response(status.code, words)
    }

    /// JSON of a form that is told elsewhere.
    mutating func answersAnything(_ schema: Schema) {
        isTagged = true
        response = Document.Response(
            200, "JSON.", schema: schema, headers: [.init("ETag", "The version of it.")])
    }

    /// Events, one after the other, for as long as the client stays.
    mutating func answersEvents(_ words: String) {
        answersForEver = true
        response = Document.Response(
            200, words, schema: .text(), contentTypes: ["text/event-stream"],
            example: "id: 7312.41\nevent: notice\ndata: {}\n\n")
    }

    /// Text of another form than JSON.
    mutating func answersText(_ words: String, as type: String, example: JSONValue) {
        isJSON = false
        response = Document.Response(
            200, words, schema: .text(), contentTypes: [type], example: example)
    }

    /// `location`: what is to be said of where it is, when it has no address of its own.
    mutating func answers<Value: Resource>(
        _ status: Status, _: Value.Type, at location: String? = nil
    ) {
        var headers: [Document.Response.Header] = []
        isTagged = Value.isTagged
        if isTagged { headers.append(.init("ETag", "The version of the record.")) }
        if Value.address != nil || location != nil, status == .created {
            headers.append(.init("Location", location ?? "Where the record is read."))
        }
        response = Document.Response(
            status.code, Value.words, schema: schema(of: Value.self), headers: headers,
            example: value(of: Value.example))
    }

    mutating func answersPage<Value: Resource>(of _: Value.Type, alsoAsTable: Bool) {
        let data = Schema.list(of: schema(of: Value.self)).described("The records.")
        let cursor = Schema.string().orNull.described(
            "Send it as `cursor` to go on; null on the last page.")
        let page = Schema.Object(
            name: "\(Value.schemaName)Page", words: "A page of a list.",
            properties: [
                .init(name: "data", schema: data, isRequired: true),
                .init(name: "next_cursor", schema: cursor, isRequired: true),
            ])
        response = Document.Response(
            200, "The records.", schema: .object(page),
            contentTypes: ["application/json"] + (alsoAsTable ? ["text/csv"] : []),
            headers: [.init("Link", "The address of the next page, with rel=\"next\".")],
            example: ["data": .array([value(of: Value.example)]), "next_cursor": nil])
    }

    private mutating func schema<Value: Codable>(of type: Value.Type) -> Schema {
        do {
            return try Schema.of(type)
        } catch {
            fault = fault ?? "\(type): \(error)"
            return .anything
        }
    }

    private func value(of example: some Encodable) -> JSONValue {
        let text = Array(JSON.string(of: example).utf8)
        return text.withUnsafeBytes { (try? JSON.parse($0)) ?? .null }
    }
}

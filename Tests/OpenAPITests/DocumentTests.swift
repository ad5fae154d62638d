import JSON
import OpenAPI
import Testing

@Suite struct DocumentTests {
    @Test func `the document is JSON, the same each time, with a line at its end`() throws {
        let bytes = try document().json()
        #expect(try document().json() == bytes)
        #expect(bytes.last == UInt8(ascii: "\n"))
        #expect(try parsed(document())["openapi"] == "3.1.0")
    }

    @Test func `its parts stand in a fixed order, its paths as given, its schemas by name`() throws
    {
        let json = try parsed(document())
        #expect(
            names(json) == [
                "openapi", "info", "servers", "security", "tags", "paths", "webhooks", "components",
            ])
        #expect(names(json["paths"]) == ["/v1/visits", "/v1/visits/{id}"])
        #expect(names(json["paths"]?["/v1/visits"]) == ["post", "get"])
        #expect(
            names(json["components"]?["schemas"])
                == ["Problem", "Visit", "VisitPage", "VisitPatch", "VisitRoom"])
    }

    @Test func `every reference leads somewhere, and stands alone`() throws {
        let json = try parsed(document())
        let references = objects(in: json).filter { $0["$ref"] != nil }
        #expect(references.count > 5)
        for reference in references {
            #expect(names(reference) == ["$ref"])
            let path = try #require(reference["$ref"]?.text).split(separator: "/").dropFirst()
            #expect(path.reduce(json) { $0?[String($1)] } != nil)
        }
    }

    @Test func `schemas are flat`() throws {
        let words = Set(objects(in: try parsed(document())).flatMap { names($0) })
        #expect(words.isDisjoint(with: ["allOf", "oneOf", "anyOf", "nullable"]))
    }

    @Test func `an object that is sent refuses other fields, one that is answered may grow`() throws
    {
        let schemas = try #require(try parsed(document())["components"]?["schemas"])
        #expect(schemas["VisitPatch"]?["additionalProperties"] == false)
        #expect(schemas["Visit"]?["additionalProperties"] == nil)
    }

    @Test func `what may be null says so, and a closed list names null`() throws {
        let fields = try parsed(document())["components"]?["schemas"]?["Visit"]?["properties"]
        #expect(fields?["last_mood"]?["type"] == ["string", "null"])
        #expect(fields?["last_mood"]?["enum"] == ["merry", "sad", nil])
        #expect(fields?["guest"]?["type"] == ["object", "null"])
        #expect(fields?["guest"]?["description"] == "The guest.")
        #expect(fields?["anything"] == ["description": "The anything."])
    }

    @Test func `an operation says what it takes, who may ask and what it answers`() throws {
        let change = try #require(try parsed(document())["paths"]?["/v1/visits/{id}"]?["patch"])
        #expect(
            change == [
                "tags": ["Visits"], "operationId": "change_visit", "summary": "Change a visit",
                "x-roles": ["dsl"],
                "parameters": [
                    [
                        "name": "id", "in": "path", "description": "The visit.", "required": true,
                        "schema": ["type": "string", "format": "uuid"], "example": "0190",
                    ]
                ],
                "requestBody": [
                    "required": true,
                    "content": [
                        "application/merge-patch+json": [
                            "schema": ["$ref": "#/components/schemas/VisitPatch"],
                            "example": ["note": nil],
                        ]
                    ],
                ],
                "responses": [
                    "204": [
                        "description": "Changed.",
                        "headers": [
                            "ETag": ["description": "Its version.", "schema": ["type": "string"]]
                        ],
                    ],
                    "default": ["$ref": "#/components/responses/Problem"],
                ],
            ])
    }

    @Test func `an operation without a credential says so, and text is not JSON`() throws {
        let list = try #require(try parsed(document())["paths"]?["/v1/visits"]?["get"])
        #expect(list["security"] == [])
        let content = list["responses"]?["200"]?["content"]
        #expect(content?["application/json"]?["schema"]?["$ref"] != nil)
        #expect(content?["text/csv"] == ["schema": ["type": "string"]])
    }

    @Test func `a shared answer is written once, and referred to`() throws {
        var document = try document()
        let slow = Document.Response(408, "Too slow.", sharedAs: "TooSlow")
        for index in document.operations.indices { document.operations[index].responses += [slow] }
        let value = try parsed(document)
        let responses = value["components"]?["responses"]
        #expect(names(responses) == ["Problem", "TooSlow"])
        #expect(responses?["TooSlow"] == ["description": "Too slow."])
        for (path, method) in [("/v1/visits", "get"), ("/v1/visits/{id}", "patch")] {
            let answer = value["paths"]?[path]?[method]?["responses"]?["408"]
            #expect(answer == ["$ref": "#/components/responses/TooSlow"])
        }
        document.operations[0].responses[1].description = "Another."
        #expect(throws: DocumentFault.sameResponseName("TooSlow")) { try document.json() }
    }

    @Test func `what cannot be told apart is refused`() throws {
        let first = try document().operations[0]
        #expect(try fault { $0.operations.append(first) } == .sameOperationID("add_visit"))
        let same = try fault {
            $0.operations.append(first)
            $0.operations[3].id = "other"
        }
        #expect(same == .samePlace(method: "post", path: "/v1/visits"))
        #expect(try fault { $0.operations[0].tag = "Nobody" } == .undeclaredTag("Nobody"))
        let again = try fault { $0.operations[2].responses += [.init(204, "Again.")] }
        #expect(again == .sameStatus(204, operationID: "change_visit"))
        let twice = try fault { $0.operations[2].parameters += $0.operations[2].parameters }
        #expect(twice == .sameParameter("id", operationID: "change_visit"))
        let name = try fault { $0.problem = .object(.init(name: "Visit", properties: [])) }
        #expect(name == .sameSchemaName("Visit"))
    }
}

extension DocumentTests {
    private func fault(_ change: (inout Document) -> Void) throws -> DocumentFault? {
        var document = try document()
        change(&document)
        do throws(DocumentFault) {
            _ = try document.json()
            return nil
        } catch {
            return error
        }
    }

    private func document() throws -> Document {
        var document = Document(
            info: .init(title: "Visits", version: "1", summary: "Who came."),
            problem: try Schema.of(Problem.self))
        document.servers = [.init("/", "Here.")]
        document.tags = [.init("Visits", "Who came.")]
        document.securitySchemes = [.init("bearer", .bearer, "A session.")]
        document.operations = [try adding(), try listing(), try changing()]
        return document
    }

    private func adding() throws -> Document.Operation {
        var adding = Document.Operation(
            id: "add_visit", summary: "Add a visit", tag: "Visits", method: "POST",
            path: "/v1/visits")
        adding.responses = [.init(201, "Added.", schema: try Schema.of(Visit.self))]
        return adding
    }

    private func listing() throws -> Document.Operation {
        var listing = Document.Operation(
            id: "list_visits", summary: "List visits", tag: "Visits", method: "GET",
            path: "/v1/visits")
        listing.isPublic = true
        let types = ["application/json", "text/csv"]
        listing.responses = [
            .init(200, "Visits.", schema: try Schema.of(Page<Visit>.self), contentTypes: types)
        ]
        return listing
    }

    private func changing() throws -> Document.Operation {
        var changing = Document.Operation(
            id: "change_visit", summary: "Change a visit", tag: "Visits", method: "PATCH",
            path: "/v1/visits/{id}")
        changing.parameters = [
            .init(
                "id", in: .path, "The visit.", schema: .string(.init(format: "uuid")),
                example: "0190")
        ]
        changing.body = .init(
            try Schema.of(VisitPatch.self), example: ["note": nil],
            contentTypes: ["application/merge-patch+json"])
        changing.responses = [.init(204, "Changed.", headers: [.init("ETag", "Its version.")])]
        changing.extensions = [("x-roles", ["dsl"])]
        return changing
    }

    private func parsed(_ document: Document) throws -> JSONValue {
        let bytes = try document.json()
        return try bytes.withUnsafeBytes { try JSON.parse($0) }
    }

    private func names(_ value: JSONValue?) -> [String] {
        guard case .object(let object) = value else { return [] }
        return object.members.map(\.name)
    }

    private func objects(in value: JSONValue) -> [JSONValue] {
        switch value {
        case .array(let elements): elements.flatMap { objects(in: $0) }
        case .object(let object): [value] + object.members.flatMap { objects(in: $0.value) }
        default: []
        }
    }
}

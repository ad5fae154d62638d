import JSON

// Nested, because HTTP has a response and an area a body of its own.

extension Document {
    /// One thing that can be asked of the service.
    package struct Operation: Sendable {
        /// In snake_case, and never the same for two.
        package var id: String
        package var summary: String
        package var description: String?
        package var tag: String
        /// GET, POST …
        package var method: String
        /// `/v1/incidents/{id}`; of a webhook, its name.
        package var path: String
        package var parameters: [Parameter] = []
        package var body: Body?
        /// Beside these every operation answers `default` with a problem.
        package var responses: [Response] = []
        /// Asked without a credential.
        package var isPublic = false
        /// Any of these will do; none: the usual one.
        package var security: [Requirement] = []
        /// Members beginning with `x-`, e.g. `x-roles`.
        package var extensions: [(name: String, value: JSONValue)] = []

        package init(
            id: String, summary: String, description: String? = nil, tag: String, method: String,
            path: String
        ) {
            (self.id, self.summary, self.description) = (id, summary, description)
            (self.tag, self.method, self.path) = (tag, method, path)
        }
    }

    /// A value in the path, the query or a header.
    package struct Parameter: Hashable, Sendable {
        package enum Place: String, Sendable { case path, query, header }

        package var name: String
        package var place: Place
        package var description: String
        package var isRequired: Bool
        package var schema: Schema
        package var example: JSONValue?

        /// What is in the path is always required (OpenAPI 3.1, section 4.8.12.2).
        package init(
            _ name: String, in place: Place, _ description: String, schema: Schema,
            isRequired: Bool = false, example: JSONValue? = nil
        ) {
            (self.name, self.place, self.description) = (name, place, description)
            (self.schema, self.example) = (schema, example)
            self.isRequired = isRequired || place == .path
        }
    }

    /// What an operation is sent.
    package struct Body: Hashable, Sendable {
        package var schema: Schema
        package var description: String?
        package var example: JSONValue?
        package var contentTypes: [String]
        package var isRequired: Bool

        package init(
            _ schema: Schema, description: String? = nil, example: JSONValue? = nil,
            contentTypes: [String] = ["application/json"], isRequired: Bool = true
        ) {
            (self.schema, self.description, self.example) = (schema, description, example)
            (self.contentTypes, self.isRequired) = (contentTypes, isRequired)
        }
    }

    /// What an operation answers with one status.
    package struct Response: Hashable, Sendable {
        package struct Header: Hashable, Sendable {
            package var name: String
            package var description: String
            package var schema: Schema

            package init(_ name: String, _ description: String, schema: Schema = .string()) {
                (self.name, self.description, self.schema) = (name, description, schema)
            }
        }

        package var status: Int
        package var description: String
        /// Nil for an answer without a body.
        package var schema: Schema?
        /// What is not JSON is shown as text, whatever the schema says.
        package var contentTypes: [String]
        package var headers: [Header]
        package var example: JSONValue?
        /// The name under which operations that answer the same refer to it, written once.
        package var sharedAs: String?

        package init(
            _ status: Int, _ description: String, schema: Schema? = nil,
            contentTypes: [String] = ["application/json"], headers: [Header] = [],
            example: JSONValue? = nil, sharedAs: String? = nil
        ) {
            (self.status, self.description, self.schema) = (status, description, schema)
            (self.contentTypes, self.headers, self.example) = (contentTypes, headers, example)
            self.sharedAs = sharedAs
        }
    }
}

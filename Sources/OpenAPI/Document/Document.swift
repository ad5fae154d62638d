import JSON

/// An OpenAPI 3.1 document: the contract, the same bytes for the same operations.
package struct Document: Sendable {
    package var info: Info
    package var servers: [Server] = []
    package var tags: [Tag] = []
    package var operations: [Operation] = []
    /// What the service sends; the path of each is its name.
    package var webhooks: [Operation] = []
    /// The first is the usual one.
    package var securitySchemes: [SecurityScheme] = []
    /// What every operation answers when it does not do what it was asked (RFC 9457).
    package var problem: Schema

    package init(info: Info, problem: Schema) { (self.info, self.problem) = (info, problem) }

    package struct Info: Hashable, Sendable {
        package var title: String
        package var version: String
        package var summary: String?
        package var description: String?

        package init(
            title: String, version: String, summary: String? = nil, description: String? = nil
        ) {
            (self.title, self.version) = (title, version)
            (self.summary, self.description) = (summary, description)
        }
    }

    package struct Server: Hashable, Sendable {
        package var url: String
        package var description: String?

        package init(_ url: String, _ description: String? = nil) {
            (self.url, self.description) = (url, description)
        }
    }

    package struct Tag: Hashable, Sendable {
        package var name: String
        package var description: String

        package init(_ name: String, _ description: String) {
            (self.name, self.description) = (name, description)
        }
    }

    /// A way to show who asks; any of those given will do.
    package struct SecurityScheme: Sendable {
        package enum Kind: Sendable {
            case bearer
            case basic
            case cookie(String)
            /// OAuth 2.0: where a token is got, and the scopes with their words.
            case clientCredentials(String, [(name: String, words: String)])
        }

        package var name: String
        package var kind: Kind
        package var description: String

        package init(_ name: String, _ kind: Kind, _ description: String) {
            (self.name, self.kind, self.description) = (name, kind, description)
        }
    }
}

extension Document {
    /// A way to show who asks, with the scopes that it must have.
    package struct Requirement: Hashable, Sendable {
        package var scheme: String
        package var scopes: [String]

        package init(_ scheme: String, _ scopes: [String] = []) {
            (self.scheme, self.scopes) = (scheme, scopes)
        }
    }
}

/// Why a document cannot be written: a mistake of whoever wrote the operations.
package enum DocumentFault: Error, Hashable, Sendable {
    case sameOperationID(String)
    case samePlace(method: String, path: String)
    case sameStatus(Int, operationID: String)
    case sameParameter(String, operationID: String)
    case undeclaredTag(String)
    /// Two types that differ would be one schema.
    case sameSchemaName(String)
    /// Two responses that differ would be one.
    case sameResponseName(String)
}

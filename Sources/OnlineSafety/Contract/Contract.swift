import JSON
import OpenAPI

/// The contract of the whole API, made from the areas: `OpenAPI/openapi.json` is this, and so is
/// what the service answers at `/v1/openapi.json`.
package enum Contract {
    /// Raised when what callers rely on changes.
    package static let version = "1"

    /// The document as it is committed and served.
    package static let document: [UInt8] = {
        do {
            return try make().json()
        } catch {
            preconditionFailure("the contract cannot be written: \(error)")
        }
    }()

    private static func make() throws -> Document {
        let problem = try Schema.of(ProblemShown.self)
        var document = Document(info: info, problem: problem)
        document.servers = [.init("/", "The service itself.")]
        document.tags = areas.map { .init($0.name, $0.words) }
        document.securitySchemes = [
            .init(
                "bearer", .bearer,
                "The token of a session: `POST /v1/sessions`. Where people report who have no "
                    + "account, an intake key of the school; where they sign, the secret of the "
                    + "link that was sent to them."),
            .init(
                "client", .clientCredentials("/v1/oauth/token", scopes),
                "An access token of a machine's client (RFC 6749, 4.4), sent as "
                    + "`Authorization: Bearer …`. It opens what its scopes open, in the schools of "
                    + "its client."),
            .init(
                "reporting", .basic,
                "A reporting token of a client as the password, the client's id as the name: for "
                    + "spreadsheets. It may come as a bearer token as well."),
        ]
        document.operations = areas.flatMap { area in
            area.routes.map { operation($0, of: area, problem: problem) }
        }
        return document
    }

    private static let info = Document.Info(
        title: "Rowan", version: version,
        summary: "The online-safety register of schools.",
        description: """
            What was reported and what was done about it, who agreed to which rules, which \
            devices may be used by whom, and whether the promised reviews happened.

            Names are snake_case. `*_at` is an instant in UTC, `*_on` a day in England. What is \
            absent is not known, or not for you. Errors are RFC 9457 problems that name every \
            fault at once. Lists go on by cursor. Every POST takes an `Idempotency-Key`, so that \
            asking again does nothing twice, but for those that answer with a secret or are asked \
            by a signing link.
            """)

    private static func operation(
        _ route: Route, of area: Area, problem: Schema
    ) -> Document.Operation {
        var words = OperationWords()
        route.contract(&words)
        if let fault = words.fault { preconditionFailure("\(route.summary): \(fault)") }
        var operation = Document.Operation(
            id: route.operationID, summary: route.summary, description: route.words,
            tag: area.name, method: route.method.rawValue, path: route.path)
        operation.parameters = route.pathParameters(words) + words.parameters
        if route.takesKey {
            operation.parameters.append(idempotencyKey)
        }
        if route.method == .get, words.isTagged { operation.parameters.append(ifNoneMatch) }
        operation.body = words.body ?? words.form
        operation.responses =
            [words.response].compactMap(\.self) + words.otherResponses
            + Refusals(of: route, in: area, words).responses(problem).filter { refusal in
                !words.otherResponses.contains { $0.status == refusal.status }
            }
        operation.isPublic = route.admissions == nil
        operation.security = security(of: route)
        if let admissions = route.admissions {
            let roles = Role.allCases.filter { role in admissions.contains { $0.role == role } }
            operation.extensions = [("x-roles", .array(roles.map { .string($0.rawValue) }))]
        }
        return operation
    }

    private static let scopes = Scope.allCases.map { ($0.rawValue, $0.label) }

    /// Any of these will do.
    private static func security(of route: Route) -> [Document.Requirement] {
        guard !route.scopes.isEmpty else { return [] }
        return (route.admissions?.isEmpty == false ? [.init("bearer")] : [])
            + route.scopes.map { .init("client", [$0.scope.rawValue]) }
            + (route.takesBasic ? [.init("reporting")] : [])
    }

    private static let idempotencyKey = Parameter(
        "Idempotency-Key", in: .header,
        "Your own name for this request, 1 to 255 visible ASCII characters; asking again with it "
            + "gives the same answer and does nothing twice. Kept for 30 days.",
        schema: .text(minLength: 1, maxLength: 255, pattern: "^[!-~]+$"),
        example: "5b0c7f1e-report")
}

extension Contract {
    private static let ifNoneMatch = Parameter(
        "If-None-Match", in: .header,
        "The ETag that you have; 304 when it is still the one that stands.", schema: .text(),
        example: "\"1\"")
}

extension Route {
    /// The `{…}` of the path, as the handler's parameters take them.
    fileprivate func pathParameters(_ words: OperationWords) -> [Parameter] {
        let names = path.split(separator: "/").filter { $0.hasPrefix("{") }
        return zip(names, words.pathValues).map { part, value in
            let name = String(part.dropFirst().prefix { $0 != "}" })
            let what = name.replacing("_", with: " ")
            let which =
                switch value.schema {
                case .id: "The id of the \(what)."
                case ProcedureCode.schema: "Which \(what), by its code."
                default: "Which \(what)."
                }
            return Parameter(
                name, in: .path, which,
                schema: value.schema, isRequired: true, example: .string(value.example))
        }
    }
}

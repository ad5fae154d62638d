import HTTP
import OpenAPI

/// The statuses with which an operation may refuse, or need not answer: what its route, its
/// parameters and its body make possible.
struct Refusals {
    private var codes: [Status: [Problem.Code]] = [:]
    private let mayBeUnchanged: Bool
    private let takesBody: Bool

    init(of route: Route, in area: Area, _ words: OperationWords) {
        mayBeUnchanged = route.method == .get && words.isTagged
        takesBody = words.body != nil || words.form != nil
        add(.invalidParameter)
        add(.encryptionRequired)
        if words.parameters.contains(where: { $0.name == "cursor" }) {
            add(.invalidCursor)
            add(.notAcceptable)
            add(.exportTooLarge)
        }
        if words.answersForEver { add(.notAcceptable) }
        if words.body != nil {
            for code in [Problem.Code.malformedJSON, .unsupportedMediaType, .validationFailed] {
                add(code)
            }
        }
        if !words.pathValues.isEmpty { add(.notFound) }
        if words.requiresVersion {
            add(.preconditionFailed)
            add(.preconditionRequired)
        }
        addWrites(route, area)
        add(.unauthorized, if: route.admissions != nil)
        if route.credential != .session {
            add(.tooManyRequests)
        } else if route.admissions != nil {
            add(.forbidden)
            add(.tooManyRequests, if: route.isLimited || !route.scopes.isEmpty)
            if route.needsStepUp || route.opensAnIncident { add(.stepUpRequired) }
        }
        for code in words.refusals { add(code) }
        for code in [Problem.Code.failed, .busy, .unavailable] { add(code) }
        if route.takesKey { add(.outcomeUnknown) }
    }

    private mutating func addWrites(_ route: Route, _ area: Area) {
        guard route.method != .get else { return }
        if !area.conflicts.isEmpty { add(.conflict) }
        if route.takesKey {
            add(.requestInFlight)
            add(.keyReused, if: route.credential == .session)
        }
    }

    private mutating func add(_ code: Problem.Code, if isSo: Bool = true) {
        if isSo { codes[code.status, default: []].append(code) }
    }

    private let retryAfter = Document.Response.Header(
        "Retry-After", "Seconds after which it is worth asking again.", schema: .integer())

    /// In the order of the statuses, each with the codes that it stands for; what many operations
    /// refuse alike they refer to by one name.
    func responses(_ problem: Schema) -> [Document.Response] {
        let unchanged = mayBeUnchanged ? [Document.Response(304, "It has not changed.")] : []
        let own = codes.map { status, codes in
            Document.Response(
                status.code,
                codes.map { "`\($0.rawValue)`: \($0.title)." }.joined(separator: " "),
                schema: problem, contentTypes: ["application/problem+json"],
                headers: codes.contains { Problem($0).retryAfter != nil } ? [retryAfter] : [],
                sharedAs: codes.map(\.nameInContract).joined(separator: "Or"))
        }
        let shared = HTTPRefusals.all(takesBody: takesBody, problem)
        return unchanged + (own + shared).sorted { $0.status < $1.status }
    }
}

extension Problem.Code {
    /// As a component is called: `step_up_required` is `StepUpRequired`.
    fileprivate var nameInContract: String {
        rawValue.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}

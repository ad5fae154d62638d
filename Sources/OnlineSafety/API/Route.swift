import HTTP
import Postgres

/// One operation of the API: what it does, whom it admits, and the function that answers.
struct Route: Sendable {
    let method: Method
    let path: String

    /// What it does, in the imperative: `Report an incident`. The operation's id is made of it.
    let summary: String

    /// What a person needs to know before using it.
    let words: String

    /// Whom it admits. There is no default; `nil` admits the whole world.
    let admissions: [Admission]?
    let access: Transaction.Access

    /// The most bytes of a request's body. Beyond: 413, before it is read.
    private(set) var bodyLimit: Int

    /// The most bytes of a file that is taken as it comes; `nil` where none is.
    private(set) var fileLimit: Int?

    /// With what somebody shows that they may ask.
    private(set) var credential = Credential.session

    /// What a session that must do something first may ask all the same, because it leads on.
    private(set) var opensDespite: Set<Outstanding> = []

    /// What opens it to a machine's client, each scope in a relation to what is asked for.
    private(set) var scopes: [(scope: Scope, relation: Relation)] = []

    /// Whether a reporting token may come as the password of Basic.
    private(set) var takesBasic = false

    /// Whether it asks for a fresh proof of who is there (SEC-06).
    private(set) var needsStepUp = false

    /// Whether its list is on record when it is taken away as a table (AUD-02).
    private(set) var recordsTables = false

    /// Whether it is refused to an account that asks too much (API-08).
    private(set) var isLimited = true

    /// For how long what it answers may be kept by anybody on the way; `nil`: by nobody.
    private(set) var keptSeconds: Int?

    /// Whether what it answers may be kept, for asking again.
    private var isKept = true

    let answer: @Sendable (inout Call) async throws -> Outcome
    let contract: @Sendable (inout OperationWords) -> Void

    /// The handler's own parameters say what it needs of the request; see `Argument`.
    init<each Input: Argument, Output: Reply>(
        _ method: Method, _ path: String, _ summary: String, _ words: String,
        _ admissions: [Admission]?, _ access: Transaction.Access,
        _ handler: @escaping @Sendable (repeat each Input) async throws -> Output
    ) {
        self.method = method
        self.path = path
        self.summary = summary
        self.words = words
        self.admissions = admissions
        self.access = access
        bodyLimit = method == .get || method == .delete ? Self.littleBody : 64 << 10
        answer = { call in
            let inputs = (repeat try (each Input).take(from: &call))
            try call.query.finish()
            return try await call.finish(try await handler(repeat each inputs))
        }
        contract = { operation in
            repeat (each Input).describe(&operation)
            Output.describe(&operation)
        }
    }

    /// Whether an `Idempotency-Key` is taken: on every POST by somebody who is known, but for one
    /// that answers with a secret, for what is done by a signing link, and for a question.
    var takesKey: Bool { method == .post && access == .writing && admissions != nil && isKept }

    /// What lets somebody ask, where not the whole world may.
    enum Credential { case session, intakeKey, signingLink }

    /// Admits whoever has an intake key of a school, and no session.
    func byIntakeKey() -> Route {
        var route = self
        route.credential = .intakeKey
        return route
    }

    /// Admits whoever has a live signing link, and no session. What is signed by one is signed
    /// once, so that asking again needs no key.
    func bySigningLink() -> Route {
        var route = self
        route.credential = .signingLink
        route.isKept = false
        return route
    }

    /// Admits clients that have a scope, too.
    func openTo(_ scope: Scope, _ relation: Relation) -> Route {
        var route = self
        route.scopes.append((scope, relation))
        return route
    }

    /// Takes a reporting token as the password of Basic, too: for spreadsheets.
    func takingBasic() -> Route {
        var route = self
        route.takesBasic = true
        return route
    }

    /// Answers a session that must do these things first, too.
    func evenWhile(_ outstanding: Outstanding...) -> Route {
        var route = self
        route.opensDespite.formUnion(outstanding)
        return route
    }

    /// Answers a session that must do something first, whatever it is.
    func always() -> Route {
        var route = self
        route.opensDespite = Set(Outstanding.allCases)
        return route
    }

    /// Asks for a fresh proof of who is there: without one, 403 `step_up_required`. A statement
    /// that asks for it by itself is `StepUp.required`; a policy asks `caller_stepped_up()`.
    func afterStepUp() -> Route {
        var route = self
        route.needsStepUp = true
        return route
    }

    /// Puts on record who takes its list away as a table.
    func recordingTables() -> Route {
        var route = self
        route.recordsTables = true
        return route
    }

    /// Answers with a secret, which is shown once and kept nowhere.
    func answeringOnce() -> Route {
        var route = self
        route.isKept = false
        return route
    }

    /// Answers with what is public, and may be kept on the way.
    func keptByAnybody(forSeconds seconds: Int) -> Route {
        var route = self
        route.keptSeconds = seconds
        return route
    }

    /// Answers however much its caller has asked: for what must not wait.
    func howeverOften() -> Route {
        var route = self
        route.isLimited = false
        return route
    }

    /// Bounds the body where neither 64 KiB fit, nor 4 KiB for what has none.
    func takingBodies(upTo bytes: Int) -> Route {
        var route = self
        route.bodyLimit = bytes
        return route
    }

    /// Takes files as well, in pieces as they come, where its arguments know what to do with them.
    func takingFiles(upTo bytes: Int) -> Route {
        var route = self
        route.fileLimit = bytes
        return route
    }

    /// Of requests whose body nobody reads: they are answered, if there is little to throw away.
    static let littleBody = 4 << 10

    /// `Report an incident` as `report_an_incident`.
    var operationID: String {
        summary.lowercased().replacing(" ", with: "_").filter { $0.isLetter || $0 == "_" }
    }
}

extension Route {
    /// A reading; one that is itself on record says so, and is committed before anything is shown.
    static func get<each Input: Argument, Output: Reply>(
        _ path: String, _ summary: String, _ words: String, for admissions: [Admission]?,
        onRecord: Bool = false,
        _ handler: @escaping @Sendable (repeat each Input) async throws -> Output
    ) -> Route {
        Route(.get, path, summary, words, admissions, onRecord ? .writing : .reading, handler)
    }

    static func post<each Input: Argument, Output: Reply>(
        _ path: String, _ summary: String, _ words: String, for admissions: [Admission]?,
        _ handler: @escaping @Sendable (repeat each Input) async throws -> Output
    ) -> Route { Route(.post, path, summary, words, admissions, .writing, handler) }

    /// A question that does not fit into an address: a reading that is asked by POST, and changes
    /// nothing.
    static func query<each Input: Argument, Output: Reply>(
        _ path: String, _ summary: String, _ words: String, for admissions: [Admission]?,
        _ handler: @escaping @Sendable (repeat each Input) async throws -> Output
    ) -> Route { Route(.post, path, summary, words, admissions, .reading, handler) }

    static func put<each Input: Argument, Output: Reply>(
        _ path: String, _ summary: String, _ words: String, for admissions: [Admission]?,
        _ handler: @escaping @Sendable (repeat each Input) async throws -> Output
    ) -> Route { Route(.put, path, summary, words, admissions, .writing, handler) }

    /// A JSON merge patch (RFC 7396): what is absent stays, null empties.
    static func patch<each Input: Argument, Output: Reply>(
        _ path: String, _ summary: String, _ words: String, for admissions: [Admission]?,
        _ handler: @escaping @Sendable (repeat each Input) async throws -> Output
    ) -> Route { Route(.patch, path, summary, words, admissions, .writing, handler) }

    static func delete<each Input: Argument, Output: Reply>(
        _ path: String, _ summary: String, _ words: String, for admissions: [Admission]?,
        _ handler: @escaping @Sendable (repeat each Input) async throws -> Output
    ) -> Route { Route(.delete, path, summary, words, admissions, .writing, handler) }
}

/// Names the function that answers a route.
///
/// It returns what it is given. Swift 6.3.1 crashes where a function's name is converted straight
/// to an async function of a parameter pack; with a value in between it does not.
func by<Handler>(_ handler: Handler) -> Handler { handler }

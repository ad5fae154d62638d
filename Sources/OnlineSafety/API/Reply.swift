import Bytes
import HTTP
import Postgres

/// What a handler may return.
protocol Reply: SendableMetatype {
    var status: Status { get }

    /// `nil` where there is no body.
    var type: StaticString? { get }

    /// Throws if, now that the statements have run, there is nothing to show.
    func check(_ call: Call) throws(Problem)
    func headers(_ call: Call) -> [Header]
    func write(to output: inout ByteBuffer, _ call: Call)

    /// Is sent instead of what `write` says, where that would be only a part.
    var export: Export? { get }

    /// Answers by itself, where the answer goes on; `nil` of all others.
    func follow(_ call: Call) async throws -> Outcome?

    static func describe(_ operation: inout OperationWords)
}

extension Reply {
    var status: Status { .ok }
    var type: StaticString? { "application/json" }
    func check(_ call: Call) throws(Problem) {}
    func headers(_ call: Call) -> [Header] { [] }
    var export: Export? { nil }
    func follow(_ call: Call) async throws -> Outcome? { nil }
}

/// A header of an answer that belongs to the record shown, and is kept with it.
struct Header {
    enum Name: String, CaseIterable {
        case etag = "ETag", location = "Location", link = "Link", pragma = "Pragma"
        case challenge = "WWW-Authenticate", disposition = "Content-Disposition"
    }

    let name: Name
    let value: String
}

extension HeaderWriter {
    mutating func add(_ header: Header) {
        switch header.name {
        case .etag: add("ETag", header.value)
        case .location: add("Location", header.value)
        case .link: add("Link", header.value)
        case .pragma: add("Pragma", header.value)
        case .challenge: add("WWW-Authenticate", header.value)
        case .disposition: add("Content-Disposition", header.value)
        }
    }
}

/// How a request ended, for the log and the figures.
struct Outcome: Sendable {
    let status: Status

    /// That of the problem, where there was one.
    var code: String?

    /// It had begun, and broke off.
    var isCut = false

    /// HTTP has refused it: it is counted and in the log.
    var isToldAlready = false
}

/// `204`: done, and nothing to say.
struct Done: Reply {
    var status: Status { .noContent }
    var type: StaticString? { nil }
    func write(to output: inout ByteBuffer, _ call: Call) {}

    static func describe(_ operation: inout OperationWords) {
        operation.answers(.noContent, "Done; there is nothing to show.")
    }
}

extension Call {
    /// Ends the transaction and answers. With an idempotency key the answer is kept in the same
    /// transaction, so that it and the deed stand or fall together.
    mutating func finish<Output: Reply>(_ reply: Output) async throws -> Outcome {
        if let export = reply.export { return try await send(export) }
        if let outcome = try await reply.follow(self) { return outcome }
        if let key {
            try await transaction.settle()
            try reply.check(self)
            key.keep(KeptAnswer(reply, self), in: transaction)
        }
        try await transaction.commit()
        try reply.check(self)
        return respond(reply)
    }

    private func respond<Output: Reply>(_ reply: Output) -> Outcome {
        var status = reply.status
        if request.method == .get || request.method == .head, isUnchanged(reply) {
            status = .notModified
        }
        connection.respond(
            status, type: status == .notModified ? nil : reply.type,
            headers: { headers in
                addCommonHeaders(&headers)
                for header in reply.headers(self) { headers.add(header) }
            },
            body: { if status != .notModified { reply.write(to: &$0, self) } })
        return Outcome(status: status)
    }

    func addCommonHeaders(_ headers: inout HeaderWriter) {
        headers.add("X-Request-Id", requestID.string)
        headers.add(
            "Cache-Control", route.keptSeconds.map { "public, max-age=\($0)" } ?? "no-store")
        headers.add("X-Content-Type-Options", "nosniff")
        if let limit = intake?.limit ?? limit { headers.add(limit) }
        service.origins.addHeaders(&headers, for: request)
    }

    private func isUnchanged<Output: Reply>(_ reply: Output) -> Bool {
        guard let etag = (reply as? any Tagged)?.etag,
            let known = request["if-none-match"]
        else { return false }
        return ETag.list(known, contains: etag)
    }
}

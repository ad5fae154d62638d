import HTTP

/// What a browser is told about calls from other origins (CORS): only origins that the operator
/// named may call, and what they may read of an answer. Errors carry the same headers.
struct Origins: Sendable {
    private let allowed: Set<String>

    init(_ origins: [String]) { allowed = Set(origins) }

    /// The request's origin, when it is one of those.
    func origin(of request: Request) -> String? {
        guard let header = request["origin"] else { return nil }
        let origin = String(decoding: header, as: UTF8.self)
        return allowed.contains(origin) ? origin : nil
    }

    func addHeaders(_ headers: inout HeaderWriter, for request: Request) {
        guard !allowed.isEmpty else { return }
        headers.add("Vary", "Origin")
        guard let origin = origin(of: request) else { return }
        headers.add("Access-Control-Allow-Origin", origin)
        headers.add(
            "Access-Control-Expose-Headers",
            "ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id, "
                + "Idempotency-Replayed")
    }

    /// Answers a browser that asks before it calls, and any other OPTIONS.
    func answer(
        _ request: Request, _ id: RequestID, allow: String, on connection: HTTP.Connection
    ) -> Outcome {
        connection.respond(
            .noContent, type: nil,
            headers: { headers in
                headers.add("X-Request-Id", id.string)
                headers.add("Allow", allow)
                addHeaders(&headers, for: request)
                guard origin(of: request) != nil else { return }
                headers.add("Access-Control-Allow-Methods", allow)
                headers.add(
                    "Access-Control-Allow-Headers",
                    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, "
                        + "Last-Event-ID, X-Request-Id")
                headers.add("Access-Control-Max-Age", "600")
            })
        return Outcome(status: .noContent)
    }
}

import HTTP

/// Answers what the HTTP layer refuses: by a name, with a line in the log, and counted, like all
/// that is answered here. Of the request only what was read of it is known, if anything.
struct Refusing {
    let log: Log
    let measures: MeasureShard
    let origins: Origins

    /// Knows the routes, of which one may have been meant.
    var router: Router?

    func answer(_ refused: Refused, on connection: HTTP.Connection) {
        let (fault, request) = (refused.fault, refused.request)
        let id = RequestID(request)
        let found = request.flatMap { try? router?.find($0).0 }
        let detail =
            fault == .bodyTooLarge
            ? found.map { "\(fault.detail) At most \($0.route.bodyLimit) bytes." } : nil
        connection.respond(
            fault.status, type: "application/problem+json",
            headers: { headers in
                headers.add("X-Request-Id", id.string)
                headers.add("Cache-Control", "no-store")
                if let seconds = refused.retryAfter { headers.add("Retry-After", seconds) }
                if let request { origins.addHeaders(&headers, for: request) }
            },
            body: { Problem.write(fault, detail, requestID: id.string, to: &$0) })
        measures.count(route: found?.number, fault.status.code, refused.milliseconds)
        log.request(
            request?.method, found?.route.path,
            Outcome(status: fault.status, code: fault.code.description), refused.milliseconds, id)
    }
}

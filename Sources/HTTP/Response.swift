import Bytes

extension Connection {
    /// Answers the request that is being handled; once: a second answer is not sent.
    ///
    /// Without a `type` there is no body. `headers` adds fields to `Date`, `Connection`,
    /// `Content-Type` and `Content-Length`. `body` appends the body straight to what is sent; for
    /// HEAD it is measured only.
    package func respond(
        _ status: Status, type: StaticString?,
        headers: (inout HeaderWriter) -> Void = { _ in },
        body: (inout ByteBuffer) -> Void = { _ in }
    ) {
        guard !hasAnswered, !isEnded else { return }
        hasAnswered = true
        if local.idleEnd != nil { isLast = true }
        local.lendOutput(&output)
        appendHead(status, type: type, headers: headers)
        if type == nil || status.hasNoBody {
            output.append(status.hasNoBody ? "\r\n" : "Content-Length: 0\r\n\r\n")
        } else {
            appendBody(body)
        }
    }

    private func appendHead(
        _ status: Status, type: StaticString?, headers: (inout HeaderWriter) -> Void
    ) {
        output.append(status.line)
        local.clock.appendDate(to: &output)
        if isLast { output.append("Connection: close\r\n") }
        if let type {
            output.append("Content-Type: ")
            output.append(type)
            output.append("\r\n")
        }
        HeaderWriter.write(to: &output, headers)
    }

    /// The body goes straight behind the head, which has a gap for its length.
    private func appendBody(_ body: (inout ByteBuffer) -> Void) {
        output.append("Content-Length:                    ")
        let lengthEnd = output.count - 1
        output.append("\r\n\r\n")
        let start = output.count
        body(&output)
        output.overwrite(at: lengthEnd, output.count - start)
        if isHead { output.truncate(to: start) }
    }

    /// Gives the answer of the HTTP layer itself, the last one of this connection.
    func refuse(_ fault: Fault) {
        (hasAnswered, isLast) = (false, true)
        respond(fault.status, type: "application/problem+json") { headers in
            if fault.isPassing { headers.add("Retry-After", local.limits.retryAfter) }
        } body: { body in
            local.refuse(fault.status, fault.code, fault.detail, &body)
        }
    }
}

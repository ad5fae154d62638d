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
        guard beginAnswer(status, type: type, headers: headers) else { return }
        if type == nil || status.hasNoBody {
            output.append(status.hasNoBody ? "\r\n" : "Content-Length: 0\r\n\r\n")
        } else {
            appendBody(body)
        }
    }

    /// Writes the head but for what says how long the body is; `false` when there is nobody to
    /// answer, or an answer already.
    func beginAnswer(
        _ status: Status, type: StaticString?, headers: (inout HeaderWriter) -> Void
    ) -> Bool {
        guard !hasAnswered, !isEnded else { return false }
        hasAnswered = true
        if isDraining { isLast = true }
        local.lendOutput(&output)
        output.append(status.line)
        local.clock.appendDate(to: &output)
        if isLast { output.append("Connection: close\r\n") }
        if let type {
            output.append("Content-Type: ")
            output.append(type)
            output.append("\r\n")
        }
        HeaderWriter.write(to: &output, headers)
        return true
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

    /// Lets the service give the last answer of this connection.
    package func refuse(_ fault: Fault) {
        (hasAnswered, isLast) = (false, true)
        service.refuse(Refused(fault, of: self), self)
        if !hasAnswered { respond(fault.status, type: nil) }
    }
}

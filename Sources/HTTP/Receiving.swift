import Bytes
import EventLoop
import Glibc

extension Connection {
    /// The next request; `nil` when there is none, because the client has gone, or has been idle
    /// for too long, or has been refused.
    func nextRequest() async -> Request? {
        forgetRequest()
        local.line.enter(self)
        do throws(Fault) {
            return try await receive()
        } catch {
            refuse(error)
            letGoOfInput()
            await flush()
            return nil
        }
    }

    private func receive() async throws(Fault) -> Request? {
        while !isEnded {
            switch try advance() {
            case .request: return begin()
            case .head:
                try expectBody()
                if incoming != nil { return begin() }
            case .incomplete:
                await flush()
                guard try await moreInput() else { return nil }
            }
        }
        return nil
    }

    private func advance() throws(Fault) -> RequestParser.Progress {
        guard let table else { return .incomplete }
        let progress = try parser.advance(over: &input, within: local.limits, into: table)
        isHead = parser.head.method == .head
        if parser.announced > 0, progress != .head {
            try holdBody()
            if progress == .incomplete, line !== local.bodies.line {
                local.bodies.line.enter(self)
            }
        }
        return progress
    }

    /// What a body only announces counts for nothing, or nobody could send one once a few had.
    private func holdBody() throws(Fault) {
        let more = input.capacity - held
        guard more > 0 else { return }
        guard local.bodies.hold(more, beside: held, for: self) else { throw .tooManyBodies }
        held = input.capacity
    }

    private func begin() -> Request? {
        guard let table else { return nil }
        line?.leave(self)
        let request = Request(
            parser, of: input.bytes, table: table, at: receivedAt, hasBody: incoming == nil)
        (hasAnswered, isLast) = (false, !request.keepsAlive || incoming != nil)
        return request
    }

    /// Bounds the body, and asks for it, also where it is here already, so that its packets make no
    /// difference (RFC 9110, 10.1.1).
    private func expectBody() throws(Fault) {
        paceSince = loop.now
        switch bodyIntake {
        case .whole(let most): try parser.limitBody(to: most)
        case .streamed(let most):
            try parser.limitBody(to: most)
            incoming = IncomingBody(of: parser.head, behind: input.bytes, upTo: most, on: self)
            return
        }
        let framing = parser.head.framing
        guard framing.expectsContinue, framing.isChunked || parser.announced > 0 else { return }
        local.lendOutput(&output)
        output.append("HTTP/1.1 100 Continue\r\n\r\n")
    }

    private var bodyIntake: BodyIntake {
        guard let table, let bodyLimit = service.bodyLimit else {
            return .whole(upTo: local.limits.body)
        }
        return bodyLimit(
            Request(parser, of: input.bytes, table: table, at: receivedAt, hasBody: false))
    }

    /// Frees what the last request took. What came behind it is the beginning of the next.
    func forgetRequest() {
        forgetBytes()
        receivedAt = loop.now
        if input.isEmpty {
            if let table { local.giveBack(table) }
            table = nil
        } else {
            table?.removeAll()
        }
    }

    /// Frees the bytes of a request that has been handled, before its answer is taken: who takes
    /// that slowly should not hold what they sent.
    func forgetBytes() {
        incoming = nil
        if parser.isInBody { input.consume(min(parser.end, input.count)) }
        local.bodies.letGo(held, of: self)
        (parser, held) = (RequestParser(), 0)
        if input.isEmpty {
            local.giveBackInput(&input)
        } else {
            input.shrink(below: local.limits.head)
        }
    }

    /// Frees what has come of a request that is refused.
    func letGoOfInput() {
        if line === local.bodies.line { local.line.enter(self) }
        local.bodies.letGo(held, of: self)
        held = 0
        input.release()
    }
}

// MARK: - Reading

extension Connection {
    /// Waits for input; `false` when none will come.
    private func moreInput() async throws(Fault) -> Bool {
        guard !isCutShort, await wait(until: inputDeadline) == .ready, !isCutShort else {
            guard isIdle else { throw .tooSlow }
            return false
        }
        return isEnded ? false : try fill()
    }

    /// Nothing of a request has arrived.
    var isIdle: Bool { table == nil }

    private var inputDeadline: Int {
        let limits = local.limits
        if isIdle { return min(receivedAt + limits.idleTime, local.idleEnd ?? .max) }
        guard parser.isInBody else { return receivedAt + limits.headTime }
        let pace = parser.received(in: input) * 1000 / limits.bodyRate
        let pause = min(paceSince + pace, loop.now) + limits.bodyPause
        return min(pause, paceSince + limits.bodyTime)
    }

    /// Reads what there is, up to a bound.
    private func fill() throws(Fault) -> Bool {
        local.lendInput(&input)
        let room = parser.room(in: input)
        input.reserve(room, growingTo: parser.length ?? .max)
        var count = 0
        input.fill(upTo: room) { target in
            count = read(descriptor, target, room)
            return max(0, count)
        }
        if count > 0 { beginHead() }
        if count < 0, errno == EAGAIN || errno == EINTR { return true }
        guard count != 0 || isIdle else { throw .truncated }
        if count <= 0 { end() }
        return count > 0
    }

    private func beginHead() {
        guard isIdle else { return }
        table = local.lendTable()
        receivedAt = loop.now
        local.line.enter(self)
    }
}

import Bytes
import EventLoop
import Glibc

extension Connection {
    /// Sends what there is, as fast as the client takes it; a client that takes it too slowly is
    /// given up.
    func flush() async {
        let begin = loop.now
        var sent = 0
        while sendSome(&sent), holdOutput() {
            let deadline = endOfTaking(since: begin, sent)
            if await wait(read: false, until: deadline) == .expired { end() }
        }
        letGoOfOutput()
    }

    /// When whoever has taken so much since `begin` must have taken more.
    func endOfTaking(since begin: Int, _ sent: Int) -> Int {
        let pace = sent * 1000 / local.limits.answerRate
        return min(begin + pace, loop.now) + local.limits.answerPause
    }

    /// Sends what the socket takes; `true` when some is left that it may take later.
    func sendSome(_ sent: inout Int) -> Bool {
        while !output.isEmpty, !isEnded {
            let count = send(
                descriptor, output.bytes.baseAddress, output.count, Int32(MSG_NOSIGNAL))
            if count >= 0 {
                output.consume(count)
                sent += count
            } else if errno == EAGAIN {
                return true
            } else if errno != EINTR {
                end()
            }
        }
        return false
    }

    /// Counts what waits to be taken in the sum of all; `false`, and the client is given up, when
    /// there is no room. (What is said to those from whom a request is awaited is too little to
    /// count.)
    func holdOutput() -> Bool {
        let more = output.capacity - heldOutput
        guard more > 0, line == nil || line === local.answers.line else { return true }
        guard local.answers.hold(more, beside: heldOutput, for: self) else {
            end()
            return false
        }
        if line == nil { local.answers.line.enter(self) }
        heldOutput += more
        return true
    }

    /// Frees what has been taken, or never will be.
    func letGoOfOutput() {
        local.giveBackOutput(&output)
        guard heldOutput > 0 else { return }
        local.answers.letGo(heldOutput, of: self)
        heldOutput = 0
        if line === local.answers.line { line?.leave(self) }
    }

    /// Says that no more answers come, and reads on for a while without looking: were the socket
    /// closed over unread input, a reset could overtake the last answer (RFC 9112, 9.6).
    func linger() async {
        guard !isEnded else { return }
        shutdown(descriptor, Int32(SHUT_WR))
        input.release()
        let end = loop.now + local.limits.lingerTime
        var left = local.limits.lingerBytes
        while left > 0, await wait(until: end) == .ready, !isEnded {
            let count = recv(descriptor, nil, left, Int32(MSG_TRUNC))
            guard count > 0 || count < 0 && errno == EAGAIN else { return }
            left -= max(0, count)
        }
    }
}

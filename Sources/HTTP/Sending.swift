import Bytes
import EventLoop
import Glibc

extension Connection {
    /// Sends what there is, as fast as the client takes it; a client that takes it too slowly is
    /// given up.
    func flush() async {
        let begin = loop.now
        var sent = 0
        while sendSome(&sent) {
            let pace = sent * 1000 / local.limits.answerRate
            let deadline = min(begin + pace, loop.now) + local.limits.answerPause
            if await wait(read: false, until: deadline) == .expired { end() }
        }
        local.giveBackOutput(&output)
    }

    /// Sends what the socket takes; `true` when some is left that it may take later.
    private func sendSome(_ sent: inout Int) -> Bool {
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

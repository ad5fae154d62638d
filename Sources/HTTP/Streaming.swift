import Bytes
import EventLoop
import Glibc

extension Connection {
    /// Answers with a body that `produce` writes piece by piece, as the client takes it: in chunks
    /// (RFC 9112, 7.1), to HTTP/1.0 until the connection closes. For HEAD nothing is produced.
    ///
    /// Where `produce` throws, the connection ends so that the client can tell that the answer is
    /// not whole, and the error is thrown again; `StreamEnd.draining` ends it properly. An answer
    /// that `isEndless` is over once the client has ended its side, also when nothing is written;
    /// of others a client may do so while it waits. How many there are at once is for the service
    /// to bound, by whom it knows: `Places`.
    package func stream(
        _ status: Status, type: StaticString, isEndless: Bool = false,
        headers: (inout HeaderWriter) -> Void = { _ in },
        _ produce: (BodyStream) async throws -> Void
    ) async throws {
        let isChunked = !parser.head.isOldVersion
        guard beginAnswer(status, type: type, headers: headers) else { throw StreamEnd.gone }
        output.append(isChunked ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n")
        guard !isHead else { return }
        let stream = BodyStream(on: self, isChunked: isChunked, isEndless: isEndless)
        begin(stream)
        defer { endStream() }
        do {
            try await produce(stream)
        } catch StreamEnd.draining {
            isLast = true
        } catch {
            cut(isChunked: isChunked)
            throw error
        }
        if isChunked, !isEnded { output.append("0\r\n\r\n") }
    }

    /// An answer that was begun is not whole: the client is let know.
    private func cut(isChunked: Bool) {
        guard !isEnded else { return }
        if !isChunked { resetsWhenClosed() }
        end(silently: !isChunked)
    }

    /// What ends with its connection must not end like a whole answer.
    private func resetsWhenClosed() {
        var reset = Glibc.linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<Glibc.linger>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, size)
    }

    /// Whether the client has gone, or with `orHalf` will send nothing any more. Asked anew, since
    /// an event may be older than what was asked for last.
    func hasHungUp(orHalf: Bool) -> Bool {
        var state = pollfd(fd: descriptor, events: orHalf ? endOfTheOther : 0, revents: 0)
        return poll(&state, 1, 0) > 0
    }
}

/// `POLLRDHUP`, which the C library shows to GNU sources only.
private let endOfTheOther: Int16 = 0x2000

import Bytes
import EventLoop
import Glibc

/// The body of a request that is handed over as it comes. While nobody asks for more, nothing is
/// read: a client that sends faster than it is taken waits. Held to the pace, the pauses and the
/// bound of `Limits`, it holds two pieces at most.
package final class IncomingBody {
    private unowned let connection: Connection
    private var buffer = ByteBuffer()
    private var chunks: ChunkedBody?

    /// What is still to come, of a body that has said how long it is.
    private var left: Int

    /// What was handed over last, and lies at the start of the buffer until more is asked for.
    private var given = 0
    private var received = 0
    private var owesContinue: Bool

    init(
        of head: RequestHead, behind bytes: UnsafeRawBufferPointer, upTo most: Int,
        on connection: Connection
    ) {
        self.connection = connection
        left = head.framing.length ?? 0
        owesContinue = head.framing.expectsContinue
        if head.framing.isChunked { chunks = ChunkedBody(at: 0, upTo: most) }
        if bytes.count > head.length {
            buffer.append(UnsafeRawBufferPointer(rebasing: bytes[head.length...]))
        }
    }

    /// The next bytes of it, some at least, valid until the next call; `nil` after the last. Throws
    /// when it breaks off, comes too slowly or is not well-formed: the rest is of no use.
    package func next() async throws(Fault) -> UnsafeRawBufferPointer? {
        letGo()
        while true {
            if try takeDecoded() { return UnsafeRawBufferPointer(rebasing: buffer.bytes[..<given]) }
            guard !isWhole else { return nil }
            try await more()
        }
    }

    private var isDecoded = false
    private var isWhole: Bool { chunks == nil ? left == 0 : isDecoded }

    private func letGo() {
        buffer.consume(given)
        chunks?.letGo()
        given = 0
    }

    /// Whether some of what has come can be handed over.
    private func takeDecoded() throws(Fault) -> Bool {
        if chunks != nil {
            if !isDecoded {
                isDecoded =
                    try chunks?.advance(over: &buffer, within: connection.local.limits) ?? true
            }
            given = chunks?.held ?? 0
        } else {
            given = min(left, buffer.count)
            left -= given
        }
        received += given
        return given > 0
    }

    private func more() async throws(Fault) {
        if owesContinue {
            owesContinue = false
            connection.local.lendOutput(&connection.output)
            connection.output.append("HTTP/1.1 100 Continue\r\n\r\n")
            await connection.flush()
        }
        guard await connection.wait(until: deadline) == .ready else { throw .tooSlow }
        guard !connection.isEnded else { throw .truncated }
        let room = connection.local.limits.streamPiece
        var count = 0
        buffer.fill(upTo: room) { target in
            count = read(connection.descriptor, target, room)
            return max(0, count)
        }
        let isPassing = count < 0 && (errno == EAGAIN || errno == EINTR)
        guard count > 0 || isPassing else { throw .truncated }
    }

    /// As of a body that is received whole; what its handler took for itself is not the client's.
    private var deadline: Int {
        let (limits, begin) = (connection.local.limits, connection.paceSince)
        let pace = received * 1000 / limits.bodyRate
        let pause = min(begin + pace, connection.loop.now) + limits.bodyPause
        return min(pause, begin + limits.streamTime)
    }
}

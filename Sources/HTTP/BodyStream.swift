import Bytes
import EventLoop

/// Why a streamed answer ends before its writer is done.
package enum StreamEnd: Error {
    /// The client has gone, or took too little too slowly and was given up.
    case gone

    /// The worker drains: what has been written is completed, and the client may come again.
    case draining
}

/// The body of an answer that is written piece by piece, as the client takes it. It belongs to the
/// one task that writes it, and to its loop.
package final class BodyStream {
    private unowned let connection: Connection
    private let isChunked: Bool
    private let isEndless: Bool
    private var waiter: UnsafeContinuation<Void, Never>?
    private var isNudged = false

    /// Since when something waits to be taken, and how much of it has been.
    private var since: Int?
    private var sent = 0

    init(on connection: Connection, isChunked: Bool, isEndless: Bool) {
        (self.connection, self.isChunked, self.isEndless) = (connection, isChunked, isEndless)
    }

    /// Sends what `fill` appends. Returns at once while at most `Limits.streamAhead` bytes wait to
    /// be taken, and else when half of that has been; throws as soon as the client has gone.
    package func write(_ fill: (inout ByteBuffer) -> Void) async throws(StreamEnd) {
        guard !connection.isEnded else { throw .gone }
        connection.local.lendOutput(&connection.output)
        if isChunked { appendChunk(fill) } else { fill(&connection.output) }
        push()
        let most = connection.local.limits.streamAhead
        if connection.output.count > most {
            while !connection.isEnded, connection.output.count > most / 2 { await wait() }
        }
        guard !connection.isEnded else { throw .gone }
    }

    /// Waits for `nudge`, so many milliseconds at most: `true` when it came, also before. Throws as
    /// soon as the client has gone or the worker drains.
    package func rest(upTo milliseconds: Int) async throws(StreamEnd) -> Bool {
        let end = connection.loop.now + milliseconds
        let timer = connection.loop.after(milliseconds) { [weak self] in self?.wake() }
        while !isNudged, !isOver, connection.loop.now < end { await wait() }
        timer.cancel()
        guard !connection.isEnded else { throw .gone }
        guard !connection.isDraining else { throw .draining }
        defer { isNudged = false }
        return isNudged
    }

    /// Says that there may be something to write: the present rest is over, or else the next one.
    /// Many are like one. Called on the loop.
    package func nudge() {
        isNudged = true
        wake()
    }

    private var isOver: Bool { connection.isEnded || connection.isDraining }

    private func wait() async { await withUnsafeContinuation { waiter = $0 } }

    /// Whoever waits looks again whether there is still reason to.
    func wake() {
        guard let waiter else { return }
        self.waiter = nil
        waiter.resume()
    }

    /// The size comes first, and is known last (RFC 9112, 7.1). Nothing is no chunk: one of size 0
    /// would be the last.
    private func appendChunk(_ fill: (inout ByteBuffer) -> Void) {
        let begin = connection.output.count
        connection.output.append("00000000\r\n")
        let start = connection.output.count
        fill(&connection.output)
        let size = connection.output.count - start
        guard size > 0 else { return connection.output.truncate(to: begin) }
        connection.output.overwrite(at: begin + 7, size, radix: 16)
        connection.output.append("\r\n")
    }
}

// MARK: - Sending

extension BodyStream {
    /// Sends what the client takes now, and asks to be told when it takes more.
    func push() {
        let begin = since ?? connection.loop.now
        if connection.sendSome(&sent), connection.holdOutput() {
            since = begin
            connection.expire(at: connection.endOfTaking(since: begin, sent))
            connection.want(read: false, write: true, hangUp: isEndless)
        } else {
            (since, sent) = (nil, 0)
            connection.letGoOfOutput()
            connection.expire(at: .max)
            connection.want(read: false, write: false, hangUp: isEndless)
        }
    }

    /// Something happened to the socket.
    func ready(read: Bool) {
        if read, connection.hasHungUp(orHalf: isEndless) { return connection.end() }
        push()
        wake()
    }
}

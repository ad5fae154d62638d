import CLibpq
import EventLoop

/// One attempt to connect, which the loop drives; it owns itself until it has ended.
final class Dial {
    typealias Outcome = Result<OpaquePointer, PostgresError>

    private let pg: OpaquePointer?
    private unowned let loop: EventLoop
    private var channel: DialChannel?
    private var timer: Timer?
    private var done: ((Outcome) -> Void)?

    /// `done` is called once, on the loop and never before this returns.
    init(
        _ string: ConnectionString, loop: EventLoop, milliseconds: Int,
        _ done: @escaping (Outcome) -> Void
    ) {
        pg = string.withPointers { PQconnectStartParams($0, $1, 0) }
        self.loop = loop
        self.done = done
        PQsetNoticeReceiver(pg, { _, _ in }, nil)
        if PQstatus(pg) == CONNECTION_BAD {
            timer = loop.after(0) { self.fail(self.reason) }
        } else {
            timer = loop.after(milliseconds) { self.fail("connecting took too long") }
            watch(read: false)
        }
    }

    /// Ends it: `done` hears of a failure, unless it has been called already.
    func cancel() {
        if done != nil { fail("the pool was closed meanwhile") }
    }

    private var reason: String { String(cString: PQerrorMessage(pg)) }

    /// libpq may close its socket and open another at every step.
    private func advance() {
        unwatch()
        switch PQconnectPoll(pg) {
        case PGRES_POLLING_READING: watch(read: true)
        case PGRES_POLLING_WRITING: watch(read: false)
        case PGRES_POLLING_OK: succeed()
        default: fail(reason)
        }
    }

    private func succeed() {
        if let pg { end()?(.success(pg)) }
    }

    private func fail(_ message: String) {
        let done = end()
        PQfinish(pg)
        done?(.failure(PostgresError(.unavailable, message)))
    }

    private func end() -> ((Outcome) -> Void)? {
        timer?.cancel()
        unwatch()
        defer { done = nil }
        return done
    }

    private func watch(read: Bool) {
        let channel = DialChannel(descriptor: PQsocket(pg)) { self.advance() }
        self.channel = channel
        loop.watch(channel)
        loop.want(read: read, write: !read, channel)
    }

    private func unwatch() {
        if let channel { loop.unwatch(channel) }
        channel = nil
    }
}

/// The socket of an attempt, for as long as it is this one.
private final class DialChannel: Channel {
    private let isReady: () -> Void

    init(descriptor: Int32, _ isReady: @escaping () -> Void) {
        self.isReady = isReady
        super.init(descriptor: descriptor)
    }

    override public func ready(read: Bool, write: Bool) { isReady() }
}

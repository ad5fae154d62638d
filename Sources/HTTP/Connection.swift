import Bytes
import EventLoop
import Glibc

/// One client.
///
/// While a handler runs, and until its answer has been taken, nothing more is read: that is the
/// back-pressure, and it keeps the request's slices valid. An idle connection holds no buffer.
package final class Connection: Channel {
    /// Why a wait is over.
    enum Wake { case ready, expired }

    package let peerAddress: PeerAddress

    /// The request being handled is HEAD: the body of its answer is measured and not sent.
    package internal(set) var isHead = false

    unowned let loop: EventLoop
    let local: LoopLocal
    let service: Service
    var input = ByteBuffer()
    var output = ByteBuffer()
    var parser = RequestParser()
    var table: FieldTable?
    var held = 0
    var heldOutput = 0
    var receivedAt = 0
    var paceSince = 0

    /// The line of those who keep the server waiting in which it is, and its neighbours there.
    var line: WaitingLine?
    var before: Connection?
    var behind: Connection?

    /// The request that is being handled.
    var request: Request?

    /// The request that is being handled has been answered, or its answer has begun.
    package internal(set) var hasAnswered = false

    /// The body of that request, where it is handed over as it comes.
    package var incoming: IncomingBody?

    /// The answer that is being written piece by piece.
    private var stream: BodyStream?

    /// No request follows this one.
    var isLast = false

    /// Its body was given up, so that others have room.
    private(set) var isCutShort = false

    /// The client has gone, or was given up.
    private(set) var isEnded = false

    private var waiter: UnsafeContinuation<Wake, Never>?
    private var wishes = Wishes(read: true, write: false, hangUp: false)
    private var deadline = Int.max
    private var timer: Timer?
    private var timerDue = Int.max

    init(
        descriptor: Int32, peer: PeerAddress, loop: EventLoop, local: LoopLocal, service: Service
    ) {
        self.loop = loop
        self.local = local
        self.service = service
        peerAddress = peer
        super.init(descriptor: descriptor)
        local.connections[descriptor] = self
        loop.watch(self)
    }

    /// Nobody waiting, something else happened: either more input came, which must now wait, or the
    /// kernel reports, unasked and again and again, that the client is gone.
    override public func ready(read: Bool, write: Bool) {
        if waiter != nil {
            wake(.ready)
        } else if let stream {
            stream.ready(read: read)
        } else if wishes.areAny {
            want(read: false, write: false)
        } else {
            end()
        }
    }

    /// Gives the client up: whatever waits for it goes on at once, and fails. The client is told
    /// when the socket is closed, or unless `silently` at once.
    func end(silently: Bool = false) {
        guard !isEnded else { return }
        isEnded = true
        loop.unwatch(self)
        if !silently { shutdown(descriptor, Int32(SHUT_RDWR)) }
        wake(.ready)
        stream?.wake()
    }

    /// Gives up the body that is being received, and its memory at once; the client is told so.
    func cutShort() {
        isCutShort = true
        letGoOfInput()
        wake(.ready)
    }

    /// Gives up an answer that waits to be taken, and its memory at once.
    func giveUpAnswer() {
        end()
        letGoOfOutput()
    }

    /// Closes the socket. The connection is not used again.
    func close() {
        end()
        timer?.cancel()
        forgetRequest()
        letGoOfOutput()
        line?.leave(self)
        local.connections[descriptor] = nil
        Glibc.close(descriptor)
    }
}

// MARK: - Waiting

extension Connection {
    /// Waits until the client has sent something, or with `read` false taken something.
    func wait(read: Bool = true, until deadline: Int) async -> Wake {
        guard !isEnded else { return .ready }
        want(read: read, write: !read)
        expire(at: deadline)
        return await withUnsafeContinuation { waiter = $0 }
    }

    /// Moves the end of the present wait. The timer is only touched when it would come too late:
    /// when it comes too early, it is set again.
    func expire(at deadline: Int) {
        self.deadline = deadline
        guard deadline < timerDue else { return }
        timer?.cancel()
        timerDue = deadline
        timer = loop.after(deadline - loop.now) { [weak self] in self?.timeHasCome() }
    }

    private func timeHasCome() {
        timerDue = .max
        guard waiter != nil || stream != nil else { return }
        guard loop.now >= deadline else { return expire(at: deadline) }
        if stream != nil { end() } else { wake(.expired) }
    }

    private func wake(_ reason: Wake) {
        guard let waiter else { return }
        self.waiter = nil
        waiter.resume(returning: reason)
    }

    /// Says what to be told of from now on; `hangUp`: that the client will send nothing any more.
    func want(read: Bool, write: Bool, hangUp: Bool = false) {
        let wishes = Wishes(read: read, write: write, hangUp: hangUp)
        guard wishes != self.wishes, !isEnded else { return }
        self.wishes = wishes
        loop.want(read: read, write: write, hangUp: hangUp, self)
    }
}

/// What a connection is to be told of.
private struct Wishes: Equatable {
    let read: Bool
    let write: Bool
    let hangUp: Bool

    var areAny: Bool { read || write || hangUp }
}

// MARK: - Streams

extension Connection {
    func begin(_ stream: BodyStream) {
        (self.stream, deadline) = (stream, .max)
        stream.push()
    }

    func endStream() {
        stream = nil
        if isDraining { isLast = true }
        want(read: false, write: false)
    }

    /// Whoever rests while nothing is to be written looks again.
    func wakeStream() { stream?.wake() }

    /// The worker takes its leave.
    var isDraining: Bool { local.idleEnd != nil }
}

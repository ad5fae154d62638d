import EventLoop

/// Those who wait for something of the pool's, first come, first served; bounded in number.
final class WaitingLine {
    private let loop: EventLoop
    private let limit: Int
    private var waiters = Queue<Waiter>()

    init(_ loop: EventLoop, limit: Int) {
        self.loop = loop
        self.limit = limit
    }

    var isEmpty: Bool { waiters.isEmpty }

    /// Waits to be admitted; `.busy` at once when the line is full.
    func wait(_ patience: Patience) async throws(PostgresError) {
        guard waiters.count < limit else { throw .lineIsFull }
        let waiter = Waiter()
        waiters.append(waiter)
        defer { dropEnded() }
        try await waiter.wait(patience, loop)
    }

    /// Admits the first in the line; `false` when there is nobody.
    func admitFirst() -> Bool {
        dropEnded()
        guard let waiter = waiters.popFirst() else { return false }
        waiter.end(nil)
        return true
    }

    func refuseAll(_ error: PostgresError) {
        while let waiter = waiters.popFirst() { waiter.end(error) }
    }

    private func dropEnded() {
        while waiters.first?.hasEnded == true { _ = waiters.popFirst() }
    }
}

/// Until when one waits, by the loop's clock, and what it is called when that was in vain. A moment
/// and not a length, because one may wait for several things, one after another.
struct Patience {
    let end: Int
    let refusal: PostgresError
}

/// One who waits.
final class Waiter {
    private var continuation: UnsafeContinuation<Void, Never>?
    private var refusal: PostgresError?
    private(set) var hasEnded = false

    /// Waits until `end` is called, or patience ends.
    func wait(_ patience: Patience, _ loop: EventLoop) async throws(PostgresError) {
        let timer = loop.after(patience.end - loop.now) { [self] in end(patience.refusal) }
        defer { timer.cancel() }
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            if hasEnded { continuation.resume() } else { self.continuation = continuation }
        }
        if let refusal { throw refusal }
    }

    func end(_ refusal: PostgresError?) {
        guard !hasEnded else { return }
        (self.refusal, hasEnded) = (refusal, true)
        continuation?.resume()
        continuation = nil
    }
}

extension PostgresError {
    static let lineIsFull = PostgresError(.busy, "too many wait for a connection")
    static let waitedTooLong = PostgresError(.busy, "no connection became free in time")
}

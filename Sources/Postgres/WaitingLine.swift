import EventLoop

/// Those who wait for something of the pool's, first come, first served.
///
/// It is bounded in number and by its pace: who would come to their turn too late is told so at
/// once, and can ask elsewhere or later, instead of waiting for a refusal.
final class WaitingLine {
    private let loop: EventLoop
    private let limit: Int
    private let longestWait: Double
    private var waiters = Queue<Waiter>()
    private var pace = 0.0
    private var movedAt = 0

    init(_ loop: EventLoop, _ configuration: PoolConfiguration) {
        self.loop = loop
        limit = configuration.waiters
        longestWait = Double(configuration.expectedMilliseconds)
    }

    var isEmpty: Bool { waiters.isEmpty }

    /// Waits to be admitted; `.busy` at once when the line admits nobody more.
    func wait(_ patience: Patience) async throws(PostgresError) {
        guard !isFull else { throw .lineIsFull }
        if waiters.isEmpty { movedAt = loop.now }
        let waiter = Waiter()
        waiters.append(waiter)
        defer { dropEnded() }
        try await waiter.wait(patience, loop)
    }

    /// Admits the first in the line; `false` when there is nobody.
    func admitFirst() -> Bool {
        dropEnded()
        guard let waiter = waiters.popFirst() else { return false }
        learnPace()
        waiter.end(nil)
        return true
    }

    /// Whether it is as long as may be, in number or for its pace. A few are always admitted, or
    /// else a pace that is out of date would never be learned anew.
    var isFull: Bool {
        if waiters.count >= limit { return true }
        return waiters.count >= alwaysAdmitted && Double(waiters.count + 1) * pace > longestWait
    }

    /// Milliseconds from one turn to the next, of late. One long pause is not yet a slow pace.
    private func learnPace() {
        let pause = min(Double(loop.now - movedAt), longestWait)
        movedAt = loop.now
        pace += (pause - pace) / turnsRemembered
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

private let alwaysAdmitted = 4
private let turnsRemembered = 16.0

extension PostgresError {
    static let lineIsFull = PostgresError(.busy, "too many wait for a connection")
    static let waitedTooLong = PostgresError(.busy, "no connection became free in time")
}

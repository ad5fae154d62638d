import Foundation
import Synchronization

/// Does the work once for each number, all at the same time, each on a thread of its own: what
/// blocks on sockets must not hold the threads that Swift's own tasks share.
func atOnce<Result: Sendable>(
    _ count: Int, _ work: @escaping @Sendable (Int) throws -> Result
) async throws -> [Result] {
    try await withCheckedThrowingContinuation { continuation in
        let gathering = Gathering(count) { continuation.resume(with: $0) }
        for index in 0..<count {
            let thread = Thread { gathering.take(Swift.Result { try work(index) }, index) }
            thread.stackSize = 512 << 10
            thread.start()
        }
    }
}

/// Does something on a thread of its own.
func apart<Result: Sendable>(
    _ work: @escaping @Sendable () throws -> Result
) async throws -> Result {
    try await atOnce(1) { _ in try work() }[0]
}

/// The results that have come, until all have.
private final class Gathering<Result: Sendable>: Sendable {
    private let results: Mutex<[Int: Swift.Result<Result, any Error>]>
    private let count: Int
    private let done: @Sendable (Swift.Result<[Result], any Error>) -> Void

    init(_ count: Int, _ done: @escaping @Sendable (Swift.Result<[Result], any Error>) -> Void) {
        (self.count, self.done) = (count, done)
        results = Mutex([:])
    }

    func take(_ result: Swift.Result<Result, any Error>, _ index: Int) {
        let all = results.withLock { results in
            results[index] = result
            return results.count == count ? results : nil
        }
        guard let all else { return }
        done(Swift.Result { try (0..<count).compactMap { try all[$0]?.get() } })
    }
}

/// Whether it comes true before the time is up.
func eventually(
    within seconds: Double = 5, _ isTrue: () throws -> Bool
) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
        if try isTrue() { return true }
        try await Task.sleep(for: .milliseconds(10))
    }
    return false
}

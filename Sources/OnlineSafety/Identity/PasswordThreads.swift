import Crypto
import Dispatch
import Synchronization

/// Checks passwords on threads of their own, two at a time: a hash takes a fifth of a second and
/// 16 MiB, and must hold up nothing else. At most thirty-two wait; beyond that the answer is 503.
package final class PasswordThreads: Sendable {
    private let lanes: [DispatchQueue]
    private let waiting = Mutex(0)

    private static let bound = 32

    package init() {
        lanes = (0..<2).map { DispatchQueue(label: "password-\($0)") }
    }

    /// Whether the password is the one that was stored; against no account it takes just as long.
    func verify(_ password: String, against stored: String?) async throws(Problem) -> Bool {
        let lane = try enter()
        defer { waiting.withLock { $0 -= 1 } }
        let hash = stored ?? Scrypt.decoy
        let isRight = await withCheckedContinuation { continuation in
            lanes[lane].async {
                continuation.resume(
                    returning: Scrypt.verify(password: password, against: hash))
            }
        }
        return isRight && stored != nil
    }

    private func enter() throws(Problem) -> Int {
        let place = waiting.withLock { waiting in
            waiting += 1
            return waiting
        }
        guard place <= Self.bound else {
            waiting.withLock { $0 -= 1 }
            var problem = Problem(.busy, "Too many log-ins at once.")
            problem.retryAfter = 2
            throw problem
        }
        return place % lanes.count
    }
}

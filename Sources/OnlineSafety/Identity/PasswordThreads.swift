import Crypto
import Dispatch
import Synchronization

/// Checks passwords on threads of their own, two at a time: a hash takes a fifth of a second and
/// 16 MiB, and must hold up nothing else. At most thirty-two wait; beyond that the answer is 503.
package final class PasswordThreads: Sendable {
    private let queues: [DispatchQueue]
    private let lanes = Mutex(Lanes(count: 2, places: 32))

    package init() {
        queues = (0..<2).map { DispatchQueue(label: "password-\($0)") }
    }

    /// Whether the password is the one that was stored; against no account it takes just as long.
    func verify(_ password: String, against stored: String?) async throws(Problem) -> Bool {
        let lane = try enter()
        defer { lanes.withLock { $0.leave(lane) } }
        let hash = stored ?? Scrypt.decoy
        let isRight = await withCheckedContinuation { continuation in
            queues[lane].async {
                continuation.resume(
                    returning: Scrypt.verify(password: password, against: hash))
            }
        }
        return isRight && stored != nil
    }

    private func enter() throws(Problem) -> Int {
        if let lane = lanes.withLock({ $0.enter() }) { return lane }
        var problem = Problem(.busy, "Too many log-ins at once.")
        problem.retryAfter = 2
        throw problem
    }
}

/// Who waits where: whoever comes goes to the shortest line, so that none stands still while
/// another is long.
struct Lanes {
    private(set) var lengths: [Int]
    private let places: Int

    init(count: Int, places: Int) {
        lengths = [Int](repeating: 0, count: count)
        self.places = places
    }

    /// `nil` when all places are taken. Whoever has entered must `leave`.
    mutating func enter() -> Int? {
        guard lengths.reduce(0, +) < places,
            let lane = lengths.indices.min(by: { lengths[$0] < lengths[$1] })
        else { return nil }
        lengths[lane] += 1
        return lane
    }

    mutating func leave(_ lane: Int) { lengths[lane] -= 1 }
}

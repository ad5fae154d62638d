import Crypto
import Dispatch
import Synchronization

/// Hashes passwords on threads of their own, two at a time: a hash takes a fifth of a second and
/// 16 MiB, and must hold up nothing else. At most thirty-two wait, and at most twenty-four of whom
/// nothing is known, so that an attack leaves places to those who belong here, and whoever is known
/// goes before all others; beyond that the answer is 503.
package final class PasswordThreads: Sendable {
    private let queues: [DispatchQueue]
    private let lanes = Mutex(Lanes(count: 2, places: 32))
    private let waiting = Mutex(Precedence<@Sendable () -> Void>())
    private static let keptForKnown = 8

    package init() {
        queues = (0..<2).map { DispatchQueue(label: "password-\($0)") }
    }

    /// Whether the password is the one that was stored; against no account it takes just as long.
    func verify(
        _ password: String, against stored: String?, isKnown: Bool
    ) async throws(Problem) -> Bool {
        let hash = stored ?? Scrypt.decoy
        let isRight = try await run(isKnown: isKnown) {
            Scrypt.verify(password: password, against: hash)
        }
        return isRight && stored != nil
    }

    /// The hash to store of a new password.
    func hash(_ password: String) async throws(Problem) -> String {
        try await run(isKnown: true) { Scrypt.hash(password: password) }
    }

    private func run<Result: Sendable>(
        isKnown: Bool, _ work: @escaping @Sendable () -> Result
    ) async throws(Problem) -> Result {
        let lane = try enter(keeping: isKnown ? 0 : Self.keptForKnown)
        defer { lanes.withLock { $0.leave(lane) } }
        return await withCheckedContinuation { continuation in
            waiting.withLock {
                $0.append({ continuation.resume(returning: work()) }, isFirst: isKnown)
            }
            queues[lane].async { self.waiting.withLock { $0.next() }?() }
        }
    }

    private func enter(keeping kept: Int) throws(Problem) -> Int {
        if let lane = lanes.withLock({ $0.enter(keeping: kept) }) { return lane }
        var problem = Problem(.busy, "Too many log-ins at once.")
        problem.retryAfter = 2
        throw problem
    }
}

/// What waits for its turn, in its order, but for what goes before all else.
struct Precedence<Item> {
    private var first: [Item] = []
    private var others: [Item] = []

    mutating func append(_ item: Item, isFirst: Bool) {
        if isFirst { first.append(item) } else { others.append(item) }
    }

    mutating func next() -> Item? {
        if !first.isEmpty { return first.removeFirst() }
        return others.isEmpty ? nil : others.removeFirst()
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

    /// `nil` when all places are taken but those that are kept. Whoever has entered must `leave`.
    mutating func enter(keeping kept: Int = 0) -> Int? {
        guard lengths.reduce(0, +) < places - kept,
            let lane = lengths.indices.min(by: { lengths[$0] < lengths[$1] })
        else { return nil }
        lengths[lane] += 1
        return lane
    }

    mutating func leave(_ lane: Int) { lengths[lane] -= 1 }
}

import HTTP
import Synchronization

/// How much may come by signing links: of one link, of wrong ones from one address, and of asking
/// for fresh ones from one address (API-08). One for all loops of a copy.
///
/// On the evening on which parents come, a whole school's sit behind one address: so a right link
/// has its own count and is let in however many wrong ones came from beside it, and a hundred may
/// ask from one address at once. That nobody's mail is filled by it the database sees to: one mail
/// in ten minutes to each.
package final class SigningLimits: Sendable {
    private struct All {
        var links: Buckets<BearerToken>
        var guesses: Buckets<PeerAddress>
        var asking: Buckets<PeerAddress>
    }

    private let all: Mutex<All>

    /// `link` at once by one link, then one a second; `wrong` wrong ones, then one in ten seconds;
    /// `asking` that ask from one address, then one in five seconds.
    package init(link: Int = 60, wrong: Int = 30, asking: Int = 100) {
        all = Mutex(
            All(
                links: Buckets(size: link, interval: 1000, room: 20_000),
                guesses: Buckets(size: wrong, interval: 10_000, room: 20_000),
                asking: Buckets(size: asking, interval: 5000, room: 20_000)))
    }

    /// Whether it is too much already: before the database is asked. Nothing is counted of a link
    /// that may be a wrong one: those would take the room of the right ones.
    func check(_ link: BearerToken, at now: Int) throws(Problem) {
        let wait = all.withLock { $0.links.wait(for: link, at: now) }
        if wait > 0 { throw Self.refusal(after: wait) }
    }

    /// Counts one request by a link that is live.
    func count(_ link: BearerToken, at now: Int) throws(Problem) {
        try all.withLock { all throws(Problem) in
            guard all.links.take(link, at: now) else {
                throw Self.refusal(after: all.links.wait(for: link, at: now))
            }
        }
    }

    func countAsking(from network: PeerAddress, at now: Int) throws(Problem) {
        try all.withLock { all throws(Problem) in
            guard all.asking.take(network, at: now) else {
                throw Self.refusal(after: all.asking.wait(for: network, at: now))
            }
        }
    }

    /// What is said to a wrong link: that it is one, or, where too many came from there, to wait.
    func refusal(ofAWrongLinkFrom network: PeerAddress, at now: Int) -> Problem {
        all.withLock { all in
            all.guesses.take(network, at: now)
                ? Problem(.unauthorized, "This link does not open any more: ask for another.")
                : Self.refusal(after: all.guesses.wait(for: network, at: now))
        }
    }

    private static func refusal(after wait: Int) -> Problem {
        var problem = Problem(.tooManyRequests)
        problem.retryAfter = (max(wait, 1000) + 999) / 1000
        return problem
    }
}

import HTTP
import Synchronization

/// How much machines may ask: each client, whatever its tokens; and how often somebody may ask for
/// a token, from one address and for one client (API-08). One for all loops of a copy.
package final class ClientLimits: Sendable {
    private struct All {
        var clients: Buckets<ID<Account>>
        var tokens: Buckets<ID<Client>>
        var refused: Buckets<PeerAddress>
    }

    private let all: Mutex<All>

    /// `burst` requests at once of each client, then one every `milliseconds`; a quarter as many
    /// tokens at once and one every ten seconds; as many refusals from one address as requests.
    package init(burst: Int = 240, milliseconds: Int = 500) {
        all = Mutex(
            All(
                clients: Buckets(size: burst, interval: milliseconds, room: 5_000),
                tokens: Buckets(size: max(1, burst / 4), interval: 10_000, room: 5_000),
                refused: Buckets(size: burst, interval: 10_000, room: 20_000)))
    }

    /// Counts a request of a client; what is left to it.
    func count(_ caller: Caller, at now: Int) throws(Problem) -> RateLimit {
        try all.withLock { all throws(Problem) in
            let isTaken = all.clients.take(caller.account, at: now)
            let limit = RateLimit(
                quota: all.clients.size, window: all.clients.size * all.clients.interval / 1000,
                left: max(0, all.clients.left(of: caller.account, at: now)),
                renewal: max(1, all.clients.interval / 1000), name: "requests")
            guard isTaken else {
                var problem = Self.refusal(after: all.clients.wait(for: caller.account, at: now))
                problem.rateLimit = limit
                throw problem
            }
            return limit
        }
    }

    /// Lets a question for a token in: 429 where too many were issued to this client, or too many
    /// refused to this address. It counts there until it is known to be granted, so that many at
    /// once are no more than many in turn; and whoever guesses shuts out nobody but those at their
    /// own address.
    func admitToken(
        for client: ID<Client>, from network: PeerAddress, at now: Int
    ) throws(Problem) {
        try all.withLock { all throws(Problem) in
            let wait = max(
                all.refused.wait(for: network, at: now), all.tokens.wait(for: client, at: now))
            guard wait == 0, all.refused.take(network, at: now) else {
                throw Self.refusal(after: wait)
            }
        }
    }

    /// Counts one that is granted, before it is kept: 429 where there are too many by now.
    func grantToken(
        to client: ID<Client>, from network: PeerAddress, at now: Int
    ) throws(Problem) {
        try all.withLock { all throws(Problem) in
            all.refused.giveBack(network)
            guard all.tokens.take(client, at: now) else {
                throw Self.refusal(after: all.tokens.wait(for: client, at: now))
            }
        }
    }

    /// That nobody could look whether it is refused.
    func forgetToken(from network: PeerAddress) {
        all.withLock { all in all.refused.giveBack(network) }
    }

    private static func refusal(after wait: Int) -> Problem {
        var problem = Problem(.tooManyRequests)
        problem.retryAfter = max(1, (wait + 999) / 1000)
        return problem
    }
}

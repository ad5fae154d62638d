import HTTP
import Synchronization

/// How much may come by intake: of one key from one address, of one key in all, and of wrong keys
/// from one address (API-08). One for all loops of a copy.
///
/// An address gets a tenth of what its key lets through, so that whoever abuses a key at one place
/// shuts out those at that place who use the same one, and nobody else: a school that gives the
/// pupils' devices a key of their own keeps the one of its web site open. Staff report by
/// themselves and are not limited here.
///
/// Wrong keys never count against a right one. A whole school may come from one address, and
/// whoever guesses there must not shut it out: so a key is looked up however many were wrong before
/// it, and what the limit refuses are wrong ones. (What makes guessing hopeless is not this limit
/// but the 256 random bits of a key.)
package final class IntakeLimits: Sendable {
    private struct Place: Hashable {
        let key: BearerToken
        let network: PeerAddress
    }

    private struct All {
        var places: Buckets<Place>
        var keys: Buckets<BearerToken>
        var guesses: Buckets<PeerAddress>
    }

    private let all: Mutex<All>

    /// `burst` at once from one address, then one every `seconds`; ten times that of one key. As
    /// many wrong keys from one address.
    package init(burst: Int = 30, seconds: Int = 10) {
        all = Mutex(
            All(
                places: Buckets(size: burst, interval: seconds * 1000, room: 20_000),
                keys: Buckets(size: burst * 10, interval: seconds * 100, room: 2_000),
                guesses: Buckets(size: burst, interval: seconds * 1000, room: 20_000)))
    }

    /// Whether it is too much already: before the database is asked, which it thereby is not.
    func check(_ key: BearerToken, from network: PeerAddress, at now: Int) throws(Problem) {
        let place = Place(key: key, network: network)
        try all.withLock { all throws(Problem) in
            let wait = max(all.places.wait(for: place, at: now), all.keys.wait(for: key, at: now))
            if wait > 0 { throw Self.refusal(after: wait, all.places, place, now) }
        }
    }

    /// Counts one report by a key that is live; what is left, for its author to know. Of the key as
    /// a whole nobody is told: it would say how much others report.
    func count(
        _ key: BearerToken, from network: PeerAddress, at now: Int
    ) throws(Problem) -> RateLimit {
        let place = Place(key: key, network: network)
        return try all.withLock { all throws(Problem) -> RateLimit in
            let wait = max(all.places.wait(for: place, at: now), all.keys.wait(for: key, at: now))
            guard wait == 0, all.keys.take(key, at: now), all.places.take(place, at: now) else {
                throw Self.refusal(after: max(wait, 1000), all.places, place, now)
            }
            return Self.limit(all.places, place, now)
        }
    }

    /// What is said to a wrong key: that it is one, or, where too many came from there, to wait.
    func refusal(ofAWrongKeyFrom network: PeerAddress, at now: Int) -> Problem {
        all.withLock { all in
            all.guesses.take(network, at: now)
                ? Problem(.unauthorized)
                : Self.refusal(after: max(all.guesses.wait(for: network, at: now), 1000))
        }
    }

    private static func limit(
        _ places: Buckets<Place>, _ place: Place, _ now: Int
    ) -> RateLimit {
        RateLimit(
            quota: places.size, window: places.size * places.interval / 1000,
            left: max(0, places.left(of: place, at: now)), renewal: places.interval / 1000)
    }

    private static func refusal(
        after wait: Int, _ places: Buckets<Place>, _ place: Place, _ now: Int
    ) -> Problem {
        var problem = refusal(after: wait)
        problem.rateLimit = limit(places, place, now)
        return problem
    }

    private static func refusal(after wait: Int) -> Problem {
        var problem = Problem(.tooManyRequests, IntakeReceipt.tooMany)
        problem.retryAfter = (wait + 999) / 1000
        return problem
    }
}

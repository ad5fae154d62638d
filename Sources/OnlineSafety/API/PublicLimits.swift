import HTTP
import Synchronization

/// How often somebody without a credential may read what is public, from one address (API-08). One
/// for all loops of a copy.
package final class PublicLimits: Sendable {
    private let addresses: Mutex<Buckets<PeerAddress>>

    /// `burst` at once from one address, then one every `milliseconds`: a whole school may come
    /// from one.
    package init(burst: Int = 120, milliseconds: Int = 500) {
        addresses = Mutex(Buckets(size: burst, interval: milliseconds, room: 20_000))
    }

    /// Counts one reading. Throws `tooManyRequests` where there were too many.
    func count(_ address: PeerAddress, at now: Int) throws(Problem) {
        let wait = addresses.withLock { addresses in
            let wait = addresses.wait(for: address, at: now)
            return addresses.take(address, at: now) ? 0 : max(wait, 1)
        }
        guard wait > 0 else { return }
        var problem = Problem(.tooManyRequests)
        problem.retryAfter = (wait + 999) / 1000
        throw problem
    }
}

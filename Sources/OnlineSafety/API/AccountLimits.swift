import Synchronization

/// How much somebody who is logged in may ask, in all their sessions together (API-08): by account
/// and not by address, because a whole school may come from one. One for all loops of a copy, and
/// generous: it ends what runs in a circle, and nobody's work.
///
/// A report is let through however much its author asks (`Route.isLimited`).
package final class AccountLimits: Sendable {
    private let accounts: Mutex<Buckets<ID<Account>>>

    /// `perMinute` requests in a minute, in an even flow, and half of them at once. Of `room`
    /// accounts it is remembered, those only that asked a moment ago; more share one measure.
    package init(perMinute: Int = 1200, room: Int = 20_000) {
        accounts = Mutex(
            Buckets(
                size: max(1, perMinute / 2), interval: max(1, 60_000 / max(1, perMinute)),
                room: room))
    }

    /// Counts one request: how many seconds to wait, where there were too many; else none.
    func count(_ account: ID<Account>, at now: Int) -> Int {
        accounts.withLock { accounts in
            accounts.take(account, at: now)
                ? 0 : (max(accounts.wait(for: account, at: now), 1) + 999) / 1000
        }
    }
}

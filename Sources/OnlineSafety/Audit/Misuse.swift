import EventLoop
import FoundationEssentials
import Postgres
import Synchronization

/// Puts on record what somebody was refused, or asked for in vain: who tries doors is seen
/// (AUD-04). Sixty at once for each account and then one a minute, so that nobody fills the record;
/// one for all loops.
package final class Misuse: Sendable {
    private let buckets = Mutex(Buckets<ID<Account>>(size: 60, interval: 60_000, room: 10_000))

    package init() {}

    /// Whether it is put on record; beyond the bound it is not.
    func counts(_ account: ID<Account>, at now: Int) -> Bool {
        buckets.withLock { $0.take(account, at: now) }
    }

    /// In a transaction of its own, as that of the refused request is gone.
    static func record(
        _ operation: String, _ records: [UUID], in transaction: Transaction
    ) async throws(PostgresError) {
        transaction.add("select was_refused(\(operation), \(records))")
        try await transaction.commit()
    }
}

import Postgres

/// An urgent incident that nobody acknowledges in the set time climbs to the next post (NOT-03).
///
/// It is computed, not scheduled: what is due by now is written down by whoever looks first, who is
/// about to read notices, or the worker. So both see the same. See `climb` in the migrations.
enum Climbing {
    /// Reads notices of these schools as they stand at this moment. Whether something is due goes
    /// out with the reading itself; only when something is, it is read again after the climbing.
    static func upToDate<Result>(
        in schools: [ID<School>], _ tx: Transaction, _ read: () -> Result
    ) async throws(PostgresError) -> Result {
        let due = tx.add("select climbing_is_due(\(schools)) as is_due")
        let result = read()
        try await tx.settle()
        guard due.bool(0, "is_due") == true else { return result }
        for _ in 0..<most {
            let step = try await tx.apart("select climb(\(schools)) as outcome", .writing)
            if step.isNull(0, "outcome") { break }
        }
        return read()
    }

    /// Steps for one reading; a sweep makes the rest.
    private static let most = 100
}

import Postgres

/// Whether a request that PostgreSQL did not carry out is tried again: three times at most.
struct Retry {
    private let hasKey: Bool
    private var attempts = 0

    /// An attempt may have been kept; only its idempotency key can tell.
    private(set) var isInDoubt = false

    init(hasKey: Bool) { self.hasKey = hasKey }

    /// After seats that had changed, or another transaction's change, at once. After a commit whose
    /// answer was lost the key is asked: what was kept is replayed, what was not is done.
    mutating func isWorthwhile(after error: PostgresError) -> Bool {
        attempts += 1
        isInDoubt = isInDoubt || error.outcomeUnknown
        guard attempts <= 3 else { return false }
        if isInDoubt { return hasKey && (error.outcomeUnknown || error.kind == .unavailable) }
        return error.sqlState == "RW402" || error.kind == .conflict
    }

    /// A database that was lost needs a moment; the rest can be tried at once.
    func pause() async {
        guard isInDoubt else { return }
        try? await Task.sleep(for: .milliseconds(200 * attempts))
    }
}

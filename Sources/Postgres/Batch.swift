/// Statements that go out together, up to one Sync, and whose answers come back together.
final class Batch {
    let statements: [(sql: SQL, answer: Answer)]
    let deadline: Int

    /// Whether the last statement is a commit.
    let commits: Bool

    private(set) var failure: PostgresError?
    private(set) var isOver = false

    /// It failed only because what was prepared is out of date; the same again will do.
    var isStale = false
    private var isCommitted = false
    private var preparationFailure: PostgresError?
    private var waiter: UnsafeContinuation<Void, Never>?

    init(_ statements: [(sql: SQL, answer: Answer)], deadline: Int, commits: Bool = false) {
        self.statements = statements
        self.deadline = deadline
        self.commits = commits
    }

    /// Waits until everything has been answered, or it is certain that it will not be.
    func end() async throws(PostgresError) {
        // Looked at inside: before it the task may have been put back in its executor's line.
        await withUnsafeContinuation { (waiter: UnsafeContinuation<Void, Never>) in
            if isOver { waiter.resume() } else { self.waiter = waiter }
        }
        if let failure { throw failure }
    }

    /// Why a preparation of this batch failed; what its statements say later is only a consequence.
    func preparationFailed(_ error: PostgresError) {
        preparationFailure = preparationFailure ?? error
    }

    /// The first failure tells why; the statements after it were skipped. Not so where libpq speaks
    /// (there is no SQLSTATE) of a lost connection: it does so at the first statement that was not
    /// answered, however much further the server came.
    func failed(_ error: PostgresError, at answer: Answer) {
        guard failure == nil else { return }
        failure = preparationFailure ?? error
        guard error.kind == .unavailable else { return }
        let isUnsure = error.sqlState == nil ? commits : isCommit(answer)
        if isUnsure { failure?.outcomeUnknown = true }
    }

    func answered(_ answer: Answer) {
        if isCommit(answer) { isCommitted = true }
    }

    /// No more answers will come. What was committed before that is committed.
    func abandon(_ error: PostgresError) {
        guard !isOver else { return }
        if failure == nil, !isCommitted {
            failure = error
            failure?.outcomeUnknown = commits
        }
        finish()
    }

    func finish() {
        isOver = true
        waiter?.resume()
        waiter = nil
    }

    private func isCommit(_ answer: Answer) -> Bool {
        commits && answer === statements.last?.answer
    }
}

/// A transaction under way: everything in it happens, or nothing does.
///
/// Statements are collected, and go out together when the handler needs an answer, or has returned:
/// most requests are one round trip. It belongs to one request on one loop, and is not Sendable.
/// Any error ends it, and nothing of it is kept.
package final class Transaction {
    /// Reading is one implicit transaction for each round trip, on a connection shared with other
    /// requests; writing is explicit, on a connection of its own.
    package enum Access: Sendable { case reading, writing }

    package let access: Access

    /// When it must have ended, by the loop's clock in milliseconds.
    package let deadline: Int

    /// It has been committed or rolled back.
    package private(set) var isOver = false

    /// Something of it has been sent, and with it the context.
    package private(set) var isBegun = false

    private let pool: Pool
    private let context: SQL?
    private let priority: Priority
    private var connection: Connection?
    private var statements: [(sql: SQL, answer: Answer)] = []
    private var failure: PostgresError?
    private var isCommitted = false

    /// `context` is run first: it says, to the database, on whose behalf everything else is. An
    /// error that it raises is what the transaction ends with.
    package init(
        _ access: Access, in pool: Pool, context: SQL? = nil, deadline: Int,
        priority: Priority = .ordinary
    ) {
        self.access = access
        self.pool = pool
        self.context = context
        self.deadline = deadline
        self.priority = priority
    }

    deinit { abandon() }

    /// One more of the same access and context, with so many milliseconds from now.
    package func another(within milliseconds: Int) -> Transaction {
        Transaction(
            access, in: pool, context: context, deadline: pool.loop.now + milliseconds,
            priority: priority)
    }

    /// Adds a statement to what goes out next. Its answer is there after `run`, `settle` or
    /// `commit`.
    @discardableResult
    package func add(_ sql: SQL) -> Answer {
        let answer = Answer()
        if sql.parameters.holdsNul { failure = failure ?? .nul }
        statements.append((sql, answer))
        return answer
    }

    /// Runs the statement now, with those added before it.
    @discardableResult
    package func run(_ sql: SQL) async throws(PostgresError) -> Answer {
        let answer = add(sql)
        try await settle()
        return answer
    }

    /// Another transaction like this one, in the same context: for what is only asked when this
    /// one, which is over, has found nothing.
    package func another() -> Transaction {
        Transaction(access, in: pool, context: context, deadline: deadline, priority: priority)
    }

    /// Another like it that writes.
    package func writing() -> Transaction {
        Transaction(.writing, in: pool, context: context, deadline: deadline, priority: priority)
    }

    /// Runs one statement apart from this transaction, in another without any context that is over
    /// when it returns: for what must be known before anything is held, or is nobody's deed.
    package func apart(
        _ sql: SQL, _ access: Access = .reading
    ) async throws(PostgresError) -> Answer {
        let other = Transaction(access, in: pool, deadline: deadline, priority: priority)
        let answer = try await other.run(sql)
        try await other.commit()
        return answer
    }

    /// The same as the caller of this one: it is kept when this returns, whatever becomes of this.
    package func inAnother(_ sql: SQL) async throws(PostgresError) -> Answer {
        let other = writing()
        let answer = try await other.run(sql)
        try await other.commit()
        return answer
    }

    /// Runs what was added and has not been run.
    package func settle() async throws(PostgresError) {
        try await send(commits: false)
    }

    /// Ends it: what was added and not yet run is run, and all of it is kept.
    ///
    /// When it throws, nothing is kept, unless the error says `outcomeUnknown`. Committing again
    /// what is committed already does nothing.
    package func commit() async throws(PostgresError) {
        if isCommitted, statements.isEmpty { return }
        let isBegun = connection != nil || !statements.isEmpty
        let commit = isExclusive && isBegun ? add("commit") : nil
        try await send(commits: commit != nil)
        if let commit, commit.commandTag != "COMMIT" { failure = .rolledBack }
        end()
        if let failure { throw failure }
        isCommitted = true
    }

    /// Ends it: nothing of it is kept. Does nothing when it is over.
    package func rollBack() async {
        statements = []
        isOver = true
        guard let connection else { return }
        let deadline = max(deadline, pool.loop.now + timeToRollBack)
        let batch = Batch([("rollback", Answer())], deadline: deadline)
        do { try await connection.run(batch) } catch { connection.close() }
        end()
    }
}

// MARK: - Sending

extension Transaction {
    /// A reading that must get through has a connection to itself as well: shared ones may be
    /// stuck.
    private var isExclusive: Bool { access == .writing || priority == .spare }

    private func send(commits: Bool) async throws(PostgresError) {
        if isOver { throw failure ?? .isOver }
        do throws(PostgresError) {
            if let failure { throw failure }
            guard !statements.isEmpty else { return }
            let isNew = connection == nil
            let connection = try await connect()
            let batch = Batch(
                opening(isNew) + statements, deadline: deadline, commits: commits)
            (statements, isBegun) = ([], true)
            do throws(PostgresError) {
                try await connection.run(batch)
            } catch {
                guard isNew, batch.isStale else { throw error }
                try await runAgain(batch, on: connection)
            }
        } catch {
            failure = error
            await rollBack()
            throw error
        }
    }

    /// Nothing of the batch was kept, and nobody has seen anything of it.
    private func runAgain(
        _ batch: Batch, on connection: Connection
    ) async throws(PostgresError) {
        if isExclusive {
            try await connection.run(Batch([("rollback", Answer())], deadline: deadline))
        }
        let again = Batch(batch.statements, deadline: deadline, commits: batch.commits)
        try await connection.run(again)
    }

    private func connect() async throws(PostgresError) -> Connection {
        guard isExclusive else { return try await pool.reader(until: deadline) }
        if let connection {
            guard pool.loop.now < deadline else { throw .deadline }
            return connection
        }
        let connection = try await pool.take(priority, until: deadline)
        self.connection = connection
        return connection
    }

    /// What goes before the first statement, or, on a shared connection, before those of each
    /// batch.
    private func opening(_ isNew: Bool) -> [(sql: SQL, answer: Answer)] {
        var all: [(sql: SQL, answer: Answer)] = []
        all.reserveCapacity(statements.count + 3)
        if isNew, isExclusive {
            all.append((access == .writing ? "begin read write" : "begin read only", Answer()))
        }
        if let timeLimit { all.append((timeLimit, Answer())) }
        if isNew, let context { all.append((context, Answer())) }
        return all
    }

    /// PostgreSQL's own time limit, where that of the connection is longer than what is left.
    private var timeLimit: SQL? {
        let left = deadline - pool.loop.now
        guard left + tolerance < pool.configuration.statementMilliseconds else { return nil }
        return "select set_config('statement_timeout', \(max(1, left)), true)"
    }

    private func end() {
        isOver = true
        guard let connection else { return }
        self.connection = nil
        pool.release(connection, priority)
    }

    /// Nobody has ended it: the connection's state is not worth finding out.
    private func abandon() {
        guard let connection else { return }
        connection.close()
        pool.release(connection, priority)
    }
}

/// Milliseconds by which PostgreSQL's time limit may be later than the deadline.
private let tolerance = 100

private let timeToRollBack = 1000

import EventLoop

/// A loop's own connections: a few that many readers share, and some that writers have to
/// themselves for a transaction.
///
/// They are made when they are first needed. Waiting for one is bounded in number and in time
/// (`.busy`); while the database is away nobody waits (`.unavailable`). Belongs to its loop.
package final class Pool {
    let configuration: PoolConfiguration
    let loop: EventLoop
    private let dialler: Dialler
    private let shared: SharedConnections
    private let exclusive: ExclusiveConnections

    package init(_ configuration: PoolConfiguration, loop: EventLoop) {
        self.configuration = configuration
        self.loop = loop
        dialler = Dialler(configuration, loop)
        shared = SharedConnections(configuration, loop, dialler)
        exclusive = ExclusiveConnections(configuration, loop, dialler)
        dialler.onRetry = { [weak shared, weak dialler] in
            if shared?.grow() == false { dialler?.suppose() }
        }
    }

    deinit { close() }

    /// Whether the last attempt to connect, if any, found the database.
    package var isReachable: Bool { dialler.reason == nil }

    /// Ends all connections that nobody has to themselves, and refuses whoever comes.
    package func close() {
        dialler.close()
        shared.close()
        exclusive.close()
    }

    func reader(until deadline: Int) async throws(PostgresError) -> Connection {
        while true {
            let patience = try patience(until: deadline)
            if let connection = try shared.leastBusy() { return connection }
            try await shared.wait(patience)
        }
    }

    /// Throws `.busy` when a connection of one's own would be refused at once: for whoever has work
    /// to do before they ask for it.
    package func checkRoom(_ priority: Priority) throws(PostgresError) {
        if exclusive.isFull(priority) { throw .lineIsFull }
    }

    /// A connection of one's own; give it back with `release`.
    func take(
        _ priority: Priority, until deadline: Int
    ) async throws(PostgresError) -> Connection {
        try await exclusive.take(priority, try patience(until: deadline))
    }

    /// A connection on which a transaction is still open must be closed before.
    func release(_ connection: Connection, _ priority: Priority) {
        exclusive.giveBack(connection, priority)
    }

    private func patience(until deadline: Int) throws(PostgresError) -> Patience {
        guard deadline > loop.now else { throw .deadline }
        let limit = loop.now + configuration.acquireMilliseconds
        return deadline < limit
            ? Patience(end: deadline, refusal: .deadline)
            : Patience(end: limit, refusal: .waitedTooLong)
    }
}

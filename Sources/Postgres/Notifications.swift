import EventLoop

/// Listens on a channel of PostgreSQL's, on a connection of its own, until it is closed.
///
/// PostgreSQL does not keep what is told while nobody listens. Whoever relies on hearing everything
/// trusts nothing from before `isListening` became true, and starts afresh when `onLoss` is called.
package final class Notifications {
    private let loop: EventLoop
    private let dialler: Dialler
    private let listen: SQL
    private let onLoss: () -> Void
    private let received: (String) -> Void
    private var connection: Connection?
    private var heartbeat: Timer?

    /// Whether everything that is told now will be heard.
    package private(set) var isListening = false

    /// `listen` is the statement, such as `listen session`. The loss of the connection is noticed
    /// within seven seconds, also when it has merely fallen silent.
    package init(
        _ configuration: PoolConfiguration, loop: EventLoop, listen: SQL,
        onLoss: @escaping () -> Void, received: @escaping (String) -> Void
    ) {
        self.loop = loop
        self.listen = listen
        self.onLoss = onLoss
        self.received = received
        dialler = Dialler(configuration, loop)
        dialler.onRetry = { [weak self] in self?.connect() }
        connect()
    }

    deinit { close() }

    package func close() {
        dialler.close()
        heartbeat?.cancel()
        connection?.close()
    }

    private func connect() {
        dialler.connect(readsOnly: true) { [weak self] _ in
            self?.lost()
        } _: { [weak self] connection in
            guard let self, let connection else { return }
            self.connection = connection
            connection.onNotification = received
            say(listen) { [weak self] in self?.isListening = true }
        }
    }

    /// Runs a statement; a connection that cannot is closed.
    private func say(_ sql: SQL, then: @escaping () -> Void) {
        guard let connection else { return }
        let batch = Batch([(sql, Answer())], deadline: loop.now + 2000)
        batch.onEnd = { [weak self, weak batch] in
            guard batch?.failure == nil else { return connection.close() }
            then()
            self?.heartbeat = self?.loop.after(5000) { [weak self] in self?.say("select 1") {} }
        }
        connection.start(batch)
    }

    private func lost() {
        heartbeat?.cancel()
        connection = nil
        if isListening { onLoss() }
        isListening = false
        dialler.retryLater()
    }
}

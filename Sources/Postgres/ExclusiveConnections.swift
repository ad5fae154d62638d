import EventLoop

/// The connections that one transaction at a time has to itself.
final class ExclusiveConnections {
    private let loop: EventLoop
    private let dialler: Dialler
    private let places: Places
    private var idle: [Connection] = []

    init(_ configuration: PoolConfiguration, _ loop: EventLoop, _ dialler: Dialler) {
        self.loop = loop
        self.dialler = dialler
        places = Places(configuration, loop)
    }

    /// Whether `take` would refuse at once.
    func isFull(_ priority: Priority) -> Bool { places.isFull(priority) }

    /// Takes a connection; give it back with the same priority.
    func take(
        _ priority: Priority, _ patience: Patience
    ) async throws(PostgresError) -> Connection {
        if idle.isEmpty, let reason = dialler.reason { throw reason }
        try await places.take(priority, patience)
        if let connection = idle.popLast() { return connection }
        return try await connect(priority, patience)
    }

    func giveBack(_ connection: Connection, _ priority: Priority) {
        keep(connection)
        places.giveBack(priority)
    }

    private func keep(_ connection: Connection) {
        if dialler.isClosed { connection.close() }
        if !connection.isLost { idle.append(connection) }
    }

    func close() {
        for connection in idle { connection.close() }
        places.refuseAll(.closed)
    }

    /// Has a place already, and keeps it until the attempt has ended, whoever still waits for it.
    private func connect(
        _ priority: Priority, _ patience: Patience
    ) async throws(PostgresError) -> Connection {
        if let reason = dialler.reason {
            places.giveBack(priority)
            throw reason
        }
        let waiter = Waiter()
        var arrived: Connection?
        dialler.connect(readsOnly: false) { [weak self] lost in
            self?.idle.removeAll { $0 === lost }
        } _: { [self] connection in
            if let connection, !waiter.hasEnded {
                arrived = connection
                return waiter.end(nil)
            }
            waiter.end(dialler.reason)
            if let connection { keep(connection) }
            places.giveBack(priority)
        }
        try await waiter.wait(patience, loop)
        guard let arrived else { throw .connectionLost }
        return arrived
    }
}

import EventLoop

/// The connections that readers share: each request's statements follow those of others.
final class SharedConnections {
    private let dialler: Dialler
    private let configuration: PoolConfiguration
    private let line: WaitingLine
    private var connections: [Connection] = []
    private var dialling = 0

    init(_ configuration: PoolConfiguration, _ loop: EventLoop, _ dialler: Dialler) {
        self.configuration = configuration
        self.dialler = dialler
        line = WaitingLine(loop, configuration)
    }

    /// The connection that owes the least; `nil` when one has to be waited for.
    func leastBusy() throws(PostgresError) -> Connection? {
        if dialler.reason == nil { grow() }
        if let best = connections.min(by: { $0.load < $1.load }) {
            guard best.load < configuration.answersOwed else { throw .lineIsFull }
            return best
        }
        if let reason = dialler.reason { throw reason }
        return nil
    }

    /// Waits until there is a connection, which may be lost again by then.
    func wait(_ patience: Patience) async throws(PostgresError) {
        try await line.wait(patience)
    }

    /// Makes another connection; `false` when there are as many as there may be.
    @discardableResult
    func grow() -> Bool {
        guard connections.count + dialling < configuration.shared else { return false }
        dialling += 1
        dialler.connect(readsOnly: true) { [weak self] lost in
            self?.connections.removeAll { $0 === lost }
        } _: { [weak self] connection in
            self?.arrived(connection)
        }
        return true
    }

    func close() {
        for connection in connections { connection.close() }
        line.refuseAll(.closed)
    }

    private func arrived(_ connection: Connection?) {
        dialling -= 1
        if let connection {
            connections.append(connection)
            while line.admitFirst() {}
        } else if connections.isEmpty, let reason = dialler.reason {
            line.refuseAll(reason)
        }
    }
}

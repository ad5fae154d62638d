import EventLoop
import Glibc

/// The server of one loop, as one actor. There is one for each core.
///
/// Call it from `Task(executorPreference: loop) { … }.value`. Optimised code that awaits an actor
/// with an executor of its own was seen to go on upon that executor's thread, although it belongs
/// to none: were it to wait there, nothing would be served.
package actor Worker {
    private nonisolated let loop: EventLoop
    private nonisolated let admission: Admission
    private let local: LoopLocal
    private var services: [Service] = []
    private var listeners: [Listener] = []
    private var drained: [UnsafeContinuation<Void, Never>] = []

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        loop.asUnownedSerialExecutor()
    }

    /// Workers that share an `admission` have their connections counted together.
    package init(loop: EventLoop, limits: Limits, admission: Admission? = nil) {
        self.loop = loop
        self.admission = admission ?? Admission(limits)
        local = LoopLocal(limits: limits)
    }

    /// Serves on `port` (`0`: any; the one taken is returned) with a service made on the loop, for
    /// the loop. May be called again, for another port and service.
    package func serve(
        address: String, port: UInt16,
        _ makeService: @Sendable (EventLoop) throws -> sending Service
    ) throws -> UInt16 {
        let service = services.count
        services.append(try makeService(loop))
        // Held by the loop, the listener keeps the worker: it serves as long as the loop runs.
        let listener = try Listener(
            on: address, port: port, loop: loop, limits: local.limits
        ) { descriptor, peer in
            self.assumeIsolated { $0.accept(descriptor, from: peer, for: service) }
        }
        listeners.append(listener)
        return listener.port
    }

    /// The preference matters: with the actor's executor alone a continuation that is resumed later
    /// travels by way of the global pool.
    private func accept(_ descriptor: Int32, from peer: PeerAddress, for service: Int) {
        if admission.admit(peer) || makeRoom(for: peer) {
            Task(executorPreference: loop) { await self.converse(descriptor, peer, service) }
        } else if local.turnedAway < local.limits.turnedAway {
            local.turnedAway += 1
            Task(executorPreference: loop) { await self.turnAway(descriptor, peer, service) }
        } else {
            close(descriptor)
        }
    }
}

extension Worker {
    /// Whether somebody has kept the server waiting so long that he must give his place away.
    private func makeRoom(for peer: PeerAddress) -> Bool {
        guard let slowest = local.slowest,
            loop.now - slowest.receivedAt >= local.limits.makesRoomAfter,
            admission.admit(peer, insteadOfAnother: true)
        else { return false }
        slowest.line?.leave(slowest)
        slowest.end()
        return true
    }
}

// MARK: - Lives of connections

extension Worker {
    /// The whole life of a connection, as straight code.
    private func converse(_ descriptor: Int32, _ peer: PeerAddress, _ number: Int) async {
        let connection = Connection(
            descriptor: descriptor, peer: peer, loop: loop, local: local,
            service: services[number])
        while let request = await connection.nextRequest() {
            connection.request = request
            // In a task of its own: a task keeps for its whole life the memory that its deepest
            // calls have needed, and this one lives as long as the client stays.
            await Task(executorPreference: loop) {
                await self.answer(descriptor, number)
            }.value
            connection.request = nil
            if !connection.hasAnswered { connection.refuse(.unanswered) }
            connection.forgetBytes()
            await connection.flush()
            if connection.isLast { break }
        }
        await connection.linger()
        connection.close()
        admission.leave(peer)
        tellWhenDrained()
    }

    private func answer(_ descriptor: Int32, _ number: Int) async {
        guard let connection = local.connections[descriptor], let request = connection.request
        else { return }
        await services[number].answer(request, connection)
    }

    private func turnAway(_ descriptor: Int32, _ peer: PeerAddress, _ number: Int) async {
        let connection = Connection(
            descriptor: descriptor, peer: peer, loop: loop, local: local,
            service: services[number])
        connection.receivedAt = loop.now
        connection.refuse(.tooManyConnections)
        await connection.flush()
        await connection.linger()
        connection.close()
        local.turnedAway -= 1
        tellWhenDrained()
    }
}

// MARK: - Draining

extension Worker {
    /// Stops accepting, lets the requests in flight finish, closes the idle connections after a
    /// short grace, and returns when all are gone; when the time is up, they are given up.
    package func drain(within milliseconds: Int) async {
        let grace = loop.now + min(milliseconds, local.limits.drainGrace)
        local.idleEnd = grace
        for listener in listeners { listener.close() }
        listeners = []
        for connection in local.connections.values where connection.isIdle {
            connection.expire(at: grace)
        }
        for connection in local.connections.values { connection.wakeStream() }
        guard !local.connections.isEmpty else { return }
        let end = loop.after(milliseconds) { self.assumeIsolated { $0.giveUp() } }
        await withUnsafeContinuation { drained.append($0) }
        end.cancel()
    }

    private func giveUp() {
        for connection in local.connections.values { connection.end() }
        tellDrained()
    }

    private func tellWhenDrained() {
        if local.connections.isEmpty { tellDrained() }
    }

    private func tellDrained() {
        for waiter in drained { waiter.resume() }
        drained = []
    }
}

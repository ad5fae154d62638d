import EventLoop
import Postgres
import Synchronization

/// Puts down when sessions were used, by which it is known when they were not (SEC-05). One for
/// each loop.
///
/// Beside the requests, and not in their transactions: a row that all requests of a session wrote
/// would make each wait for the one before. A use is put down at once, further ones together a
/// second later, each with its own moment; so a session ends exactly when the school says, as long
/// as what sends this is not killed within that second, and then it ends earlier.
final actor SessionUses {
    private nonisolated let loop: EventLoop
    private nonisolated let configuration: PoolConfiguration
    private nonisolated let noted = Mutex(Noted())
    private lazy var pool = makePool()

    private struct Noted {
        /// When each was used last, by the loop's clock.
        var uses: [BearerToken: Int] = [:]
        var isSending = false
    }

    /// More sessions in one second are not noted; they are when they are used again.
    private static let capacity = 20_000
    private static let pause = 1000

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(_ configuration: PoolConfiguration, on loop: EventLoop) {
        (self.configuration, self.loop) = (configuration, loop)
    }

    /// Called on the loop, for every request of a session; waits for nothing.
    nonisolated func note(_ token: BearerToken, at now: Int) {
        let mustSend = noted.withLock { noted in
            guard noted.uses.count < Self.capacity else { return false }
            noted.uses[token] = now
            defer { noted.isSending = true }
            return !noted.isSending
        }
        if mustSend { Task(executorPreference: loop) { await self.send() } }
    }

    /// Until there is nothing more to put down.
    private func send() async {
        while let uses = take() {
            await put(uses)
            await withUnsafeContinuation { continuation in
                loop.after(Self.pause) { continuation.resume() }
            }
        }
    }

    private func take() -> [BearerToken: Int]? {
        noted.withLock { noted in
            noted.isSending = !noted.uses.isEmpty
            guard noted.isSending else { return nil }
            defer { noted.uses = [:] }
            return noted.uses
        }
    }

    /// What a database that is away did not take is put down with what follows.
    private func put(_ uses: [BearerToken: Int]) async {
        let now = loop.now
        let (hashes, ages) = (
            { (of: [(key: BearerToken, value: Int)]) in of.map(\.key.hash) },
            { (of: [(key: BearerToken, value: Int)]) in of.map { max(0, now - $0.value) } }
        )
        let tx = Transaction(.writing, in: pool, deadline: now + 5000)
        let sessions = uses.filter { !$0.key.isOfAClient }.map { $0 }
        let clients = uses.filter(\.key.isOfAClient).map { $0 }
        if !sessions.isEmpty {
            tx.add("select sessions_were_used(\(hashes(sessions)), \(ages(sessions)))")
        }
        if !clients.isEmpty {
            tx.add("select client_tokens_were_used(\(hashes(clients)), \(ages(clients)))")
        }
        do throws(PostgresError) {
            try await tx.commit()
        } catch {
            noted.withLock { noted in noted.uses.merge(uses) { newer, _ in newer } }
        }
    }

    private func makePool() -> Pool {
        var settings = configuration
        (settings.shared, settings.exclusive, settings.spare) = (1, 1, 1)
        return Pool(settings, loop: loop)
    }
}

import Dispatch
import FoundationEssentials
import Postgres
import Synchronization

/// Adds a checkpoint at the start, each hour and at the end, on a thread of its own: a slow disk or
/// database holds up nothing else. What failed is tried again a minute later.
package final class CheckpointKeeper: Sendable {
    private let queue = DispatchQueue(label: "checkpoints")
    private let book: CheckpointBook
    private let configuration: ServiceConfiguration
    private let state = Mutex(State())

    private struct State {
        var due = DispatchTime.now()
        var isStopped = false
        var isInTrouble = false
    }

    package init(_ book: CheckpointBook, _ configuration: ServiceConfiguration) {
        (self.book, self.configuration) = (book, configuration)
    }

    /// Begins, and goes on until `stop`.
    package func start(each seconds: Double = 3600, lookingEach pause: Double = 60) {
        configuration.measures.figures.add(0, to: .checkpoints)
        configuration.measures.figures.add(0, to: .checkpointsFailed)
        queue.async { [weak self] in self?.look(each: seconds, again: pause) }
    }

    /// Adds the last one.
    package func stop() async {
        state.withLock { $0.isStopped = true }
        await withCheckedContinuation { continuation in
            queue.async {
                self.add()
                continuation.resume()
            }
        }
    }

    private func look(each seconds: Double, again pause: Double) {
        let (now, known) = (DispatchTime.now(), state.withLock { $0 })
        guard !known.isStopped else { return }
        if known.due <= now, add() { state.withLock { $0.due = now + seconds } }
        queue.asyncAfter(deadline: .now() + pause) { [weak self] in
            self?.look(each: seconds, again: pause)
        }
    }

    /// That it fails is in the log once, until it has not.
    @discardableResult
    private func add() -> Bool {
        let figures = configuration.measures.figures
        do {
            try Checkpoints.add(to: book, from: DirectConnection(configuration.pool.url))
            figures.add(1, to: .checkpoints)
            state.withLock { $0.isInTrouble = false }
            return true
        } catch {
            figures.add(1, to: .checkpointsFailed)
            let isNew = state.withLock { state in
                defer { state.isInTrouble = true }
                return !state.isInTrouble
            }
            if isNew { note(error) }
            return false
        }
    }

    private func note(_ error: any Error) {
        switch error {
        case let fault as CheckpointFault: configuration.log.note(fault.description)
        default: configuration.log.failure(error)
        }
    }
}

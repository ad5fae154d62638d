import Synchronization

/// Whether the service should be sent requests, as all its loops see it.
package final class ServiceState: Sendable {
    private let isDrainingFlag = Atomic(false)

    package init() {}

    /// From now on it is not ready: it finishes what it has.
    package func drain() { isDrainingFlag.store(true, ordering: .relaxed) }

    var isDraining: Bool { isDrainingFlag.load(ordering: .relaxed) }

    /// When the worker has swept last, by the clock of the loops; -1 in a process that does not.
    private let sweptAt = Atomic(-1)

    /// Once for each sweep that did what it should, and once before the first.
    func sweep(at now: Int) { sweptAt.store(now, ordering: .relaxed) }

    /// Sweeps have failed, or have not come back, for half a minute.
    func isStuck(at now: Int) -> Bool {
        let last = sweptAt.load(ordering: .relaxed)
        return last >= 0 && now - last > 30_000
    }
}

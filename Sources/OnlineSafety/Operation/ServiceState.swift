import Synchronization

/// Whether the service should be sent requests, as all its loops see it.
package final class ServiceState: Sendable {
    private let isDrainingFlag = Atomic(false)

    package init() {}

    /// From now on it is not ready: it finishes what it has.
    package func drain() { isDrainingFlag.store(true, ordering: .relaxed) }

    var isDraining: Bool { isDrainingFlag.load(ordering: .relaxed) }
}

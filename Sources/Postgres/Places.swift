import EventLoop

/// How many may have a connection to themselves. Some places are spare: kept for those who must
/// get through when everybody else has to wait.
final class Places {
    private let ordinaryLimit: Int
    private let limit: Int
    private let ordinaryLine: WaitingLine
    private let spareLine: WaitingLine
    private var ordinary = 0
    private var all = 0

    init(_ configuration: PoolConfiguration, _ loop: EventLoop) {
        ordinaryLimit = configuration.exclusive
        limit = configuration.exclusive + configuration.spare
        ordinaryLine = WaitingLine(loop, configuration)
        spareLine = WaitingLine(loop, configuration)
    }

    /// Takes a place, and waits for one if need be. Give it back with the same priority.
    func take(_ priority: Priority, _ patience: Patience) async throws(PostgresError) {
        if hasRoom(priority), line(priority).isEmpty { return count(priority, 1) }
        try await line(priority).wait(patience)
    }

    /// Whether `take` would refuse at once.
    func isFull(_ priority: Priority) -> Bool {
        line(priority).isFull && !(hasRoom(priority) && line(priority).isEmpty)
    }

    func giveBack(_ priority: Priority) {
        count(priority, -1)
        for priority in [Priority.spare, .ordinary] where hasRoom(priority) {
            if line(priority).admitFirst() { return count(priority, 1) }
        }
    }

    func refuseAll(_ error: PostgresError) {
        ordinaryLine.refuseAll(error)
        spareLine.refuseAll(error)
    }

    private func hasRoom(_ priority: Priority) -> Bool {
        all < limit && (priority == .spare || ordinary < ordinaryLimit)
    }

    private func line(_ priority: Priority) -> WaitingLine {
        priority == .spare ? spareLine : ordinaryLine
    }

    private func count(_ priority: Priority, _ change: Int) {
        all += change
        if priority == .ordinary { ordinary += change }
    }
}

/// Who goes first when there are not enough connections.
package enum Priority: Sendable {
    case ordinary

    /// For what must work when nothing else does, and is short: logging in, the health check.
    case spare
}

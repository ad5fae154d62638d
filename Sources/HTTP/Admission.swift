import Synchronization

/// Counts the connections of all workers that share it, and those of each address.
package final class Admission: Sendable {
    private struct Counts {
        var total = 0
        var byAddress: [PeerAddress: Int] = [:]
    }

    private let most: Int
    private let mostPerAddress: Int
    private let counts = Mutex(Counts())

    package init(_ limits: Limits) {
        most = limits.connections
        mostPerAddress = limits.connectionsPerAddress
    }

    /// How many connections are open.
    package var connections: Int { counts.withLock { $0.total } }

    /// Counts one more, unless there are too many; of those in all, not if one is about to leave.
    /// Each that came in must `leave`.
    func admit(_ address: PeerAddress, insteadOfAnother: Bool = false) -> Bool {
        counts.withLock { counts in
            guard insteadOfAnother || most == 0 || counts.total < most else { return false }
            if mostPerAddress > 0 {
                let count = counts.byAddress[address.network, default: 0]
                guard count < mostPerAddress else { return false }
                counts.byAddress[address.network] = count + 1
            }
            counts.total += 1
            return true
        }
    }

    func leave(_ address: PeerAddress) {
        counts.withLock { counts in
            counts.total -= 1
            guard let count = counts.byAddress[address.network] else { return }
            counts.byAddress[address.network] = count > 1 ? count - 1 : nil
        }
    }
}

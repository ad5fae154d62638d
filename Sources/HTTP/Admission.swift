/// Counts the connections of all workers that share it, and those of each address.
package final class Admission: Sendable {
    private let places: Places<PeerAddress>

    package init(_ limits: Limits) {
        places = Places(limits.connections, each: limits.connectionsPerAddress)
    }

    /// How many connections are open.
    package var connections: Int { places.count }

    /// Counts one more, unless there are too many; of those in all, not if one is about to leave.
    /// Each that came in must `leave`.
    func admit(_ address: PeerAddress, insteadOfAnother: Bool = false) -> Bool {
        places.take(for: address.network, insteadOfAnother: insteadOfAnother)
    }

    func leave(_ address: PeerAddress) { places.giveBack(of: address.network) }
}

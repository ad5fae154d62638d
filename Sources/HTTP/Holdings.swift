/// Memory that the connections of a loop hold for one purpose, bounded in sum.
///
/// Where there would be too much, whoever holds most makes room: of all addresses (IPv6: networks)
/// the one with the most bytes, and of its connections the one that has been in line for longest.
/// So holding much pushes out nobody but oneself.
final class Holdings {
    /// Those that can be made to let go.
    let line = WaitingLine()

    private let most: Int
    private let evict: (Connection) -> Void
    private var total = 0
    private var byNetwork: [PeerAddress: Int] = [:]

    /// At most `most` bytes together. `evict` makes a connection let go of all that it holds, at
    /// once, and leave the line.
    init(upTo most: Int, evict: @escaping (Connection) -> Void) {
        (self.most, self.evict) = (most, evict)
    }

    /// Counts `count` more bytes of a connection that holds `held` already; `false` when there is
    /// no room, and none that could be made at the cost of somebody who holds more.
    func hold(_ count: Int, beside held: Int, for connection: Connection) -> Bool {
        guard held + count <= most else { return false }
        let network = connection.peerAddress.network
        while total + count > most {
            let own = byNetwork[network, default: 0] + count
            guard let other = oldest(ofMoreThan: own, else: network), other !== connection else {
                return false
            }
            evict(other)
        }
        total += count
        byNetwork[network, default: 0] += count
        return true
    }

    /// No longer counts bytes of a connection that were counted.
    func letGo(_ count: Int, of connection: Connection) {
        guard count > 0 else { return }
        let network = connection.peerAddress.network
        total -= count
        let left = byNetwork[network, default: 0] - count
        byNetwork[network] = left > 0 ? left : nil
    }

    /// The first in line of the network that holds most; of `network`, when none holds more.
    private func oldest(ofMoreThan own: Int, else network: PeerAddress) -> Connection? {
        var (most, found, mine) = (own, Connection?.none, Connection?.none)
        var next = line.first
        while let connection = next {
            let other = connection.peerAddress.network
            if other == network {
                mine = mine ?? connection
            } else if let held = byNetwork[other], held > most {
                (most, found) = (held, connection)
            }
            next = connection.behind
        }
        return found ?? mine
    }
}

import HTTP

/// Whose word counts for where a request comes from: the reverse proxies in front of the service.
package struct Proxies: Sendable {
    private enum Trust { case some(Set<PeerAddress>), any }

    private let trust: Trust

    /// Nobody's: whoever connects is the client.
    package static let none = Proxies(trust: .some([]))

    private init(trust: Trust) { self.trust = trust }

    /// From addresses separated by spaces, or `any` where only proxies can connect; `nil` when
    /// one of them is no address.
    package init?(_ text: String) {
        guard text != "any" else {
            trust = .any
            return
        }
        let words = text.split(separator: " ")
        let addresses = words.compactMap { PeerAddress(String($0)) }
        guard addresses.count == words.count else { return nil }
        trust = .some(Set(addresses))
    }

    /// Whoever asked: the last address of `X-Forwarded-For`, which is the proxy's own addition,
    /// where a trusted proxy connects; what stands before it anybody could have written.
    func client(of request: Request, from peer: PeerAddress) -> PeerAddress {
        guard isTrusted(peer), let header = request["x-forwarded-for"] else { return peer }
        let last = String(decoding: header, as: UTF8.self).split(separator: ",").last
        let address = last.map { $0.filter { $0 != " " && $0 != "\t" } }
        return address.flatMap { PeerAddress($0) } ?? peer
    }

    /// Whether nobody on the way could read along: it comes from this machine, or by a trusted
    /// proxy, which ends TLS and does not say that it was spoken to without (SEC-11).
    func isPrivate(_ request: Request, from peer: PeerAddress) -> Bool {
        guard isTrusted(peer) else { return peer.isLoopback }
        guard let header = request["x-forwarded-proto"] else { return true }
        let last = String(decoding: header, as: UTF8.self).split(separator: ",").last
        return last?.filter { $0 != " " && $0 != "\t" }.lowercased() == "https"
    }

    /// Whether anybody but whoever is on this machine could be answered.
    package var isNobody: Bool {
        guard case .some(let addresses) = trust else { return false }
        return addresses.isEmpty
    }

    private func isTrusted(_ peer: PeerAddress) -> Bool {
        switch trust {
        case .any: true
        case .some(let addresses): addresses.contains(peer)
        }
    }
}

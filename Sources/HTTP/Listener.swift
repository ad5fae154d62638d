import EventLoop
import Glibc

/// A listening socket of one loop; the kernel spreads the clients over the loops' sockets.
final class Listener: Channel {
    private unowned let loop: EventLoop
    private let rest: Int
    private let accepted: (Int32, PeerAddress) -> Void

    /// Listens on an address of this host, IPv4 or IPv6 in digits; `::` means both.
    init(
        on address: String, port: UInt16, loop: EventLoop, limits: Limits,
        accepted: @escaping (Int32, PeerAddress) -> Void
    ) throws(ListenError) {
        (self.loop, self.rest, self.accepted) = (loop, limits.acceptRest, accepted)
        super.init(descriptor: try SocketAddress(address, port: port).listen(unsent: limits.unsent))
        loop.watch(self)
    }

    /// The port, also when `0` was asked for.
    var port: UInt16 { SocketAddress.port(of: descriptor) }

    /// Stops listening, once those are in whom the kernel has let in already.
    func close() {
        while acceptSome() {}
        loop.unwatch(self)
        Glibc.close(descriptor)
    }

    override public func ready(read: Bool, write: Bool) { _ = acceptSome() }

    /// Accepts a few, so that the others of the loop have their turn; `false` when there are none.
    private func acceptSome() -> Bool {
        for _ in 0..<64 {
            var address = sockaddr_storage()
            let client = Self.accept(descriptor, &address)
            if client >= 0 {
                accepted(client, PeerAddress(address))
            } else if Self.isExhausted(errno) {
                takeRest()
                return false
            } else if errno == EAGAIN {
                return false
            }
        }
        return true
    }

    private static func accept(_ descriptor: Int32, _ address: inout sockaddr_storage) -> Int32 {
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let client = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.accept(descriptor, $0, &length)
            }
        }
        guard client >= 0 else { return client }
        _ = fcntl(client, F_SETFL, O_NONBLOCK)
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        var one: Int32 = 1
        setsockopt(client, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        return client
    }

    /// Out of descriptors or memory: the client stays in the queue, so that asking again at once
    /// would be asking forever.
    private static func isExhausted(_ error: Int32) -> Bool {
        [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error)
    }

    private func takeRest() {
        loop.want(read: false, write: false, self)
        loop.after(rest) { [weak self] in
            guard let self else { return }
            loop.want(read: true, write: false, self)
        }
    }
}

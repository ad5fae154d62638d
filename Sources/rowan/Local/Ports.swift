import Glibc

/// The TCP ports of this machine, looked at from this machine.
enum Ports {
    /// Whether nobody listens there. The service shares its port between its threads, so it would
    /// not notice itself that another program has it.
    static func isFree(_ port: UInt16) -> Bool {
        withSocket { socket in
            var yes: Int32 = 1
            setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
            return withAddress(INADDR_ANY, port) { bind(socket, $0, $1) } == 0
        }
    }

    /// Whether a GET of that path is answered with 200. `host` is an IPv4 address.
    static func answers(_ host: String, _ port: UInt16, _ path: String) -> Bool {
        withSocket { socket in
            var limit = timeval(tv_sec: 1, tv_usec: 0)
            let size = socklen_t(MemoryLayout<timeval>.size)
            setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
            setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
            guard withAddress(inet_addr(host), port, { connect(socket, $0, $1) }) == 0
            else { return false }
            let request = "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            let flags = Int32(MSG_NOSIGNAL)
            guard send(socket, request, request.utf8.count, flags) == request.utf8.count
            else { return false }
            return Files.readAll(socket).hasPrefix("HTTP/1.1 200 ")
        }
    }

    private static func withSocket(_ body: (Int32) -> Bool) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        return descriptor >= 0 && body(descriptor)
    }

    private static func withAddress(
        _ host: UInt32, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = host
        return withUnsafeBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { addresses in
                addresses.baseAddress.map { body($0, socklen_t(bytes.count)) } ?? -1
            }
        }
    }
}

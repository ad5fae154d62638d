import Glibc

/// Asks the running service, or the worker, whether it is ready, for containers that have nothing
/// else to ask with.
struct Healthcheck {
    private let port: Int

    init(_ environment: Environment, ofWorker isOfWorker: Bool) throws {
        port =
            isOfWorker
            ? try environment.number("ROWAN_WORKER_PORT", in: 1...65_535, or: 8082)
            : try environment.number("ROWAN_ADMIN_PORT", in: 1...65_535, or: 8081)
    }

    func run() throws {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(client) }
        var patience = timeval(tv_sec: 3, tv_usec: 0)
        setsockopt(
            client, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        let request = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        guard connected == 0, send(client, request, request.utf8.count, 0) == request.utf8.count
        else { throw Misconfiguration("nothing answers on port \(port)") }
        var answer = [UInt8](repeating: 0, count: 16)
        let count = recv(client, &answer, answer.count, 0)
        guard count >= 12, String(decoding: answer[9..<12], as: UTF8.self) == "200" else {
            throw Misconfiguration("not ready")
        }
    }
}

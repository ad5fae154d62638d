import Foundation
import Synchronization

@testable import Postgres

/// Stands between a pool and PostgreSQL: counts, falls silent, or cuts, as a test wants.
final class Proxy: Sendable {
    private let listener: Int32
    private let folder: String
    private let server: String
    private let state = Mutex(State())

    /// How to reach the database by way of this.
    let url: String

    private struct State {
        var connections = 0
        var questions = 0
        var isSilent = false
        var isClosed = false
        var cut: [UInt8]?
    }

    init(to database: TestDatabase) throws {
        let answer = try database.direct().run(
            """
            select split_part(current_setting('unix_socket_directories'), ',', 1)
                || '/.s.PGSQL.' || current_setting('port') as path,
                current_user::text as me, current_database()::text as database
            """)
        server = answer.text(0, "path") ?? ""
        folder = "/tmp/p" + database.schema.prefix(12)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        url = """
            host=\(folder) port=1 user=\(answer.text(0, "me") ?? "") sslmode=disable \
            dbname=\(answer.text(0, "database") ?? "") gssencmode=disable \
            options='-csearch_path=\(database.schema)'
            """
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        _ = withAddress(folder + "/.s.PGSQL.1") { bind(listener, $0, $1) }
        listen(listener, 64)
        Thread.detachNewThread { [self] in accept() }
    }

    /// How many connections were made through it.
    var connections: Int { state.withLock { $0.connections } }

    /// How often somebody spoke to the server after the server had spoken.
    var questions: Int { state.withLock { $0.questions } }

    /// From now on nothing comes through any more, in either direction, and nothing is closed.
    func fallSilent() { state.withLock { $0.isSilent = true } }

    /// Cuts the connection as soon as these words have gone to the server.
    func cut(after words: String) { state.withLock { $0.cut = Array(words.utf8) } }

    func close() {
        state.withLock { $0.isClosed = true }
        shutdown(listener, Int32(SHUT_RDWR))
        Glibc.close(listener)
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { return }
            state.withLock { $0.connections += 1 }
            Thread.detachNewThread { [self] in carry(client) }
        }
    }

    private func carry(_ client: Int32) {
        let upstream = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        _ = withAddress(server) { connect(upstream, $0, $1) }
        var wasAnswer = false
        while true {
            var ends = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: upstream, events: Int16(POLLIN), revents: 0),
            ]
            poll(&ends, 2, 50)
            let (isSilent, isClosed) = state.withLock { ($0.isSilent, $0.isClosed) }
            if isClosed { break }
            if isSilent {
                usleep(10_000)
                continue
            }
            if ends[0].revents != 0 {
                if wasAnswer { state.withLock { $0.questions += 1 } }
                wasAnswer = false
                guard pass(from: client, to: upstream) else { break }
            }
            if ends[1].revents != 0 {
                wasAnswer = true
                guard pass(from: upstream, to: client) else { break }
            }
        }
        Glibc.close(client)
        Glibc.close(upstream)
    }

    private func pass(from source: Int32, to target: Int32) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = read(source, &bytes, bytes.count)
        guard count > 0 else { return false }
        let isCut = state.withLock { $0.cut.map { bytes[..<count].contains($0) } ?? false }
        var sent = 0
        while sent < count {
            let more = bytes[sent..<count].withUnsafeBytes {
                send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard more > 0 else { return false }
            sent += more
        }
        if isCut { usleep(100_000) }
        return !isCut
    }
}

/// A Unix socket's address, for `bind` and `connect`.
private func withAddress<Result>(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}

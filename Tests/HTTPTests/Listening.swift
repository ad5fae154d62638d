import Glibc
import Testing

@testable import HTTP

/// Whether this machine has the address `::1`; some containers have not.
private let hasIPv6 = (try? SocketAddress("::1", port: 0).listen(unsent: 1)).map(close) != nil

@Suite("Listening", .enabled(if: hasIPv6))
struct Listening {
    private func statuses(_ server: TestServer, at address: String) throws -> [Int] {
        let client = try Client(port: server.port, to: address)
        client.send(get("/", "Host: [::1]:80\r\nConnection: close\r\n"))
        return client.readAll().statuses
    }

    @Test func `on IPv6 serves IPv6, and nobody else`() async throws {
        try await withServer(address: "::1") { server in
            try #expect(statuses(server, at: "::1") == [200])
            #expect(throws: Client.CannotConnect.self) { try statuses(server, at: "127.0.0.1") }
        }
    }

    @Test func `on all addresses serves both, and tells them apart`() async throws {
        try await withServer({ $0.connectionsPerAddress = 2 }, address: "::") { server in
            let addresses = ["::1", "127.0.0.1"]
            let crowd = try addresses.flatMap { address in
                try (0..<2).map { _ in try Client(port: server.port, to: address) }
            }
            #expect(server.wait(forConnections: 4))
            for address in addresses { try #expect(statuses(server, at: address) == [503]) }
            let other = try Client(port: server.port, from: "127.0.0.2")
            other.send(get("/"))
            #expect(other.read()?.statuses == [200])
            withExtendedLifetime(crowd) {}
        }
    }

    @Test func `on IPv4 serves IPv4 alone`() async throws {
        try await withServer { server in
            #expect(throws: Client.CannotConnect.self) { try statuses(server, at: "::1") }
        }
    }
}

import Testing

@testable import HTTP

@Suite("Crowds")
struct Crowds {
    @Test func `Beyond the bound a client is told at once when to come again`() async throws {
        for perAddress in [false, true] {
            try await withServer {
                if perAddress { $0.connectionsPerAddress = 2 } else { $0.connections = 2 }
            } _: { server in
                let clients = try [server.connect(), server.connect()]
                for client in clients { client.send(get("/")) }
                for client in clients { #expect(client.read()?.statuses == [200]) }
                let third = try server.connect().readAll()
                withExtendedLifetime(clients) {
                    #expect(third.statuses == [503])
                    #expect(third.contains("\r\nRetry-After: 1\r\n"))
                }
            }
        }
    }

    @Test func `Slow clients make room for those who come after them`() async throws {
        try await withServer {
            ($0.connections, $0.makesRoomAfter) = (3, 30)
        } _: { server in
            let slow = try (0..<3).map { _ in try server.connect() }
            for client in slow { client.send("GET / HT") }
            pause(60)
            for _ in 0..<2 {
                try #expect(server.answers(to: get("/")).statuses == [200])
            }
            #expect(slow[0].readAll().isEmpty)
        }
    }

    @Test func `Who leaves makes room`() async throws {
        try await withServer {
            $0.connections = 1
        } _: { server in
            for _ in 0..<20 {
                try #expect(server.answers(to: get("/")).statuses == [200])
                pause(2)
            }
        }
    }

    @Test func `Many at once are all served`() async throws {
        try await withServer { server in
            let clients = try (0..<300).map { _ in try server.connect() }
            for client in clients { client.send(get("/slow")) }
            for client in clients { #expect(client.read()?.statuses == [200]) }
        }
    }
}

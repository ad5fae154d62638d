import Testing

@testable import HTTP

@Suite("Draining")
struct Draining {
    @Test func `The request in flight is finished, and the last`() async throws {
        try await withServer { server in
            let client = try server.connect()
            client.send(get("/slow"))
            pause(30)
            let drained = server.startDraining(within: 2_000)
            let answer = client.readAll()
            #expect(answer.statuses == [200])
            #expect(answer.contains("\r\nConnection: close\r\n"))
            await drained.value
            #expect(throws: Client.CannotConnect.self) { try server.connect() }
        }
    }

    @Test func `An idle connection may bring one more request, and is closed`() async throws {
        try await withServer {
            $0.drainGrace = 200
        } _: { server in
            let clients = try [server.connect(), server.connect()]
            for client in clients { client.send(get("/")) }
            for client in clients { _ = client.read() }
            let drained = server.startDraining(within: 2_000)
            pause(50)
            clients[0].send(get("/late"))
            #expect(clients[0].readAll().contains("\r\nConnection: close\r\n"))
            #expect(clients[1].readAll().isEmpty)
            await drained.value
        }
    }

    @Test func `Draining ends in time, whoever still sends`() async throws {
        try await withServer { server in
            let client = try server.connect()
            client.send("GET / HT")
            pause(20)
            await server.worker.drain(within: 50)
            #expect(client.readAll().isEmpty)
        }
    }
}

import Testing

@testable import HTTP

@Suite("Endless answers")
struct EndlessAnswers {
    @Test func `say something now and then, and at once when they are nudged`() async throws {
        try await withServer { server in
            let client = try server.connect()
            client.send(get("/events?60"))
            #expect(client.read(until: "6\r\nhello \r\n").statuses == [200])
            #expect(client.read(until: "\r\n").hasSuffix("5\r\nbeat \r\n"))
            let other = try server.connect()
            other.send(get("/events?10000"))
            _ = other.read(until: "hello \r\n")
            try #expect(server.answers(to: get("/nudge")).statuses == [200])
            #expect(other.read(until: "\r\n").hasSuffix("5\r\nnews \r\n"))
        }
    }

    @Test func `may be silent for longer than any other answer may pause`() async throws {
        try await withServer {
            ($0.answerPause, $0.idleTime, $0.headTime) = (50, 50, 50)
        } _: { server in
            let client = try server.connect()
            client.send(get("/events?300"))
            _ = client.read(until: "hello \r\n")
            #expect(client.read(until: "\r\n").hasSuffix("beat \r\n"))
        }
    }

    @Test func `end as soon as the client has left, though nothing is said`() async throws {
        try await withServer { server in
            let leave: [(Client) -> Void] = [
                { $0.finishSending() }, { $0.reset() }, { _ in },
            ]
            for (number, leave) in leave.enumerated() {
                do {
                    let client = try server.connect()
                    client.send(get("/events?60000"))
                    _ = client.read(until: "hello \r\n")
                    leave(client)
                    if number < 2 { #expect(server.tally.wait(forEndings: number + 1) != nil) }
                }
                let time = try #require(server.tally.wait(forEndings: number + 1))
                #expect(time < 1000)
            }
            #expect(server.tally.endings == ["gone", "gone", "gone"])
            #expect(server.wait(forConnections: 0))
        }
    }

    @Test func `end so too when the client had sent more, which nobody reads`() async throws {
        try await withServer { server in
            let client = try server.connect()
            client.send(get("/events?60000") + get("/b"))
            _ = client.read(until: "hello \r\n")
            client.send("x")
            pause(50)
            #expect(server.tally.endings.isEmpty)
            client.finishSending()
            #expect(server.tally.wait(forEndings: 1) != nil)
        }
    }

    @Test func `are bounded in all and for each address: n - 1, n, n + 1`() async throws {
        try await withServer { server in
            var listeners: [Client] = []
            func listen(from address: String) throws -> Int? {
                let client = try Client(port: server.port, from: address)
                client.send(get("/events?60000"))
                listeners.append(client)
                return client.read()?.statuses.first
            }
            for status in [200, 200, 200, 503] {
                try #expect(listen(from: "127.0.0.1") == status)
            }
            for status in [200, 503] { try #expect(listen(from: "127.0.0.2") == status) }
            listeners.removeFirst()
            #expect(server.tally.wait(forEndings: 1) != nil)
            for status in [200, 503] { try #expect(listen(from: "127.0.0.2") == status) }
        }
    }

    @Test func `end properly when the worker drains, and others are finished`() async throws {
        try await withServer { server in
            let (events, pieces) = (
                try server.connect(), try Client(port: server.port, receiving: 10_000)
            )
            events.send(get("/events?60000"))
            _ = events.read(until: "hello \r\n")
            pieces.send(get("/pieces?5000,1000") + get("/b"))
            _ = server.tally.settle()
            let drained = server.startDraining(within: 5_000)
            #expect(events.readAll() == "0\r\n\r\n")
            let parts = try #require(pieces.readAll().body.dechunked)
            #expect(parts.body == Streams.pieces(5000, of: 1000) && parts.rest.isEmpty)
            await drained.value
            #expect(server.tally.endings == ["draining", "whole"])
        }
    }

    @Test func `Draining ends in time, whoever takes nothing`() async throws {
        try await withServer { server in
            let client = try Client(port: server.port, receiving: 10_000)
            client.send(get("/pieces?20000,1000"))
            _ = server.tally.settle()
            await server.startDraining(within: 100).value
            #expect(server.tally.wait(forEndings: 1) != nil)
            #expect(client.readAll().body.dechunked == nil)
        }
    }
}

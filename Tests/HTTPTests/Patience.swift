import Testing

@testable import HTTP

@Suite("Patience has an end")
struct Patience {
    @Test func `A head that trickles in is cut short as a whole`() async throws {
        try await withServer {
            $0.headTime = 60
        } _: { server in
            let client = try server.connect()
            client.send("GET / HT")
            pause(40)
            client.send("TP/1.1\r\n")
            #expect(client.readAll().statuses == [408])
        }
    }

    @Test func `A body that pauses is cut short`() async throws {
        try await withServer {
            $0.bodyPause = 50
        } _: { server in
            let client = try server.connect()
            client.send(post("Content-Length: 3\r\n", "ab"))
            #expect(client.readAll().statuses == [408])
        }
    }

    @Test func `A body that is too slow on the whole is cut short`() async throws {
        try await withServer {
            ($0.bodyPause, $0.bodyRate) = (100, 1_000)
        } _: { server in
            let client = try server.connect()
            client.send(post("Content-Length: 1000\r\n"))
            for _ in 0..<20 {
                client.send("a")
                pause(20)
            }
            #expect(client.readAll().statuses == [408])
        }
    }

    @Test func `A body that keeps its pace, and has no end, is cut short`() async throws {
        try await withServer {
            ($0.bodyTime, $0.bodyRate) = (150, 1)
        } _: { server in
            let client = try server.connect()
            client.send(post("Content-Length: 1000\r\n"))
            for _ in 0..<20 {
                client.send("a")
                pause(20)
            }
            #expect(client.readAll().statuses == [408])
        }
    }

    @Test func `An idle connection is closed without a word`() async throws {
        try await withServer {
            $0.idleTime = 50
        } _: { server in
            try #expect(server.connect().readAll().isEmpty)
            let client = try server.connect()
            client.send(get("/a"))
            #expect(client.readAll().statuses == [200])
        }
    }

    /// What it can read after that is what the kernel held for it.
    @Test func `A client that does not take its answer is dropped, and little was held for it`()
        async throws
    {
        try await withServer {
            $0.answerPause = 100
        } _: { server in
            let client = try server.connect()
            client.send(get("/large"))
            #expect(client.read()?.statuses == [200])
            #expect(server.wait(forConnections: 0))
            #expect(client.readAll().utf8.count < 1_000_000)
        }
    }

    @Test func `A client that is thrown out may linger only so long`() async throws {
        try await withServer {
            ($0.lingerTime, $0.connections) = (50, 1)
        } _: { server in
            let client = try server.connect()
            client.send("nonsense\r\n")
            #expect(client.readAll().statuses == [400])
            pause(100)
            try #expect(server.answers(to: get("/")).statuses == [200])
        }
    }
}

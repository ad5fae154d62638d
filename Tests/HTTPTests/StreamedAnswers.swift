import Testing

@testable import HTTP

@Suite("Streamed answers")
struct StreamedAnswers {
    @Test(arguments: [0, 1, 9, 10, 15, 16, 17, 255, 256, 4096, 100_000])
    func `Each piece is a chunk, and nothing is none`(_ size: Int) async throws {
        try await withServer { server in
            let answer = try server.answers(to: get("/pieces?3,\(size)") + get("/b"))
            #expect(answer.contains("\r\nTransfer-Encoding: chunked\r\n\r\n"))
            #expect(!answer.contains("Content-Length: 0"))
            let parts = try #require(answer.body.dechunked)
            #expect(parts.body == Streams.pieces(3, of: size))
            #expect(parts.rest.statuses == [200] && parts.rest.hasSuffix("GET /b||"))
        }
    }

    @Test func `To HTTP 1.0 the body ends with the connection`() async throws {
        try await withServer { server in
            let answer = try server.answers(to: "GET /pieces?3,10 HTTP/1.0\r\n\r\n")
            #expect(!answer.contains("Transfer-Encoding"))
            #expect(answer.contains("\r\nConnection: close\r\n"))
            #expect(answer.body == Streams.pieces(3, of: 10))
        }
    }

    @Test func `HEAD tells the same of it, and nothing is produced`() async throws {
        try await withServer { server in
            let head = get("/pieces?3,10").replacing("GET", with: "HEAD")
            let answer = try server.answers(to: head + get("/b"))
            #expect(answer.statuses == [200, 200])
            #expect(answer.contains("\r\nTransfer-Encoding: chunked\r\n\r\nHTTP/1.1 200"))
            #expect(server.tally.endings.isEmpty)
        }
    }

    @Test func `Requests that come together are answered in order, wherever they are split`()
        async throws
    {
        let bytes = get("/pieces?2,20") + get("/missing") + get("/pieces?1,5") + get("/b")
        try await withServer { server in
            let whole = try server.answers(to: bytes).withoutDates
            #expect(whole.statuses == [200, 404, 200, 200])
            for index in bytes.indices.dropFirst() {
                let answer = try server.answers(
                    to: String(bytes[..<index]), String(bytes[index...]))
                #expect(answer.withoutDates == whole)
            }
        }
    }

    @Test func `A client may end its side and wait for the whole`() async throws {
        try await withServer { server in
            let answer = try server.answers(to: get("/pieces?100,10000"))
            #expect(answer.body.dechunked?.body == Streams.pieces(100, of: 10_000))
        }
    }

    @Test func `The writer waits for the client, and holds little`() async throws {
        try await withServer { server in
            let client = try Client(port: server.port, receiving: 10_000)
            client.send(get("/pieces?20000,1000") + get("/b"))
            let ahead = server.tally.settle()
            #expect((10_000..<2_000_000).contains(ahead))
            var text = ""
            while text.utf8.count < ahead, let more = client.read() { text += more }
            #expect(server.tally.settle() > ahead)
            text += client.read(until: "GET /b||")
            let parts = try #require(text.body.dechunked)
            #expect(parts.body == Streams.pieces(20_000, of: 1000))
            #expect(parts.rest.statuses == [200])
        }
    }

    @Test func `An answer that breaks off has no last chunk`() async throws {
        try await withServer { server in
            let client = try server.connect()
            client.send(get("/broken?3,10") + get("/b"))
            let answer = client.readAll()
            #expect(answer.statuses == [200])
            #expect(answer.body.contains("\r\n\(Streams.pieces(1, of: 10))\r\n"))
            #expect(answer.body.dechunked == nil)
            #expect(server.tally.endings == ["Broken()"])
        }
    }

    @Test func `To HTTP 1.0 what breaks off is a reset`() async throws {
        try await withServer { server in
            let client = try server.connect()
            client.send("GET /broken?0,0 HTTP/1.0\r\n\r\n")
            _ = server.tally.wait(forEndings: 1)
            #expect(client.wasReset || client.read() != nil && client.wasReset)
        }
    }
}

@Suite("Streams that nobody takes")
struct StreamsThatNobodyTakes {
    @Test func `Who takes nothing is dropped, and the writer told`() async throws {
        try await withServer {
            $0.answerPause = 150
        } _: { server in
            let client = try Client(port: server.port, receiving: 10_000)
            client.send(get("/pieces?20000,1000"))
            #expect(server.tally.wait(forEndings: 1) != nil)
            #expect(server.tally.endings == ["gone"])
            #expect(client.readAll().body.dechunked == nil)
        }
    }

    @Test func `Who takes too slowly on the whole is dropped`() async throws {
        try await withServer {
            ($0.answerPause, $0.answerRate, $0.streamAhead) = (200, 10 << 20, 4 << 20)
        } _: { server in
            let client = try Client(port: server.port, receiving: 10_000)
            client.send(get("/pieces?20000,1000"))
            for _ in 0..<100 where server.tally.endings.isEmpty {
                _ = client.read()
                pause(20)
            }
            #expect(server.tally.endings == ["gone"])
        }
    }

    @Test func `A client that leaves ends the writer at once`() async throws {
        try await withServer { server in
            let client = try Client(port: server.port, receiving: 10_000)
            client.send(get("/pieces?20000,1000"))
            _ = server.tally.settle()
            client.reset()
            let time = try #require(server.tally.wait(forEndings: 1))
            #expect(time < 1000 && server.tally.endings == ["gone"])
            #expect(server.wait(forConnections: 0))
        }
    }
}

import Testing

@testable import HTTP

@Suite("A body that is taken as it comes")
struct BodiesAsTheyCome {
    private func withTaker(
        upTo most: Int = 1 << 20, _ adjust: (inout Limits) -> Void = { _ in },
        _ body: (TestServer) async throws -> Void
    ) async throws {
        try await withServer(adjust, bodyLimit: { _ in .streamed(upTo: most) }, body)
    }

    private func text(_ count: Int) -> String {
        String(decoding: (0..<count).map { UInt8(97 + $0 * $0 % 26) }, as: UTF8.self)
    }

    private func sum(_ text: String) -> String {
        let sum = text.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) % 65_521 }
        return "\(text.utf8.count) \(sum) in "
    }

    private func byLength(_ text: String, _ path: String = "/") -> String {
        "POST \(path) HTTP/1.1\r\n\(host)Content-Length: \(text.utf8.count)\r\n\r\n\(text)"
    }

    private func inChunks(_ text: String) -> String {
        var (chunks, rest) = ("", Array(text.utf8)[...])
        while !rest.isEmpty {
            let part = rest.prefix(1 + rest.count % 9_000)
            chunks +=
                "\(String(part.count, radix: 16))\r\n"
                + "\(String(decoding: part, as: UTF8.self))\r\n"
            rest = rest.dropFirst(part.count)
        }
        return "POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n\(chunks)0\r\n\r\n"
    }

    @Test(arguments: [0, 1, 4_095, 4_096, 4_097, 70_000, 500_000])
    func `is whole, by length and in chunks`(count: Int) async throws {
        try await withTaker { server in
            let text = text(count)
            for request in [byLength(text), inChunks(text)] {
                let told = try server.answers(to: request)
                #expect(told.statuses == [200] && told.contains(sum(text)))
                #expect(told.contains("Connection: close"))
            }
        }
    }

    /// What follows on the connection is not read.
    @Test func `is the last of its connection`() async throws {
        try await withTaker { server in
            let told = try server.answers(to: byLength("one") + byLength("two"))
            #expect(told.statuses == [200] && told.contains(sum("one")))
        }
    }

    @Test func `is bounded, by length and in chunks`() async throws {
        try await withTaker(upTo: 10_000) { server in
            for (count, status) in [(10_000, 200), (10_001, 413)] {
                try #expect(server.answers(to: byLength(text(count))).statuses == [status])
                try #expect(server.answers(to: inChunks(text(count))).statuses == [status])
            }
        }
    }

    @Test func `that breaks off is told, and so is one that is no body`() async throws {
        try await withTaker { server in
            let head = "POST / HTTP/1.1\r\n\(host)"
            for rest in [
                "Content-Length: 10\r\n\r\n123", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
                "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd",
                "Transfer-Encoding: chunked\r\n\r\nx",
            ] {
                try #expect(server.answers(to: head + rest).statuses == [400], "\(rest)")
            }
        }
    }

    @Test func `that pauses for too long, or comes too slowly, is given up`() async throws {
        try await withTaker {
            $0.bodyPause = 100
        } _: { server in
            let client = try server.connect()
            client.send("POST / HTTP/1.1\r\n\(host)Content-Length: 10\r\n\r\n123")
            #expect(client.readAll().statuses == [408])
        }
        try await withTaker {
            $0.streamTime = 150
        } _: { server in
            let client = try server.connect()
            client.send("POST / HTTP/1.1\r\n\(host)Content-Length: 900000\r\n\r\n")
            for _ in 0..<30 {
                client.send(text(1_000))
                pause(10)
            }
            #expect(client.readAll().statuses == [408])
        }
    }

    /// Its taker rests twenty milliseconds after each piece: whoever sends waits meanwhile, and
    /// that is not held against them.
    @Test func `waits for whoever takes it`() async throws {
        try await withTaker {
            $0.bodyPause = 300
            $0.streamPiece = 4 << 10
        } _: { server in
            let text = text(200_000)
            let told = try server.answers(to: byLength(text, "/slow"))
            #expect(told.statuses == [200] && told.contains(sum(text)))
        }
    }

    @Test func `is asked for only when somebody takes it`() async throws {
        try await withTaker { server in
            let head = "HTTP/1.1\r\n\(host)Content-Length: 3\r\nExpect: 100-continue\r\n\r\n"
            let client = try server.connect()
            client.send("POST /missing \(head)")
            #expect(client.readAll().statuses == [404])
            let other = try server.connect()
            other.send("POST / \(head)")
            pause(50)
            other.send("abc")
            #expect(other.readAll().statuses == [100, 200])
        }
    }
}

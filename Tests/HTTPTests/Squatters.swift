import Testing

@testable import HTTP

/// Clients that announce much and send little, so that nobody else can send anything.
@Suite("Squatters")
struct Squatters {
    private func aPost(of count: Int, to path: String = "/") -> String {
        "POST \(path) HTTP/1.1\r\n\(host)Content-Length: \(count)\r\n\r\n"
    }

    private func some(_ count: Int) -> String { String(repeating: "a", count: count) }

    @Test func `What is only announced takes no room`() async throws {
        try await withServer {
            $0.bodiesTogether = 1 << 20
        } _: { server in
            let squatters = try (0..<100).map { _ in try server.connect() }
            for squatter in squatters { squatter.send(aPost(of: 60_000) + "a") }
            try #expect(server.answers(to: aPost(of: 50_000) + some(50_000)).statuses == [200])
            for squatter in squatters {
                squatter.send(some(59_999))
                #expect(squatter.read(until: some(60_000)).statuses == [200])
            }
        }
    }

    @Test func `Where there is no room the oldest unfinished body ends, not the newest`()
        async throws
    {
        try await withServer {
            $0.bodiesTogether = 256 << 10
        } _: { server in
            let squatters = try (0..<8).map { _ in try server.connect() }
            for squatter in squatters {
                squatter.send(aPost(of: 60_000) + some(50_000))
                pause(20)
            }
            try #expect(server.answers(to: aPost(of: 40_000) + some(40_000)).statuses == [200])
            #expect(squatters[0].readAll().statuses == [408])
            squatters[7].send(some(10_000))
            #expect(squatters[7].read(until: some(60_000)).statuses == [200])
        }
    }

    @Test func `Who does not take the answer holds nothing of what they asked`() async throws {
        try await withServer {
            $0.bodiesTogether = 100_000
        } _: { server in
            let slow = try server.connect()
            slow.send(aPost(of: 60_000, to: "/large") + some(60_000))
            #expect(slow.read()?.statuses == [200])
            try #expect(server.answers(to: aPost(of: 60_000) + some(60_000)).statuses == [200])
        }
    }

    @Test func `All who are cut short can come again`() async throws {
        try await withServer {
            $0.bodiesTogether = 100_000
        } _: { server in
            for _ in 0..<50 {
                let squatter = try server.connect()
                squatter.send(aPost(of: 60_000) + some(50_000))
            }
            try #expect(server.answers(to: aPost(of: 60_000) + some(60_000)).statuses == [200])
        }
    }
}

@Suite("A bound for each kind of request")
struct BodyLimits {
    private func answers(
        to requests: [(request: String, status: Int)], at place: SourceLocation = #_sourceLocation
    ) async throws {
        try await withServer(bodyLimit: { request in
            let isLittle = String(decoding: request.path, as: UTF8.self) == "/little"
            return .whole(upTo: request.method == .put ? 20 : isLittle ? 10 : 8 << 20)
        }) { server in
            for (request, status) in requests {
                let statuses = try server.answers(to: request).statuses
                #expect(statuses == [status], "\(request.prefix(80))", sourceLocation: place)
            }
        }
    }

    private func request(_ line: String, _ count: Int) -> String {
        "\(line) HTTP/1.1\r\n\(host)Content-Length: \(count)\r\n\r\n"
            + String(repeating: "a", count: count)
    }

    private func inChunks(_ line: String, _ count: Int) -> String {
        "\(line) HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n"
            + String(repeating: "1\r\na\r\n", count: count) + "0\r\n\r\n"
    }

    @Test func `holds by length and in chunks, by method and path: n - 1, n, n + 1`() async throws {
        let little = "POST http://example.org/little?a"
        try await answers(to: [
            (request(little, 9), 200), (request(little, 10), 200), (request(little, 11), 413),
            (inChunks(little, 9), 200), (inChunks(little, 10), 200), (inChunks(little, 11), 413),
            (request("PUT /little", 20), 200), (request("PUT /little", 21), 413),
            (request("POST /", 8 << 20), 200),
        ])
    }

    @Test func `lets whoever sends too much read that it was, at its end`() async throws {
        try await answers(to: [
            (request("POST /", 8 << 20 + 1), 413), (request("POST /little", 1_000_000), 413),
        ])
    }

    @Test func `refuses before it asks for the body`() async throws {
        try await withServer(bodyLimit: { _ in .whole(upTo: 2) }) { server in
            let client = try server.connect()
            client.send(post("Content-Length: 3\r\nExpect: 100-continue\r\n"))
            #expect(client.readAll().statuses == [413])
        }
    }
}

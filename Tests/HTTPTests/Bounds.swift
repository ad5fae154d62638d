import Testing

@testable import HTTP

@Suite("Bounds: one below, at, one above")
struct Bounds {
    private func small(_ limits: inout Limits) {
        (limits.head, limits.headLines, limits.target, limits.body) = (200, 5, 20, 10)
        (limits.chunkLine, limits.chunkExtensions, limits.trailers) = (12, 20, 30)
    }

    /// A request whose head has `count` bytes.
    private func head(of count: Int) -> String {
        let rest = get("/", host + "A: \r\n")
        return get("/", host + "A: \(String(repeating: "a", count: count - rest.utf8.count))\r\n")
    }

    private func lines(_ count: Int) -> String {
        get("/", host + String(repeating: "A: b\r\n", count: count - 1))
    }

    private func target(of count: Int) -> String {
        get("/" + String(repeating: "a", count: count - 1))
    }

    private func body(of count: Int) -> String {
        post("Content-Length: \(count)\r\n", String(repeating: "a", count: count))
    }

    private func chunks(of count: Int) -> String {
        chunked(String(repeating: "1\r\na\r\n", count: count) + "0\r\n\r\n")
    }

    @Test func `The head and its lines`() async throws {
        try await expect(
            [
                (head(of: 199), 200), (head(of: 200), 200), (head(of: 201), 431),
                (lines(4), 200), (lines(5), 200), (lines(6), 431),
                (String(head(of: 300).unicodeScalars.prefix(200)), 431),
                (String(head(of: 300).unicodeScalars.prefix(199)), 400),
            ], small)
    }

    @Test func `The target`() async throws {
        try await expect(
            [(target(of: 19), 200), (target(of: 20), 200), (target(of: 21), 414)], small)
    }

    @Test func `The body, by length and in chunks`() async throws {
        try await expect(
            [
                (body(of: 9), 200), (body(of: 10), 200), (body(of: 11), 413),
                (chunks(of: 9), 200), (chunks(of: 10), 200), (chunks(of: 11), 413),
                (chunked("A\r\n0123456789\r\n0\r\n\r\n"), 200), (chunked("B\r\n"), 413),
            ], small)
    }

    @Test func `The lines of chunks, alone and together`() async throws {
        func line(_ count: Int) -> String {
            "1;" + String(repeating: "a", count: count - 4) + "\r\nb\r\n"
        }
        try await expect(
            [
                (chunked(line(11) + "0\r\n\r\n"), 200), (chunked(line(12) + "0\r\n\r\n"), 200),
                (chunked(line(13) + "0\r\n\r\n"), 400),
                (chunked(line(12) + line(12) + "0\r\n\r\n"), 200),
                (chunked(line(12) + line(12) + line(6) + "0\r\n\r\n"), 400),
            ], small)
    }

    @Test func `The trailers`() async throws {
        func trailers(_ count: Int) -> String {
            "0\r\nA: " + String(repeating: "a", count: count - 7) + "\r\n\r\n"
        }
        try await expect(
            [
                (chunked(trailers(29)), 200), (chunked(trailers(30)), 200),
                (chunked(trailers(31)), 400),
            ], small)
    }

    @Test func `What all bodies hold together`() async throws {
        func whole(_ count: Int) -> String {
            body(of: count - post("Content-Length: 20000\r\n").utf8.count)
        }
        let chunk = "7000\r\n\(String(repeating: "a", count: 0x7000))\r\n"
        try await expect(
            [(whole(19_999), 200), (whole(20_000), 200), (whole(20_001), 503)]
        ) { $0.bodiesTogether = 20_000 }
        try await expect([(chunks(of: 9), 200), (chunked(chunk + "0\r\n\r\n"), 503)]) {
            $0.bodiesTogether = 20_000
        }
    }
}

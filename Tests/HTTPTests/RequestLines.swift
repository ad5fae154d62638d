import Testing

@Suite("Request lines")
struct RequestLines {
    @Test func `A request line has a method, a target and a version, and no more`() async throws {
        try await expect([
            (get("/"), 200),
            ("\r\n" + get("/"), 200),
            ("\r\n\r\n" + get("/"), 400),
            ("\n" + get("/"), 400),
            ("get / HTTP/1.1\r\n\(host)\r\n", 501),
            ("BREW / HTTP/1.1\r\n\(host)\r\n", 501),
            ("CONNECT example.org:443 HTTP/1.1\r\n\(host)\r\n", 501),
            ("TRACE / HTTP/1.1\r\n\(host)\r\n", 501),
            ("G@T / HTTP/1.1\r\n\(host)\r\n", 400),
            (" GET / HTTP/1.1\r\n\(host)\r\n", 400),
            ("GET  / HTTP/1.1\r\n\(host)\r\n", 400),
            ("GET /  HTTP/1.1\r\n\(host)\r\n", 400),
            ("GET / HTTP/1.1 \r\n\(host)\r\n", 400),
            ("GET\t/ HTTP/1.1\r\n\(host)\r\n", 400),
            ("GET /\r\n\r\n", 400),
            ("GET HTTP/1.1\r\n\(host)\r\n", 400),
            ("GET / http/1.1\r\n\(host)\r\n", 400),
            ("GET / HTTP/1.10\r\n\(host)\r\n", 400),
            ("GET / HTTP/1\r\n\(host)\r\n", 400),
            ("GET / HTTP/1.0\r\n\r\n", 200),
            ("GET / HTTP/1.2\r\n\(host)\r\n", 505),
            ("GET / HTTP/2.0\r\n\(host)\r\n", 505),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
            ("GET / HTTP/1.1\n\(host)\r\n", 400),
            ("GET / HTTP/1.1\r\(host)\r\n", 400),
            ("GET /\u{0} HTTP/1.1\r\n\(host)\r\n", 400),
            ("\u{16}\u{3}\u{1}\u{2}", 400),
        ])
    }
}

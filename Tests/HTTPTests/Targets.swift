import Testing

@Suite("Targets")
struct Targets {
    @Test func `A target is a clean path, or a whole address, or a star`() async throws {
        try await expect([
            (get("/a/b?c=d&e=%20f"), 200),
            (get("//a"), 200),
            (get("/a%2Fb"), 400), (get("/a%2fb"), 400), (get("/a%5Cb"), 400), (get("/a%00b"), 400),
            (get("/?a=%2F%5C"), 200),
            (get("/%"), 400), (get("/%4"), 400), (get("/%4g"), 400), (get("/?%+1"), 400),
            (get("/%C3%A9"), 200), (get("/%C3"), 400), (get("/%C3a"), 400), (get("/%C0%AF"), 400),
            (get("/%ED%A0%80"), 400), (get("/%F4%90%80%80"), 400), (get("/%F0%9F%8C%B3"), 200),
            (get("/\u{E9}"), 400), (get("/a#b"), 400), (get("/a|b"), 400), (get("/a\\b"), 400),
            (get("/a\tb"), 400), (get("/\"a\""), 400), (get("a"), 400), (get("?a"), 400),
            (get("http://example.org/a"), 200), (get("HTTP://example.org:80/a?b"), 200),
            (get("https://[::1]:8443/a"), 200), (get("http://example.org"), 200),
            (get("http://example.org?a"), 200), (get("http:///a"), 400), (get("http://a@b/"), 400),
            (get("http://a b/"), 400), (get("ftp://example.org/"), 400), (get("http://a/%2F"), 400),
            (get("*"), 400), ("OPTIONS * HTTP/1.1\r\n\(host)\r\n", 200),
            ("OPTIONS http://a HTTP/1.1\r\n\(host)\r\n", 200), (get("example.org:80"), 400),
            (get("/" + String(repeating: "a", count: 8190)), 200),
            (get("/" + String(repeating: "a", count: 8191)), 200),
            (get("/" + String(repeating: "a", count: 8192)), 414),
            (get("/" + String(repeating: "a", count: 9000)), 414),
        ])
    }
}

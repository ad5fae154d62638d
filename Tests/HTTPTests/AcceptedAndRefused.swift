import Testing

@Suite("What is accepted and what is refused")
struct AcceptedAndRefused {
    static let host = "Host: example.org\r\n"

    static func get(_ target: String, _ fields: String = host) -> String {
        "GET \(target) HTTP/1.1\r\n\(fields)\r\n"
    }

    static func post(_ fields: String, _ body: String = "") -> String {
        "POST / HTTP/1.1\r\n\(host)\(fields)\r\n\(body)"
    }

    static func chunked(_ body: String) -> String { post("Transfer-Encoding: chunked\r\n", body) }

    static let requestLines: [(String, Int)] = [
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
    ]

    static let targets: [(String, Int)] = [
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
    ]

    static let hosts: [(String, Int)] = [
        (get("/", ""), 400), (get("/", host + host), 400), (get("/", "Host:\r\n"), 400),
        (get("/", "Host: a b\r\n"), 400), (get("/", "Host: a/b\r\n"), 400),
        (get("/", "Host: a@b\r\n"), 400), (get("/", "Host: a,b\r\n"), 200),
        (get("/", "Host: a:80\r\n"), 200), (get("/", "Host: a:\r\n"), 200),
        (get("/", "Host: a:65536\r\n"), 400), (get("/", "Host: a:8x\r\n"), 400),
        (get("/", "Host: a:+8\r\n"), 400), (get("/", "Host: [::1]:8\r\n"), 200),
        (get("/", "Host: [::1\r\n"), 400), (get("/", "Host: [:::1]\r\n"), 400),
        (get("/", "Host: []\r\n"), 400), (get("/", "Host: ::1\r\n"), 400),
        (get("/", "Host: \u{E9}\r\n"), 400), (get("/", "hOsT:\t a \t\r\n"), 200),
        ("GET / HTTP/1.0\r\n\(host)\(host)\r\n", 400),
    ]

    static let fields: [(String, Int)] = [
        (get("/", host + "A: b\r\n"), 200), (get("/", host + "A:\r\n"), 200),
        (get("/", host + "A: \u{E9}\tb\r\n"), 200), (get("/", host + "A : b\r\n"), 400),
        (get("/", host + ": b\r\n"), 400), (get("/", host + "A\r\n"), 400),
        (get("/", host + " A: b\r\n"), 400), (get("/", host + "A: b\r\n c\r\n"), 400),
        (get("/", " \(host)"), 400), (get("/", host + "A\u{E9}: b\r\n"), 400),
        (get("/", host + "A(: b\r\n"), 400), (get("/", host + "A: b\u{0}\r\n"), 400),
        (get("/", host + "A: b\u{7F}\r\n"), 400), (get("/", host + "A: b\rc\r\n"), 400),
        (get("/", host + "A: b\nc: d\r\n"), 400), (get("/", host + "A: b\r\r\n"), 400),
        (get("/", host + "Expect: 100-continue\r\n"), 200),
        (get("/", host + "Expect: tea\r\n"), 417),
    ]

    static let lengths: [(String, Int)] = [
        (post("Content-Length: 3\r\n", "abc"), 200), (post("Content-Length: 003\r\n", "abc"), 200),
        (post("Content-Length: +3\r\n", "abc"), 400), (post("Content-Length: -3\r\n"), 400),
        (post("Content-Length: 3 3\r\n", "abc"), 400), (post("Content-Length: 0x3\r\n"), 400),
        (post("Content-Length:\r\n"), 400), (post("Content-Length: 3, 3\r\n", "abc"), 400),
        (post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), 400),
        (post("Content-Length: \u{B3}\r\n"), 400),
        (post("Content-Length: 99999999999999999999\r\n"), 400),
        (post("Content-Length: 18446744073709551619\r\n", "abc"), 400),
        (post("Content-Length: 1048577\r\n"), 413), (post("Content-Length: 4\r\n", "abc"), 400),
        (post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400),
        (post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n"), 400),
        (post("Transfer-Encoding: Chunked\r\n", "0\r\n\r\n"), 200),
        (post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400),
        (post("Transfer-Encoding: chunked, chunked\r\n"), 400),
        (post("Transfer-Encoding: chunked, gzip\r\n"), 400),
        (post("Transfer-Encoding: gzip, chunked\r\n"), 501),
        (post("Transfer-Encoding: gzip\r\n"), 400), (post("Transfer-Encoding:\r\n"), 400),
        (post("Transfer-Encoding: chun\u{212}ed\r\n".replacing("\u{212}", with: "\u{EB}")), 400),
        (post("Transfer-Encoding: xchunked\r\n"), 400),
        (post("Transfer-Encoding: \"chunked\"\r\n"), 400),
        ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    ]

    static let chunks: [(String, Int)] = [
        (chunked("3\r\nabc\r\n0\r\n\r\n"), 200), (chunked("03\r\nabc\r\n000\r\n\r\n"), 200),
        (chunked("A;a;b=c;d=\"e\\\" ;\"\r\n0123456789\r\n0\r\n\r\n"), 200),
        (chunked("3 ; a = b\r\nabc\r\n0\r\n\r\n"), 200), (chunked("3 \r\nabc\r\n0\r\n\r\n"), 400),
        (chunked("3;\r\nabc\r\n0\r\n\r\n"), 400), (chunked("3;a=\r\nabc\r\n0\r\n\r\n"), 400),
        (chunked("3;a=\"b\r\nabc\r\n0\r\n\r\n"), 400), (chunked("+3\r\nabc\r\n0\r\n\r\n"), 400),
        (chunked(" 3\r\nabc\r\n0\r\n\r\n"), 400), (chunked("0x3\r\nabc\r\n0\r\n\r\n"), 400),
        (chunked("\r\nabc\r\n0\r\n\r\n"), 400), (chunked("3\nabc\r\n0\r\n\r\n"), 400),
        (chunked("3;a\nb\r\nabc\r\n0\r\n\r\n"), 400), (chunked("3\r\nabc\n0\r\n\r\n"), 400),
        (chunked("3\r\nabcd\r\n0\r\n\r\n"), 400), (chunked("3\r\nabc0\r\n\r\n"), 400),
        (chunked("FFFFFFFFFFFFFFFFF\r\n"), 400), (chunked("10000000000000003\r\nabc"), 400),
        (chunked("100001\r\n"), 413), (chunked("0\r\nA: b\r\n\r\n"), 200),
        (chunked("0\r\nA : b\r\n\r\n"), 400), (chunked("0\r\n A: b\r\n\r\n"), 400),
        (chunked("0\r\nA: b\n\r\n"), 400), (chunked("0\r\n"), 400),
    ]

    @Test(
        "Each request gets the one answer that the standards give it",
        arguments: [requestLines, targets, hosts, fields, lengths, chunks])
    func table(_ cases: [(String, Int)]) async throws {
        try await withServer { server in
            for (request, status) in cases {
                let answer = try server.answers(to: request)
                #expect(answer.statuses.last == status, "\(request.prefix(200).debugDescription)")
                #expect(answer.statuses.count { $0 != 100 } == 1)
            }
        }
    }
}

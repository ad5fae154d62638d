import Testing

@Suite("Lengths")
struct Lengths {
    @Test func `A body has one length, and there is no doubt about it`() async throws {
        try await expect([
            (post("Content-Length: 3\r\n", "abc"), 200),
            (post("Content-Length: 003\r\n", "abc"), 200),
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
            (
                post("Transfer-Encoding: chun\u{212}ed\r\n".replacing("\u{212}", with: "\u{EB}")),
                400
            ),
            (post("Transfer-Encoding: xchunked\r\n"), 400),
            (post("Transfer-Encoding: \"chunked\"\r\n"), 400),
            ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ])
    }

    @Test func `Chunks are well-formed`() async throws {
        try await expect([
            (chunked("3\r\nabc\r\n0\r\n\r\n"), 200), (chunked("03\r\nabc\r\n000\r\n\r\n"), 200),
            (chunked("A;a;b=c;d=\"e\\\" ;\"\r\n0123456789\r\n0\r\n\r\n"), 200),
            (chunked("3 ; a = b\r\nabc\r\n0\r\n\r\n"), 200),
            (chunked("3 \r\nabc\r\n0\r\n\r\n"), 400),
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
        ])
    }
}

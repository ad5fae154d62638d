import Testing

@Suite("Fields")
struct Fields {
    @Test func `There is one Host, and it is a host`() async throws {
        try await expect([
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
        ])
    }

    @Test func `There is at most one credential`() async throws {
        let one = "Authorization: Bearer a\r\n"
        try await expect([
            (get("/", host + one), 200), (get("/", host + one + one), 400),
            (get("/", host + one + "AUTHORIZATION:\r\n"), 400),
        ])
    }

    @Test func `A field is a name, a colon and a value, on one line`() async throws {
        try await expect([
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
        ])
    }
}

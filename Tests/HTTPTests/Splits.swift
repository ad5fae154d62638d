import Testing

@Suite("Packets make no difference")
struct Splits {
    static let requests = [
        "\r\n" + get("/a?b=%20c", host + "X-Echo: d\te\r\n"),
        post("Content-Length: 11\r\n", "hello\r\nthere") + get("/"),
        post("Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n")
            + "5;a=\"b\"\r\nhello\r\n6\r\n there\r\n0\r\nA: b\r\n\r\n" + get("/missing"),
        get("/", host + "A: b\rc\r\n"),
        get("/", host + "A: b\r\n c\r\n"),
        post("Content-Length: 1\r\nContent-Length: 1\r\n", "a"),
        chunked("5\r\nhello\r\nZ\r\n"),
        get("/") + "\r\n" + get("/") + "BREW / HTTP/1.1\r\n\r\n",
        "HEAD /missing HTTP/1.1\r\n" + host + "\r\nGET /nothing HTTP/1.1\r\n" + host + "\r\n",
    ]

    @Test(arguments: requests.indices)
    func `Any split of a request into two gives the same answer`(_ index: Int) async throws {
        let request = Self.requests[index]
        try await withServer { server in
            let whole = try server.answers(to: request).withoutDates
            #expect(!whole.isEmpty)
            for length in 1..<request.unicodeScalars.count {
                let begin = String(request.unicodeScalars.prefix(length))
                let end = String(request.unicodeScalars.dropFirst(length))
                let split = try server.answers(to: begin, end).withoutDates
                #expect(split == whole, "split after \(begin.debugDescription)")
            }
        }
    }

    @Test(arguments: requests.indices)
    func `Bytes that come one by one give the same answer`(_ index: Int) async throws {
        let request = Self.requests[index]
        try await withServer { server in
            let whole = try server.answers(to: request).withoutDates
            let client = try server.connect()
            for byte in request.unicodeScalars { client.send(String(byte)) }
            client.finishSending()
            #expect(client.readAll().withoutDates == whole)
        }
    }
}

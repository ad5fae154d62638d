import Testing

@Suite("Conversations")
struct Conversations {
    @Test func `A connection serves one request after another, also after an error`()
        async throws
    {
        try await withServer { server in
            let client = try server.connect()
            client.send(get("/missing"))
            #expect(client.read(until: "missing").statuses == [404])
            client.send(get("/b"))
            #expect(client.read(until: "GET /b||").statuses == [200])
        }
    }

    @Test func `Requests that come together are answered in order`() async throws {
        try await withServer { server in
            let answers = try server.answers(to: get("/slow") + get("/missing") + get("/b"))
            #expect(answers.statuses == [200, 404, 200])
            #expect(answers.hasSuffix("GET /b||"))
        }
    }

    @Test func `The last request of a connection is the last to be answered`() async throws {
        try await withServer { server in
            for fields in ["Connection: close\r\n", "Connection: a, CLOSE\r\n"] {
                let client = try server.connect()
                client.send(get("/", host + fields) + get("/b"))
                let answer = client.readAll()
                #expect(answer.statuses == [200])
                #expect(answer.contains("\r\nConnection: close\r\n"))
            }
            let client = try server.connect()
            client.send("GET / HTTP/1.0\r\n\r\n")
            #expect(client.readAll().contains("\r\nConnection: close\r\n"))
        }
    }

    @Test func `A client that expects to go on is told so before the body`() async throws {
        try await withServer { server in
            let client = try server.connect()
            client.send(post("Content-Length: 3\r\nExpect: 100-Continue\r\n"))
            #expect(client.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            client.send("abc")
            #expect(client.read(until: "POST /||abc").statuses == [200])
        }
    }

    @Test func `A body that is too large is refused before it is asked for`() async throws {
        try await withServer { server in
            let client = try server.connect()
            client.send(post("Content-Length: 2000000\r\nExpect: 100-continue\r\n"))
            #expect(client.readAll().statuses == [413])
        }
    }

    @Test func `The sender of a bad message can read why, however much it still sends`()
        async throws
    {
        try await withServer { server in
            let client = try server.connect()
            client.send(post("Content-Length: 9\r\nContent-Length: 8\r\n"))
            client.send(String(repeating: "a", count: 1_000_000))
            let answer = client.readAll()
            #expect(answer.statuses == [400])
            #expect(answer.hasSuffix("{\"status\":400,\"code\":\"ambiguous_length\"}"))
        }
    }

    @Test func `A client may end its side before it is answered`() async throws {
        try await withServer { server in
            try #expect(server.answers(to: get("/slow")).statuses == [200])
        }
    }

    @Test func `A client that leaves while it is served does no harm`() async throws {
        try await withServer { server in
            for target in ["/slow", "/large", "/slow"] {
                let client = try server.connect()
                client.send(get(target) + get("/b"))
                client.reset()
            }
            try #expect(server.answers(to: get("/slow")).statuses == [200])
        }
    }
}

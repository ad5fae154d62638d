import Testing

@Suite("Answers")
struct Answers {
    @Test func `An answer has a status, a date, a type, a length and the body`() async throws {
        try await withServer { server in
            let answer = try server.answers(to: get("/a?b", host + "X-Echo: c\r\n"))
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\nDate: "))
            #expect(answer.contains(" GMT\r\nContent-Type: text/plain\r\nX-Echo: c\r\n"))
            #expect(answer.hasSuffix(" 9\r\n\r\nGET /a|b|"))
        }
    }

    @Test func `HEAD gives the head that GET gives, and no body`() async throws {
        try await withServer { server in
            let get = try server.answers(to: get("/missing"))
            let head = try server.answers(to: "HEAD /missing HTTP/1.1\r\n\(host)\r\n")
            #expect(get.withoutDates == head.withoutDates + "missing")
        }
    }

    @Test func `Without content there is no length, without body a length of nothing`()
        async throws
    {
        try await withServer { server in
            let nothing = try server.answers(to: get("/nothing"))
            #expect(nothing.withoutDates == "HTTP/1.1 204 No Content\r\n\r\n")
            let empty = try server.answers(to: get("/empty"))
            #expect(empty.withoutDates == "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
        }
    }

    @Test func `A field value that would end its line is left out`() async throws {
        try await withServer { server in
            try #expect(!server.answers(to: get("/empty")).contains("X: y"))
        }
    }

    @Test func `A handler answers once, or the server does`() async throws {
        try await withServer { server in
            try #expect(server.answers(to: get("/silent")).statuses == [500])
            let twice = try server.answers(to: get("/twice"))
            #expect(twice.statuses == [200])
            #expect(twice.hasSuffix("first"))
        }
    }

    @Test func `A large answer arrives whole`() async throws {
        try await withServer { server in
            let answer = try server.answers(to: get("/large") + get("/"))
            #expect(answer.utf8.count > 10_000_000)
            #expect(answer.hasSuffix("GET /||"))
        }
    }

    @Test func `A chunked body is put together`() async throws {
        try await withServer { server in
            let body = "5;a=b\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nA: b\r\n\r\n"
            try #expect(server.answers(to: chunked(body)).hasSuffix("POST /||hello world"))
        }
    }

    @Test func `A whole address names its path`() async throws {
        try await withServer { server in
            try #expect(server.answers(to: get("http://a/b?c")).hasSuffix("GET /b|c|"))
            try #expect(server.answers(to: get("http://a?c")).hasSuffix("GET /|c|"))
            let options = "OPTIONS http://a HTTP/1.1\r\n\(host)\r\n"
            try #expect(server.answers(to: options).hasSuffix("OPTIONS *||"))
        }
    }
}

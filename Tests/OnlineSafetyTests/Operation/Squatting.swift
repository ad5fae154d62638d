import Glibc
import JSON
import Testing

@testable import OnlineSafety

/// Strangers who send much, or say that they will, and never end.
@Suite struct `Squatting` {
    private static let most = 8 << 20

    private func head(_ path: String, _ count: Int) -> [UInt8] {
        Array(
            """
            POST \(path) HTTP/1.1\r
            Host: localhost\r
            Content-Type: application/json\r
            Connection: close\r
            Content-Length: \(count)\r
            \r\n
            """.utf8)
    }

    @Test(arguments: [(400, 1_000), (20, 7 << 20)])
    func `does not keep a reporter waiting`(_ count: Int, _ bytes: Int) async throws {
        let register = try await Register.open()
        let begun = [UInt8](repeating: UInt8(ascii: " "), count: bytes)
        let squatters = try (0..<count).map { _ in
            let socket = try ClientSocket(port: register.port)
            try socket.send(head("/v1/incidents", Self.most) + begun)
            return socket
        }
        for _ in 0..<3 {
            let start = ContinuousClock.now
            #expect(try register.as(.staff).report().status == 201)
            #expect(ContinuousClock.now - start < .seconds(1))
        }
        if count * bytes > 64 << 20 {
            #expect(try Reading(squatters[0].readToEnd()).status == 408)
        }
        withExtendedLifetime(squatters) {}
    }

    /// A body that is too long is refused before anybody asks who sent it.
    @Test(arguments: [
        ("/v1/incidents", 8 << 20, 401), ("/v1/sessions", 16 << 10, 400),
        ("/v1/notices/0/acknowledgement", 1 << 10, 401), ("/wp-login.php", 4 << 10, 404),
        ("/v1/schools", 4 << 10, 405), ("/v1/notices/0/0/0/0/0", 4 << 10, 404),
    ])
    func `is bounded for each address: n - 1, n, n + 1`(path: String, most: Int, status: Int)
        async throws
    {
        let register = try await Register.open()
        for (count, expected) in [(most - 1, status), (most, status), (most + 1, 413)] {
            let socket = try ClientSocket(port: register.port)
            let body = [UInt8](repeating: UInt8(ascii: " "), count: count)
            try socket.send(head(path, count) + body)
            #expect(try Reading(socket.readToEnd()).status == expected, "\(count)")
        }
    }

    @Test func `is no reason to bounce a large report, or the longest of log-ins`() async throws {
        let register = try await Register.open()
        let visitor = register.as(.staff)
        let picture = "data:image/png;base64," + String(repeating: "iVBORw0KGgo", count: 100_000)
        let told = try visitor.report("Look: \(picture)")
        #expect(told.status == 201)
        let password = String(repeating: "\\ud83c\\udf33", count: 1024)
        let logIn = Array("{\"email\":\"a@b.example\",\"password\":\"\(password)\"}".utf8)
        let refused = try register.nobody.raw(
            "POST", "/v1/sessions", ["Content-Type": "application/json"], logIn)
        #expect(refused.status == 401)
    }
}

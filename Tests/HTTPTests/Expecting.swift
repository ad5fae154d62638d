import Testing

@testable import HTTP

let host = "Host: example.org\r\n"

func get(_ target: String, _ fields: String = host) -> String {
    "GET \(target) HTTP/1.1\r\n\(fields)\r\n"
}

func post(_ fields: String, _ body: String = "") -> String {
    "POST / HTTP/1.1\r\n\(host)\(fields)\r\n\(body)"
}

func chunked(_ body: String) -> String { post("Transfer-Encoding: chunked\r\n", body) }

/// Each of these requests, alone on its connection, gets one answer, of this status.
func expect(
    _ cases: [(request: String, status: Int)], _ adjust: (inout Limits) -> Void = { _ in },
    at place: SourceLocation = #_sourceLocation
) async throws {
    try await withServer(adjust) { server in
        for (request, status) in cases {
            let statuses = try server.answers(to: request).statuses.filter { $0 != 100 }
            let name = request.prefix(200).debugDescription
            #expect(statuses == [status], "\(name)", sourceLocation: place)
        }
    }
}

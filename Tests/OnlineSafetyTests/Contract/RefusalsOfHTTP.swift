import JSON
import Testing

@testable import OnlineSafety

/// What HTTP itself refuses is in the contract, of every operation that can meet it.
@Suite struct `The contract tells what HTTP refuses` {
    private let statuses = [
        "408": "RequestTimeout", "413": "ContentTooLarge", "414": "URITooLong",
        "431": "HeaderFieldsTooLarge",
    ]

    private func contract() throws -> JSONValue {
        try Contract.document.withUnsafeBytes { try JSON.parse($0) }
    }

    @Test func `by reference, the size of a body where there is one`() throws {
        let paths = try contract()["paths"]
        for route in areas.flatMap(\.routes) {
            let operation = paths?[route.path]?[route.method.rawValue.lowercased()]
            let hasBody = operation?["requestBody"] != nil
            for (status, name) in statuses {
                let answer = operation?["responses"]?[status]
                let reference: JSONValue = ["$ref": .string("#/components/responses/\(name)")]
                #expect(answer == (status == "413" && !hasBody ? JSONValue?.none : reference))
            }
        }
    }

    /// One byte or line beyond what is taken, and one that may still come.
    @Test func `with the code that is answered`() async throws {
        let register = try await Register.open()
        let responses = try contract()["components"]?["responses"]
        func request(target: Int = 9, lines: Int = 3, body: Int = 2) -> [UInt8] {
            let head =
                "POST /\(String(repeating: "a", count: target - 1)) HTTP/1.1\r\nHost: a\r\n"
                + "Content-Length: \(body)\r\n" + String(repeating: "A: b\r\n", count: lines - 2)
            return Array((head + "\r\n" + String(repeating: " ", count: body)).utf8)
        }
        let cases: [(bytes: [UInt8], status: Int)] = [
            (request(body: 4096), 404), (request(body: 4097), 413), (request(target: 8192), 404),
            (request(target: 8193), 414), (request(lines: 100), 404), (request(lines: 101), 431),
        ]
        for (bytes, status) in cases {
            let socket = try ClientSocket(port: register.port)
            try socket.send(bytes)
            socket.finishSending()
            let told = try Reading(socket.readToEnd())
            #expect(told.status == status)
            guard let name = statuses["\(status)"] else { continue }
            let words = responses?[name]?["description"]?.text
            #expect(try words?.hasPrefix("`\(#require(told.code))`: ") == true)
        }
    }
}

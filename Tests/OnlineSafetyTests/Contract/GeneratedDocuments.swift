import FoundationEssentials
import Testing

@testable import OnlineSafety

/// The documents that are made from the routes, as they are committed.
@Suite struct `Generated documents` {
    /// API-01
    @Test func `the contract that is committed is the one that is generated`() throws {
        #expect(
            try committed("OpenAPI/openapi.json") == Contract.document,
            "run Scripts/openapi, read the difference, and commit it with the change")
    }

    @Test func `the access table that is committed is the one that is generated`() throws {
        #expect(
            try committed("Docs/Access.md") == Array(AccessTable.document.utf8),
            "run Scripts/openapi, read the difference, and commit it with the change")
    }

    /// API-01
    @Test func `the contract that is served is the one that is committed`() async throws {
        let register = try await Register.open()
        let served = try register.nobody.get("/v1/openapi.json")
        #expect(served.status == 200)
        #expect(try served.body == committed("OpenAPI/openapi.json"))
    }
}

/// The bytes of a file of the project.
func committed(_ path: String) throws -> [UInt8] {
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    return Array(try Data(contentsOf: URL(filePath: "/\(root)/\(path)")))
}

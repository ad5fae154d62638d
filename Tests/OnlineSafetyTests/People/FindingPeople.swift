import JSON
import Testing

@testable import OnlineSafety

/// ORG-14
@Suite struct `Finding people` {
    @Test(arguments: [
        ("Robin", true), ("ash", true), ("Robin%20Ash", true), ("ash%20robin", true),
        ("ro%20as", true), ("Robin%20Ash%20of%20Hawthorn", true), ("%20Robin%20", true),
        ("obin", false), ("Robin%20Elm", false), ("Ash%25", false), ("Hawthorn", true),
    ])
    func `finds by the beginnings of all names`(query: String, isFound: Bool) async throws {
        let register = try await Register.open()
        let told = try register.as(.dsl).get("/v1/people?q=\(query)")
        #expect(told.status == 200)
        #expect(told.data.contains { $0["given_name"]?.text == "Robin" } == isFound)
    }
}

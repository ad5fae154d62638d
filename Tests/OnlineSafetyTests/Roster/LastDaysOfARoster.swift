import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety

/// Whose last day the roster tells before they hold a post, or takes back.
@Suite struct `Last days of a roster` {
    private let school = TestSchool.hawthorn

    private func opened() async throws -> Register {
        let register = try await Register.open()
        try register.database.setClock("2026-11-20T12:00:00Z")
        return register
    }

    private func teacher(leaving day: String?) -> JSONValue {
        row("T1", "teacher", "Kim", "Oak", [("left_on", day.map { .string($0) } ?? .null)])
    }

    /// ORG-05
    @Test(arguments: ["2026-12-31", "2026-11-02"])
    func `whose last day is taken back keeps a post that never ended`(day: String) async throws {
        let register = try await opened()
        try register.vacate(.deputyDSL)
        try register.database.execute(
            """
            update person
            set external_id = 'T1', given_name = 'Kim', family_name = 'Oak', left_on = '\(day)'
            where id = '\(school.person(.dsl))'
            """)
        let told = try register.as(.office).roster([teacher(leaving: nil)])
        #expect(told.number("returned") == 1, "\(told.text)")
        #expect(try register.as(.office).known("T1")?["left_on"] == nil)
        let held = try register.database.owner().run(
            "select until_on::text as day from seat where id = \(school.seat(.dsl))")
        #expect(held.text(0, "day") == nil)
        #expect(try register.as(.dsl).get("/v1/people").status == 200)
        #expect(try !register.database.entries().map(\.deed).contains("left"))
    }
}

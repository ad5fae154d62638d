import FoundationEssentials
import JSON
import Postgres

@testable import OnlineSafety

extension Register {
    /// Of a school that it has known since September 2026.
    static func ofGovernors() async throws -> Register {
        let register = try await Register.open()
        try register.database.execute("update school set created_at = '2026-09-01T08:00:00Z'")
        try register.database.setClock("2026-11-20T09:00:00Z")
        return register
    }

    func issueReport(until day: String, _ commentary: String = "A quiet term") throws -> Reading {
        try self.as(.dsl).post(
            "/v1/governor-reports",
            ["commentary": .string(commentary), "until_on": .string(day)])
    }

    /// Incidents of the school, behind the walls.
    func happen(
        _ number: Int, on day: String, _ types: String = "{cyberbullying}",
        _ status: String = "reported", reported: String? = nil
    ) throws {
        try database.execute(
            """
            insert into incident (
                school_id, id, reference, concerns, urgency, treated_as, readers, occurred_on,
                reported_at, types, status)
            select '\(TestSchool.hawthorn.id)', id, id::text, 'child', 'normal', 'child', '{dsl}',
                '\(day)', '\(reported ?? day)', '\(types)', '\(status)'
            from (select gen_random_uuid() as id from generate_series(1, \(number))) as made
            """)
    }
}

extension Reading {
    /// A figure of a governors' report.
    func cell(_ measure: String, _ word: String? = nil) -> JSONValue {
        json.list("cells").first {
            $0["measure"]?.text == measure && $0["word"]?.text == word
        } ?? .null
    }

    /// The number that it tells, if it tells one.
    func count(_ measure: String, _ word: String) -> Int? {
        guard case .number(let number)? = cell(measure, word)["count"] else { return nil }
        return number.integer()
    }
}

import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// Of whom the duties are worked out that are a post's and about somebody.
@Suite struct `Duties about those who are named` {
    private let school = TestSchool.hawthorn

    /// How many an area works out, for whoever holds a post, where these people are asked for.
    private func worked(_ source: SQL, for role: Role, _ people: SQL, _ register: Register) throws
        -> Int
    {
        let owner = try register.database.owner()
        _ = try owner.run(
            """
            select set_config('rowan.account', \(school.account(role).uuidString), false),
                set_config(
                    'rowan.seats',
                    jsonb_build_object(
                        \(school.id)::text, jsonb_build_array(\(role.rawValue)::text))::text,
                    false)
            """)
        let told = try owner.run(
            "select count(*)::integer as n from \(source)(\(school.id), \(people)) as duty")
        return try #require(told.int(0, "n"))
    }

    @Test func `no more is worked out than is asked for, and a post's own all of it`() async throws
    {
        let newcomer = try await Newcomer.open()
        let register = newcomer.register
        let access = AccessAtWork(register: register)
        try access.system("Purple Mash", .learningPlatform, ["roster_kinds": ["pupil", "teacher"]])
        let other: SQL = "array[\(school.person(.dsl))]::uuid[]"
        let own: SQL = "array[\(newcomer.person)]::uuid[]"
        let steps: SQL = "duties_of_inductions"
        let tasks: SQL = "duties_of_access"
        #expect(try worked(steps, for: .office, "null", register) == 5)
        #expect(try worked(steps, for: .office, own, register) == 5)
        #expect(try worked(steps, for: .office, other, register) == 0)
        #expect(try worked(steps, for: .schoolAdministrator, other, register) == 5)
        #expect(try worked(steps, for: .schoolAdministrator, "'{}'", register) == 0)
        let all = try worked(tasks, for: .office, "null", register)
        #expect(all > 2)
        #expect(try worked(tasks, for: .office, own, register) == 1)
        #expect(try worked(tasks, for: .office, "'{}'", register) == 0)
        #expect(try worked(tasks, for: .technician, own, register) == all)
        #expect(try worked(tasks, for: .technician, "'{}'", register) == 0)
        // Who has left is inducted no more, though they are named.
        try register.database.execute(
            "update person set left_on = '2026-11-19' where id = '\(newcomer.person)'")
        #expect(try worked(steps, for: .office, own, register) == 0)
    }
}

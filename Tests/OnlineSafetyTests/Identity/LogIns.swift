import JSON

@testable import OnlineSafety
@testable import Postgres

extension Register {
    /// Logs in with the password that all have in tests, or another.
    func logIn(_ email: String, _ password: String = TestSchool.password) throws -> Reading {
        try nobody.post(
            "/v1/sessions", ["email": .string(email), "password": .string(password)])
    }

    /// From yesterday on somebody no longer holds their seat.
    func endSeat(_ role: Role, at school: TestSchool = .hawthorn) throws {
        try database.execute(
            """
            update seat set until_on = london_today() - 1
            where school_id = '\(school.id)' and id = '\(school.seat(role))'
            """)
    }

    /// Gives the holder of one role another as well, from today on.
    func addSeat(
        _ role: Role, to holder: Role, at school: TestSchool = .hawthorn,
        from: String = "london_today()", until: String = "null"
    ) throws {
        try database.execute(
            """
            insert into seat (school_id, id, account_id, person_id, role, from_on, until_on)
            values ('\(school.id)', gen_random_uuid(), '\(school.account(holder))',
                '\(school.person(holder))', '\(role.rawValue)', \(from), \(until))
            """)
    }
}

extension TestDatabase {
    /// How many statements of the service wait for a lock.
    func waits() throws -> Int {
        try number(
            """
            select count(*) from pg_stat_activity
            where datname = current_database() and usename = 'rowan_service'
                and wait_event_type = 'Lock'
            """)
    }
}

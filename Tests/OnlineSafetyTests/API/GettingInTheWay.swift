import Testing

@testable import OnlineSafety
@testable import Postgres

/// Transactions that met another one's work: PostgreSQL ends one of them, which is tried again.
@Suite struct `Getting in each other's way` {
    private let register: Register

    init() async throws { register = try await .open() }

    /// The first attempts of whoever reports end so; what a sequence counts is never taken back.
    private func fail(_ attempts: Int, with sqlState: String) throws {
        try register.database.execute(
            """
            create sequence attempt;
            grant usage on sequence attempt to public;
            create function meet() returns trigger language plpgsql as $$
            begin
                if nextval('attempt') <= \(attempts) then
                    raise exception 'met another' using errcode = '\(sqlState)';
                end if;
                return new;
            end $$;
            create trigger meets before insert on report for each row execute function meet();
            """)
    }

    private func attempts() throws -> Int {
        try register.database.number("select last_value from attempt")
    }

    @Test(arguments: ["40001", "40P01"])
    func `is settled by trying again, three times at most`(sqlState: String) throws {
        try fail(3, with: sqlState)
        #expect(try register.as(.staff).report().status == 201)
        #expect(try attempts() == 4)
        #expect(try register.database.number("select count(*) from report") == 1)
    }

    @Test(arguments: ["40001", "40P01"])
    func `is a conflict after that, and nothing was kept`(sqlState: String) throws {
        try fail(100, with: sqlState)
        let refusal = try register.as(.staff).report()
        #expect(refusal.status == 409)
        #expect(refusal.text.contains("Somebody else changed it at the same moment."))
        #expect(try attempts() == 4)
        #expect(try register.database.number("select count(*) from incident") == 0)
    }
}

import Testing

@testable import Postgres

@Suite struct `Where a database is` {
    @Test(arguments: [
        "", "host=/run/postgresql", "host=@abstract", "host=localhost", "host=127.0.0.1",
        "host=127.8.9.1", "host=::1", "postgresql://rowan@[::1]/rowan", "postgresql:///rowan",
        "host=db.example hostaddr=127.0.0.1", "host=localhost,127.0.0.1 port=5432,5433",
        "host=192.0.2.1 sslmode=verify-full", "host=192.0.2.1,192.0.2.2 sslmode=verify-full",
    ])
    func `is safe on this host, or behind a certificate`(url: String) throws {
        #expect(try DatabasePlace(url).isSafe)
    }

    @Test(arguments: [
        "host=192.0.2.1", "host=192.0.2.1 sslmode=require", "host=192.0.2.1 sslmode=verify-ca",
        "postgresql://rowan@192.0.2.1/rowan?sslmode=prefer", "host=localhost,192.0.2.1",
        "host=localhost hostaddr=192.0.2.1", "host=::2", "host=::ffff:127.0.0.1",
        "host=128.0.0.1", "hostaddr=192.0.2.1,127.0.0.1", "host=2001:db8::1",
    ])
    func `is not safe elsewhere`(url: String) throws {
        #expect(try !DatabasePlace(url).isSafe)
    }
}

import Testing

@testable import OnlineSafety
@testable import Postgres

/// What the program refuses to start with.
@Suite struct `Starting` {
    private let database = Result { try TestDatabase() }

    private func serve(
        _ more: [String: String] = [:], as url: (TestDatabase) -> String = { $0.serviceURL }
    ) throws -> Command {
        let folder = try ScratchFolder()
        let usual = try RunningService.environment(url(database.get()), folder)
        return try Command(["serve"], usual.merging(more) { $1 })
    }

    @Test(arguments: ["ROWAN_PROT", "ROWAN_KEY", "ROWAN_", "ROWAN_PORT_FILES", "ROWAN_port"])
    func `is refused with a name that nobody knows`(name: String) throws {
        let run = try serve([name: "Canary"])
        #expect(run.status == 1)
        #expect(run.printed.contains(name) && !run.printed.contains("Canary"))
    }

    @Test(arguments: [0o644, 0o604, 0o602, 0o601])
    func `is refused with a key file that everybody can use`(mode: Int) throws {
        let folder = try ScratchFolder()
        let keys = try folder.write("keys", KeyRing.newLine(id: 1), mode: mode)
        let run = try serve(["ROWAN_KEYS_FILE": keys])
        #expect(run.status == 1)
        #expect(run.printed.contains("ROWAN_KEYS_FILE: everybody can read it"))
    }

    @Test(arguments: ["", "1 abc", "256 00", "one", "1 " + String(repeating: "0", count: 62)])
    func `is refused with keys that are none, which are not repeated`(text: String) throws {
        let folder = try ScratchFolder()
        let run = try serve(["ROWAN_KEYS_FILE": folder.write("keys", text, mode: 0o600)])
        #expect(run.status == 1)
        #expect(run.printed.contains("ROWAN_KEYS: lines of a number"))
        #expect(text.isEmpty || !run.printed.contains("\n\(text)"))
    }

    @Test func `is refused with a file that is not there`() throws {
        let run = try serve(["ROWAN_KEYS_FILE": "/nowhere/keys"])
        #expect((run.status, run.printed) == (1, "rowan: ROWAN_KEYS_FILE: cannot be read\n"))
    }

    @Test(arguments: ["ROWAN_PORT", "ROWAN_LOOPS", "ROWAN_SESSION_HOURS", "ROWAN_CONNECTIONS"])
    func `is refused with a number that is none, or out of range`(name: String) throws {
        for value in ["-1", "99999", "x", "", "1.5"] {
            let run = try serve([name: value])
            #expect(run.status == 1, "\(value)")
            #expect(run.printed.contains("\(name): a whole number from"), "\(value)")
        }
    }

    /// Nothing listens there, and nothing is asked.
    @Test func `is refused with a database on another host that shows no certificate`() throws {
        let url = "host=127.0.0.1,192.0.2.1 password=Canary"
        let run = try serve(as: { _ in url })
        #expect(run.status == 1)
        #expect(run.printed.contains("DATABASE_URL: a database on another host is only used with"))
        #expect(!run.printed.contains("Canary"))
        let odd = try serve(["ROWAN_DATABASE_NETWORK": "Canary"])
        #expect(odd.status == 1)
        #expect(odd.printed == "rowan: ROWAN_DATABASE_NETWORK: private, or not set\n")
    }

    @Test(arguments: ["migrate", "demo", "audit verify"])
    func `is refused there for every other command, too`(command: String) throws {
        let url = "host=192.0.2.1"
        let run = try Command(
            command.split(separator: " ").map(String.init),
            ["ROWAN_OWNER_DATABASE_URL": url, "ROWAN_MAINTENANCE_DATABASE_URL": url])
        #expect(run.status == 1)
        #expect(run.printed.contains("a database on another host is only used with"))
    }

    /// SEC-14: the service has no more rights than it needs.
    @Test func `is refused as a superuser, as an owner, and past row-level security (SEC-14)`()
        throws
    {
        let run = try serve(as: \.ownerURL)
        #expect(run.status == 1)
        #expect(run.printed.contains("this database is not safe"))
        #expect(run.printed.contains("is a superuser"))
        #expect(run.printed.contains("bypasses row-level security"))
        #expect(run.printed.contains("may create in the schema public"))
    }
}

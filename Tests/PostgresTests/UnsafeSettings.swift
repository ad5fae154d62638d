import Testing

@testable import Postgres

/// The settings of one session, as a superuser may make them; what only a server can be started
/// with is tried in `Starting on an unsafe server`.
@Suite struct `Unsafe settings` {
    private static let safe = "set log_min_messages = fatal; set log_parameter_max_length = 0;"

    private static let unsafe: [(setting: String, finding: String)] = [
        ("synchronous_commit = off", "synchronous_commit is off"),
        ("ignore_checksum_failure = on", "ignore_checksum_failure is on"),
        ("zero_damaged_pages = on", "zero_damaged_pages is on"),
        ("log_min_messages = error", "log_min_messages lets errors"),
        ("log_min_messages = debug1", "log_min_messages lets errors"),
        ("log_statement = 'mod'", "log_statement puts"),
        ("log_statement = 'all'", "log_statement puts"),
        ("log_min_duration_statement = 0", "log_min_duration_statement puts"),
        ("log_min_duration_statement = '1h'", "log_min_duration_statement puts"),
        ("log_min_duration_sample = 0", "log_min_duration_sample puts"),
        ("log_transaction_sample_rate = 0.01", "log_transaction_sample_rate puts"),
        ("debug_print_parse = on", "debug_print_parse"),
        ("debug_print_rewritten = on", "debug_print_rewritten"),
        ("debug_print_plan = on", "debug_print_plan"),
        ("auto_explain.log_min_duration = 0", "auto_explain.log_min_duration is set"),
        ("pgaudit.log = 'write'; set pgaudit.log_parameter = on", "pgaudit.log_parameter is on"),
    ]

    private func findings(_ script: String) throws -> [String] {
        let connection = try TestDatabase().direct()
        try connection.execute(script: Self.safe + script)
        return try StartUpCheck.findings(on: connection)
            .filter { !$0.contains("the role postgres") }
    }

    @Test func `are none where nothing is lost and nothing told`() throws {
        #expect(try findings("") == [])
        #expect(try findings("set log_min_messages = log") == [])
    }

    @Test(arguments: Self.unsafe)
    func `are found, each in its words`(setting: String, finding: String) throws {
        let found = try findings("set log_parameter_max_length = -1; set \(setting)")
        #expect(found.count == 1 && found.allSatisfy { $0.contains(finding) }, "\(found)")
    }

    /// Statements without their values tell nothing.
    @Test(arguments: ["log_statement = 'all'", "log_min_duration_statement = 0"])
    func `are not what logs a statement without its values`(setting: String) throws {
        #expect(try findings("set \(setting)") == [])
    }

    @Test func `have a test each`() {
        let elsewhere = ["fsync is off", "full_page_writes is off", "the server is older"]
        let tried = Self.unsafe.map(\.finding) + elsewhere
        for setting in UnsafeSetting.all {
            #expect(tried.contains { setting.words.contains($0) }, "\(setting.words)")
        }
    }

    /// Whoever runs the server may want them for others.
    @Test func `that a role may choose are chosen by every connection of a pool`() async throws {
        let database = try TestDatabase()
        try await database.pool({
            $0.url += " options='-c log_parameter_max_length_on_error=-1'"
        }) { pool in
            for access in [Transaction.Access.reading, .writing] {
                let transaction = Transaction(access, in: pool, deadline: pool.loop.now + 5000)
                let said = try await transaction.run(
                    "select current_setting('log_parameter_max_length_on_error') as words")
                #expect(said.text(0, "words") == "0")
                await transaction.rollBack()
            }
        }
    }
}

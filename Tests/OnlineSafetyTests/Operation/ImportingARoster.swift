import FoundationEssentials
import Glibc
import Testing

@testable import OnlineSafety

/// `rowan import`, as an operator runs it.
@Suite struct `Importing a roster by command` {
    private let school = TestSchool.hawthorn
    private static let heads = "Adno,Legal forename,Legal surname,Reg,NC Year,DOB,Admission date"

    /// A pupil on a line, under heads as an MIS gives them.
    private static func line(
        _ number: Int, year: String = "Year 3", born: String = "09/03/2018"
    ) -> String {
        "P\(number),Kim,Oak \(number),3A,\(year),\(born),01/09/2025"
    }

    private static func table(_ numbers: Range<Int>, _ more: [String] = []) -> String {
        ([heads] + numbers.map { line($0) } + more).joined(separator: "\r\n") + "\r\n"
    }

    /// The command with a file of this text.
    private func rowan(
        _ register: Register, _ text: String, _ words: [String] = ["--kind", "pupil"],
        named name: String = "pupils.csv"
    ) throws -> Command {
        let folder = try ScratchFolder()
        let file = try folder.write(name, text, mode: 0o600)
        return try command(register, [file, "--school", school.id.lowercased] + words)
    }

    private func command(_ register: Register, _ words: [String]) throws -> Command {
        try Command(
            ["import"] + words,
            ["ROWAN_MAINTENANCE_DATABASE_URL": register.database.maintenanceURL])
    }

    /// Those of whom the MIS has told, who are there today.
    private func known(_ register: Register) throws -> Int {
        try register.database.number(
            """
            select count(*) from person
            where external_id is not null and (left_on is null or left_on >= london_today())
            """)
    }

    /// What is there of a batch that came to nothing: rows, persons, leavers, batches, entries.
    private func traces(_ register: Register) throws -> Int {
        try register.database.number(
            """
            select (select count(*) from roster_row) + (select count(*) from roster_link)
                + (select count(*) from person_version) + (select count(*) from roster_batch)
                + (select count(*) from event)
            """)
    }

    @Test func `a table is tried, applied, and changes nothing again`() async throws {
        let register = try await Register.open()
        let before = try traces(register)
        let text = Self.table(0..<20)
        let tried = try rowan(register, text, ["--kind", "pupil", "--full", "--dry-run"])
        #expect(tried.status == 0 && tried.printed.contains("100 %, 20 rows\n"))
        #expect(tried.printed.contains("It would be applied: 20 rows; 20 new, 0 changed"))
        #expect(try known(register) == 0 && traces(register) == before)
        let applied = try rowan(register, text, ["--kind", "pupil", "--full"])
        #expect(applied.status == 0)
        #expect(applied.printed.contains("It was applied: 20 rows; 20 new, 0 changed"))
        #expect(try known(register) == 20)
        let kim = try #require(try register.as(.office).known("P7"))
        #expect(kim["given_name"] == "Kim" && kim["family_name"] == "Oak 7")
        #expect(kim["year_group"] == "3" && kim["class_name"] == "3A")
        #expect(kim["joined_on"] == "2025-09-01")
        let again = try rowan(register, text, ["--kind", "pupil", "--full"])
        #expect(again.status == 0)
        #expect(again.printed.contains("0 new, 0 changed, 20 unchanged, 0 leavers"))
        #expect(
            try register.database.number(
                "select count(*) from roster_batch where applied_by = 'rowan import'") == 2)
    }

    @Test func `too many leavers wait for their number`() async throws {
        let register = try await Register.open()
        let full = ["--kind", "pupil", "--full"]
        #expect(try rowan(register, Self.table(0..<40), full).status == 0)
        let before = try traces(register)
        let few = Self.table(0..<25)
        for words in [full, full + ["--confirm-leavers", "14"], full + ["--dry-run"]] {
            let told = try rowan(register, few, words)
            #expect(told.status == 2, "\(words)")
            #expect(
                told.printed.contains(
                    """
                    More would leave than is likely: nothing is applied: 25 rows; 15 would be \
                    marked as left, and of a group more than were expected to. If so many have \
                    left: --confirm-leavers 15
                    """))
            #expect(try known(register) == 40 && traces(register) == before)
        }
        let told = try rowan(register, few, full + ["--confirm-leavers", "15"])
        #expect(told.status == 0 && told.printed.contains("15 leavers"))
        #expect(try known(register) == 25)
    }

    @Test func `each faulty row is named, without what stands in it`() async throws {
        let register = try await Register.open()
        let before = try traces(register)
        let faulty = [
            Self.line(7001, year: "Canary"), Self.line(7002, born: "31/31/2018"),
            "P7003,,Canary,3A,Year 3,,",
        ]
        let text = Self.table(0..<3_000, faulty)
        let refused = try rowan(register, text)
        #expect(refused.status == 1)
        #expect(refused.printed.contains("row 3002/year_group  error: Give a year group"))
        #expect(refused.printed.contains("row 3003/date_of_birth  error: Give a date"))
        #expect(refused.printed.contains("row 3004/given_name  error: "))
        #expect(
            refused.printed.contains(
                "Rows are faulty: nothing is applied: 3003 rows; 3 refused\n"))
        for value in ["Canary", "31/31", "P7003", "Oak", "Kim"] {
            #expect(!refused.printed.contains(value))
        }
        #expect(try known(register) == 0 && traces(register) == before)
        let partial = try rowan(register, text, ["--kind", "pupil", "--partial"])
        #expect(partial.status == 1 && partial.printed.contains("3000 new"))
        #expect(partial.printed.contains("3 refused\n"))
        #expect(try known(register) == 3_000)
    }

    @Test func `a file that breaks off is refused whole`() async throws {
        let register = try await Register.open()
        let before = try traces(register)
        let table = Self.table(0..<2_500)
        let lines = (0..<2_500).map {
            #"{"external_id": "P\#($0)", "kind": "pupil", "given_name": "Kim", "family_name": "O"}"#
        }
        let ndjson = lines.joined(separator: "\n")
        let cases: [(name: String, text: String, said: String)] = [
            ("in a cell.csv", String(table.dropLast(25)), "is it whole?"),
            ("in quotes.csv", table + "P9999,\"Kim", "  /2502  "),
            ("in a line.ndjson", String(ndjson.dropLast(10)), "is it whole?"),
            ("empty.csv", "", "no line in it"),
            ("no heads.csv", String(table.dropFirst(Self.heads.count + 2)), "first line"),
        ]
        for (name, text, said) in cases {
            let words = name.hasSuffix(".csv") ? ["--kind", "pupil", "--full"] : ["--full"]
            let told = try rowan(register, text, words, named: name)
            #expect(told.status == 1, "\(name): \(told.printed)")
            #expect(told.printed.lowercased().contains(said), "\(name): \(told.printed)")
            #expect(!told.printed.contains("Oak"), "\(name)")
            #expect(try known(register) == 0 && traces(register) == before, "\(name)")
        }
    }

    @Test func `one that is killed has changed nothing, and is run again`() async throws {
        let register = try await Register.open()
        let folder = try ScratchFolder()
        let pipe = folder.path + "/pupils.csv"
        #expect(mkfifo(pipe, 0o600) == 0)
        let end = open(pipe, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        defer { close(end) }
        let child = try RunningService.start(
            ["ROWAN_MAINTENANCE_DATABASE_URL": register.database.maintenanceURL], folder,
            ["import", pipe, "--school", school.id.lowercased, "--kind", "pupil", "--full"])
        let text = Self.table(0..<6_000)
        var rest = Array(text.utf8)[...]
        let isRead = try await eventually(within: 20) {
            let count = rest.withUnsafeBytes { write(end, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) }
            return rest.isEmpty
        }
        #expect(isRead)
        #expect(
            try await eventually(within: 20) {
                try register.database.number("select count(*) from roster_row") > 0
            })
        child.signal(SIGKILL)
        _ = child.wait()
        #expect(try known(register) == 0)
        #expect(try register.database.number("select count(*) from roster_batch") == 0)
        let again = try rowan(register, text, ["--kind", "pupil", "--full"])
        #expect(again.status == 0 && again.printed.contains("6000 new"))
        #expect(try known(register) == 6_000)
    }

    @Test func `what is not understood, or not there, is said`() async throws {
        let register = try await Register.open()
        let id = school.id.lowercased
        for words in [
            [], ["a.csv"], ["--school", id], ["a.csv", "b.csv", "--school", id],
            ["a.csv", "--school", id, "--everything"], ["--everything", "--school", id],
            ["a.csv", "--school"],
            ["a.csv", "--school", id, "--confirm-leavers", "many"],
            ["a.csv", "--school", id, "--confirm-links-ended", "many"],
        ] {
            let told = try command(register, words)
            #expect(told.status == 64 && told.printed.contains("import FILE"), "\(words)")
        }
        let gone = try command(register, ["/nowhere/a.csv", "--school", id])
        #expect((gone.status, gone.printed) == (1, "rowan: /nowhere/a.csv cannot be read\n"))
        for words in [["--school", "999999"], ["--school", id, "--kind", "wizard"]] {
            let told = try command(register, ["/nowhere/a.csv"] + words)
            #expect(told.status == 1)
            #expect(told.printed.contains("no such school, or no such kind of person"))
        }
    }
}

import Testing

/// What keeps the project readable and safe, where neither compiler nor formatter keeps it.
struct StyleTests {
    @Test func `The files are found`() {
        #expect(SourceFile.sources.count > 20)
    }

    @Test func `No source file has more than 300 lines`() {
        #expect(SourceFile.sources.filter { $0.lines.count > 301 }.map(\.path) == [])
    }

    @Test func `No line has more than 100 characters`() {
        #expect(SourceFile.swift.flatMap { $0.places { $0.count > 100 } } == [])
    }

    @Test func `No function has more than 60 lines`() {
        let places = SourceFile.sources.flatMap { file in
            FunctionLengths(file: file).places(longerThan: 60)
        }
        #expect(places == [])
    }

    @Test func `No file is called after nothing in particular`() {
        let names = ["Utils", "Utilities", "Helper", "Manager", "Common", "Misc"]
        let files = SourceFile.all.filter { file in
            names.contains { file.path.split(separator: "/").last?.contains($0) == true }
        }
        #expect(files.map(\.path) == [])
    }

    @Test(arguments: ["try!", "as!", "TODO", "FIXME", "nonisolated(unsafe)"])
    func `What may fail is not forced, and nothing is left for later`(word: String) {
        #expect(SourceFile.swift.flatMap { $0.places { $0.hasWord(word) } } == [])
    }

    @Test func `Only the event loop vouches for its own sendability`() {
        let places = SourceFile.swift.filter { $0.target != "EventLoop" }
            .flatMap { $0.places { $0.contains("@unchecked Sendable") } }
        #expect(places == [])
    }

    /// It would bring ICU into the program: eight megabytes of memory, and fifty on the disk.
    @Test func `No source needs all of Foundation`() {
        let places = SourceFile.sources.flatMap { file in
            file.places { $0.hasSuffix("import Foundation") }
        }
        #expect(places == [])
    }

    /// A school's time is `rowan_now()`, which a test can set. The PostgreSQL library, which knows
    /// no schools, dates its migrations before there is such a function.
    @Test(arguments: [
        "now()", "current_timestamp", "current_date", "localtimestamp", "transaction_timestamp()",
        "statement_timestamp()", "clock_timestamp()",
    ])
    func `The database's own clock is read by rowan_now alone`(clock: String) {
        let files = SourceFile.all.filter {
            !$0.path.hasPrefix("Tests/") && $0.target != "Postgres"
        }
        let places = files.flatMap { file in
            let own = file.places(after: "function rowan_now(", count: 3)
            return file.places { $0.hasWord(clock) && !$0.isComment }.filter { !own.contains($0) }
        }
        #expect(places == [])
    }

    @Test func `Only the program prints`() {
        let places = SourceFile.sources.filter { $0.target != "rowan" }
            .flatMap { $0.places { $0.hasWord("print(") && !$0.isComment } }
        #expect(places == [])
    }
}

extension String {
    var isComment: Bool {
        let text = drop { $0 == " " }
        return text.hasPrefix("//") || text.hasPrefix("--")
    }

    /// Whether it holds this, not as the end of a longer name.
    func hasWord(_ word: String) -> Bool {
        var rest = self[...]
        while let start = rest.firstRange(of: word) {
            let before = rest[..<start.lowerBound].last
            if before.map({ !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "." }) ?? true {
                return true
            }
            rest = rest[start.upperBound...]
        }
        return false
    }
}

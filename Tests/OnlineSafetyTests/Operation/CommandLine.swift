import Testing

@testable import OnlineSafety

/// The program on the command line.
@Suite struct `Asking the program` {
    /// What a shell makes of a line, in which `$0` is the program.
    private func shell(_ line: String) throws -> (status: Int32, printed: String) {
        let folder = try ScratchFolder()
        let child = try ChildProcess(
            ["/bin/bash", "-o", "pipefail", "-c", line, RunningService.program],
            output: folder.path + "/log")
        return (child.wait(), child.printed)
    }

    @Test func `ends quietly when its reader has read enough`() throws {
        let run = try shell("for word in openapi access help; do $0 $word | head -n 0; done")
        #expect(run == (0, ""))
        let first = try shell("$0 openapi | head -n 1")
        #expect(first == (0, "{\n"))
    }

    @Test func `says so when its output cannot be written`() throws {
        let run = try shell("$0 openapi >/dev/full")
        #expect(run == (1, "rowan: the output cannot be written: No space left on device\n"))
    }

    @Test(arguments: ["help", "--help", "-h"])
    func `says what it can do`(word: String) throws {
        let run = try shell("$0 \(word) 2>/dev/null")
        #expect(run.status == 0)
        for command in ["serve", "migrate", "audit verify", "version"] {
            #expect(run.printed.contains("  \(command)"))
        }
    }

    @Test(arguments: ["version", "--version"])
    func `says which it is`(word: String) throws {
        let run = try shell("$0 \(word) 2>/dev/null")
        #expect(run == (0, "rowan: contract 1, schema \(Health.schema)\n"))
    }

    @Test(arguments: [
        "", "Serve", "--serve", "serve now", "audit", "audit verify all", "--help me",
    ])
    func `is not understood, and says so apart from results`(words: String) throws {
        #expect(try shell("$0 \(words) 2>/dev/null") == (64, ""))
        #expect(try shell("$0 \(words) 2>&1").printed.hasPrefix("rowan: say what to do:\n"))
    }
}

import FoundationEssentials
import JSON
import Testing

@testable import OnlineSafety
@testable import Postgres

/// `Docs/Clock.md`, the register of duties with a clock, beside the program.
@Suite struct `What has a clock` {
    /// A row of the table: which line, how it is held, and by which names.
    private struct Line {
        let line: String
        let held: String
        let names: [String]

        init?(_ row: Substring) {
            let cells = row.split(separator: "|").map(Self.bare)
            guard cells.count == 4, cells[0].hasPrefix("T-") else { return nil }
            (line, held) = (cells[0], cells[2])
            names = cells[3].split(separator: ",").map(Self.bare)
        }

        private static func bare(_ cell: Substring) -> String {
            cell.filter { $0 != " " && $0 != "`" }
        }
    }

    private func lines() throws -> [Line] {
        let text = String(decoding: try committed("Docs/Clock.md"), as: UTF8.self)
        return text.split(separator: "\n").compactMap(Line.init)
    }

    private func isSo(_ register: Register, _ condition: SQL) throws -> Bool {
        try register.database.number("(\(condition))::integer") == 1
    }

    private func quoted(_ line: Line) -> String { "%'\(line.line)'%" }

    @Test func `every line of the policies stands in it once`() throws {
        let wanted = (1...62).map { "T-\($0 < 10 ? "0" : "")\($0)" }
        #expect(try lines().map(\.line) == wanted)
    }

    /// A line whose area is built is told as its duty's source, by that very id.
    @Test func `what it calls a duty is told as one, from that line`() async throws {
        let register = try await Register.open()
        let known = Set(areas.flatMap(\.duties).map(\.kind))
        for line in try lines() where line.held == "duty" {
            #expect(Set(line.names).isSubset(of: known), "\(line.line)")
            #expect(
                try isSo(
                    register,
                    """
                    exists (select from pg_proc where prosrc like \(quoted(line)))
                    or exists (select from pg_views where definition like \(quoted(line)))
                    """), "\(line.line) is nobody's source")
        }
    }

    @Test func `its reviews, steps and settings are there, with that line and a time`()
        async throws
    {
        let register = try await Register.open()
        for line in try lines() {
            for name in line.names {
                let isThere: SQL =
                    switch line.held {
                    case "review":
                        """
                        exists (
                            select from review_kind
                            where kind = \(name) and source = \(line.line))
                        """
                    case "step":
                        """
                        exists (
                            select from usual_procedure as usual,
                                jsonb_array_elements(usual.content -> 'steps') as step
                            where usual.code || '/' || (step ->> 'code') = \(name)
                                and (step -> 'within' ->> 'amount')::integer > 0)
                        """
                    case "setting": "exists (select from setting_default where name = \(name))"
                    default: "true"
                    }
                #expect(try isSo(register, isThere), "\(line.line) \(name)")
            }
        }
    }

    @Test func `what it leaves to a record has a route, and what it leaves for later an area`()
        throws
    {
        let paths = Set(areas.flatMap(\.routes).map(\.path.description))
        for line in try lines() where line.held == "record" {
            #expect(Set(line.names).isSubset(of: paths), "\(line.line) \(line.names)")
        }
        let later = try lines().filter { $0.held == "later" }
        #expect(Set(later.flatMap(\.names)) == ["FLT", "APR", "EDU", "PUB"])
    }
}

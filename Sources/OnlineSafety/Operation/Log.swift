import Bytes
import Glibc
import HTTP
import JSON
import Postgres

/// One JSON line for each request and for what went wrong. No body, no query, no token, no name:
/// the route's template stands for the path, and an unforeseen error is told by its kind.
package struct Log: Sendable {
    private let writer: LogWriter?

    package enum Place: Sendable { case standardOutput, nowhere, descriptor(Int32) }

    /// What nobody takes is kept up to so many bytes; lines beyond are dropped and counted.
    package init(to place: Place, keeping bytes: Int = 1 << 20) {
        switch place {
        case .standardOutput: writer = LogWriter(to: STDOUT_FILENO, keeping: bytes)
        case .nowhere: writer = nil
        case .descriptor(let number): writer = LogWriter(to: number, keeping: bytes)
        }
    }

    /// How many lines were dropped since the start.
    var droppedLines: Int { writer?.droppedLines ?? 0 }

    /// Writes their number in Prometheus's text form.
    func writeMeasure(to output: inout ByteBuffer) {
        let name: StaticString = "rowan_log_lines_dropped_total"
        output.append("# HELP \(name) Lines of the log that nobody took in time.\n")
        output.append("# TYPE \(name) counter\n\(name) \(droppedLines)\n")
    }

    /// Waits until what was logged has been written, so long at most: for the end of a process.
    package func flush(within milliseconds: Int) { writer?.flush(within: milliseconds) }

    /// That lines are missing, and how many.
    static func lineOnDropped(_ count: Int) -> ByteBuffer {
        line("dropped") { line in
            line.append(",\"lines\":")
            line.append(count)
        }
    }

    /// What is not known of a request that was refused is `-`.
    func request(
        _ method: Method?, _ route: String?, _ outcome: Outcome, _ milliseconds: Int,
        _ id: RequestID
    ) {
        line("request") { line in
            line.append(",\"request_id\":")
            line.appendJSON(id.string)
            if let trace = id.trace {
                line.append(",\"trace_id\":")
                line.appendJSON(trace)
            }
            line.append(",\"method\":\"")
            line.append(method?.rawValue ?? "-")
            line.append("\",\"route\":")
            line.appendJSON(route ?? "-")
            line.append(",\"status\":")
            line.append(outcome.status.code)
            if let code = outcome.code {
                line.append(",\"code\":")
                line.appendJSON(code)
            }
            if outcome.isCut { line.append(",\"cut\":true") }
            line.append(",\"milliseconds\":")
            line.append(milliseconds)
        }
    }

    /// Something that nobody foresaw. PostgreSQL's message is left out unless it is about the
    /// statement itself: it may repeat a value.
    func failure(_ error: any Error, _ id: RequestID? = nil) {
        line("failure") { line in
            if let id {
                line.append(",\"request_id\":")
                line.appendJSON(id.string)
            }
            line.append(",\"error\":")
            line.appendJSON(String(describing: type(of: error)))
            guard let error = error as? PostgresError else { return }
            line.append(",\"sqlstate\":")
            line.appendJSON(error.sqlState ?? "")
            line.append(",\"constraint\":")
            line.appendJSON(error.constraint ?? "")
            if error.isAboutTheStatement {
                line.append(",\"message\":")
                line.appendJSON(String(error.message.prefix(1000)))
            }
        }
    }

    /// How an attempt to deliver a mail went: the notice's id and nothing of the mail.
    func mail(_ item: Outbox.Item, _ outcome: Outbox.Outcome) {
        line("mail") { line in
            switch item.subject {
            case .notice(let id, _):
                line.append(",\"notice\":")
                line.appendJSON(id.uuidString.lowercased())
            case .link(let id):
                line.append(",\"link\":")
                line.appendJSON(id.uuidString.lowercased())
            }
            line.append(",\"attempt\":")
            line.append(item.attempt)
            line.append(",\"outcome\":")
            line.appendJSON(outcome.word)
            guard let status = outcome.status else { return }
            line.append(",\"status\":")
            line.append(Int(status))
        }
    }

    /// What a sweep found to do: how many incidents climbed, and how many more reach nobody.
    func climbing(steps: Int, newlyReachingNobody: Int, reachingNobody: Int) {
        line("climbing") { line in
            line.append(",\"steps\":")
            line.append(steps)
            line.append(",\"newly_reaching_nobody\":")
            line.append(newlyReachingNobody)
            line.append(",\"reaching_nobody\":")
            line.append(reachingNobody)
        }
    }

    /// What the process does as a whole: starting, draining, leaving.
    package func note(_ words: String) {
        line("note") { line in
            line.append(",\"message\":")
            line.appendJSON(words)
        }
    }

    private func line(_ kind: StaticString, _ fill: (inout ByteBuffer) -> Void) {
        guard let writer else { return }
        let line = Self.line(kind, fill)
        writer.append(line.bytes)
    }

    private static func line(
        _ kind: StaticString, _ fill: (inout ByteBuffer) -> Void
    ) -> ByteBuffer {
        var line = ByteBuffer()
        line.append("{\"at\":\"")
        line.append(moment: microsecondsSince2000)
        line.append("\",\"event\":\"")
        line.append(kind)
        line.append("\"")
        fill(&line)
        line.append("}\n")
        return line
    }

    private static var microsecondsSince2000: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec - 946_684_800) * 1_000_000 + Int64(time.tv_nsec / 1000)
    }
}

extension PostgresError {
    /// Classes 0A, 42 and P0: what the program asked for was wrong, whatever the values were.
    fileprivate var isAboutTheStatement: Bool {
        guard let sqlState else { return true }
        return ["0A", "42", "P0", "RW"].contains { sqlState.hasPrefix($0) }
    }
}

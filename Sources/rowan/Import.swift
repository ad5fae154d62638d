import FoundationEssentials
import Glibc
import OnlineSafety
import Postgres

/// Reads a roster from a file into the database. Its exit status is 0 where all of it was applied,
/// or would be, 1 where it was not, 2 where too many would leave, and 64 where it was not
/// understood.
struct Import {
    private let url: String
    private let words: Words

    /// What was asked for.
    private struct Words {
        var file: String?
        var school: String?
        var kind: String?
        var isFull = false
        var isTrial = false
        var isPartial = false
        var confirmedLeavers: Int?
        var confirmedLinksEnded: Int?

        init(_ words: [String]) throws {
            var rest = words[...]
            while let word = rest.popFirst() {
                switch word {
                case "--full": isFull = true
                case "--dry-run": isTrial = true
                case "--partial": isPartial = true
                case "--school": school = rest.popFirst()
                case "--kind": kind = rest.popFirst()
                case "--confirm-leavers":
                    confirmedLeavers = rest.popFirst().flatMap { Int($0) }
                    guard confirmedLeavers != nil else { throw Misuse() }
                case "--confirm-links-ended":
                    confirmedLinksEnded = rest.popFirst().flatMap { Int($0) }
                    guard confirmedLinksEnded != nil else { throw Misuse() }
                case _ where word.hasPrefix("--") || file != nil: throw Misuse()
                default: file = word
                }
            }
            guard file != nil, school != nil else { throw Misuse() }
        }
    }

    init(_ environment: Environment, _ words: [String]) throws {
        self.words = try Words(words)
        url = try environment.safeDatabaseURL("ROWAN_MAINTENANCE_DATABASE_URL")
    }

    func run() throws {
        let connection = try DirectConnection(url)
        guard
            var roster = try RosterImport(
                school: words.school ?? "", kind: words.kind, on: connection)
        else { throw Misconfiguration("no such school, or no such kind of person") }
        (roster.isFull, roster.isTrial) = (words.isFull, words.isTrial)
        (roster.isPartial, roster.confirmedLeavers) = (words.isPartial, words.confirmedLeavers)
        roster.confirmedLinksEnded = words.confirmedLinksEnded
        let path = words.file ?? ""
        roster.isCSV = !path.hasSuffix(".ndjson") && !path.hasSuffix(".jsonl")
        let file = try FileInPieces(path)
        let progress = Progress(of: file.size)
        let told = try roster.run(
            on: connection, as: "rowan import",
            progress: { progress.show(read: file.count, rows: $0) }, next: file.next)
        progress.end()
        for line in told.lines { print(line) }
        if !told.isDone { exit(told.isBlocked ? 2 : 1) }
    }
}

/// A file of which one piece is held at a time.
private final class FileInPieces {
    private let descriptor: Int32
    let size: Int
    private(set) var count = 0
    private var buffer = [UInt8](repeating: 0, count: 256 << 10)

    /// Of what is no file, such as a pipe, the size is not known.
    init(_ path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        var facts = stat()
        guard descriptor >= 0, fstat(descriptor, &facts) == 0 else {
            throw Misconfiguration("\(path) cannot be read")
        }
        size = Int(facts.st_size)
    }

    deinit { close(descriptor) }

    func next() throws -> [UInt8]? {
        let got = read(descriptor, &buffer, buffer.count)
        guard got >= 0 else { throw Misconfiguration("the file cannot be read to its end") }
        count += got
        return got == 0 ? nil : Array(buffer[..<got])
    }
}

/// How far it has come: a bar that moves on a terminal, and elsewhere a line now and then.
private final class Progress {
    private let size: Int
    private let isTerminal = isatty(2) == 1
    private var shown = -1

    init(of size: Int) { self.size = size }

    func show(read: Int, rows: Int) {
        let percent = size > 0 ? min(100, read * 100 / size) : 0
        let step = isTerminal ? 1 : 25
        guard percent / step > shown / step || shown < 0 else { return }
        shown = percent
        if isTerminal {
            let bar = String(repeating: "#", count: percent / 2)
            let rest = String(repeating: ".", count: 50 - percent / 2)
            say("\r[\(bar)\(rest)] \(percent) %  \(rows) rows")
        } else {
            say("\(percent) %, \(rows) rows\n")
        }
    }

    func end() {
        if isTerminal, shown >= 0 { say("\n") }
    }

    private func say(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}

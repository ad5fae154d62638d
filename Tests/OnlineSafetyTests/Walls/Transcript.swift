import FoundationEssentials
import JSON

@testable import OnlineSafety

/// What somebody was answered, made comparable with what they would be answered in another
/// register: what is drawn by chance has the number of its first appearance in its place, and
/// nothing else is altered.
struct Transcript {
    private(set) var answers: [(path: String, text: String)] = []
    private var numbers: [String: Int] = [:]

    /// Headers that say nothing of what was answered, or only how long the ids in it are.
    private static let passing: Set = ["date", "x-request-id", "content-length"]

    mutating func note(_ path: String, _ answer: Reading) {
        let headers = answer.headers.filter { !Self.passing.contains($0.name) }
            .map { "\($0.name): \($0.value)" }
        let whole = ["\(answer.status)"] + headers + [Self.inOrder(answer, path)]
        answers.append((plain(path), plain(whole.joined(separator: "\n"))))
    }

    /// Lists in which what was of one moment comes in the order of ids that are chance.
    static func isOfMoments(_ path: String) -> Bool {
        ["/v1/audit", "/readings", "/notices", "/chronology"].contains { path.contains($0) }
    }

    private static func inOrder(_ answer: Reading, _ path: String) -> String {
        guard isOfMoments(path), answer.status == 200 else { return answer.text }
        return answer.data.map { JSON.string(of: counted($0)) }
            .sorted { withoutChance($0) < withoutChance($1) }
            .joined(separator: "\n")
    }

    /// Who looked at the audit was shown such entries, in that order: how many is what counts.
    private static func counted(_ row: JSONValue) -> JSONValue {
        guard row["record_kind"] == "audit", case .object(var object) = row,
            case .array(let entries)? = row["record_ids"]
        else { return row }
        object["record_ids"] = .string("\(entries.count)")
        return .object(object)
    }

    // MARK: - What is chance

    private static var cursor: Regex<(Substring, Substring)> {
        #/(next_cursor":"|cursor=)[A-Za-z0-9_-]{20,}/#
    }

    /// Ids; those of requests; references; the digest of the parts that a record is shown with.
    private static var kinds: [Regex<Substring>] {
        [
            #/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/#,
            #/req_[A-Za-z0-9_-]{16}/#,
            #/\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/#.wordBoundaryKind(.simple),
            #/"\d+\.[0-9a-f]{16}\\?"/#,
        ]
    }

    private static func withoutChance(_ text: String) -> String {
        kinds.reduce(text) { $0.replacing($1, with: "#") }
    }

    private mutating func plain(_ text: String) -> String {
        var plain = text.replacing(Self.cursor) { "\($0.output.1)…" }
        for kind in Self.kinds { plain = number(plain, kind) }
        return plain
    }

    private mutating func number(_ text: String, _ kind: Regex<Substring>) -> String {
        text.replacing(kind) { match in
            let name = String(match.output)
            let number = numbers[name] ?? numbers.count
            numbers[name] = number
            return "#\(number)"
        }
    }
}

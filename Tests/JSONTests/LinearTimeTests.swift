import JSON
import Testing

/// Sixteen times the bytes may take sixteen times as long, not 256 times; a busy machine is
/// forgiven.
@Suite(.serialized) struct LinearTimeTests {
    @Test(arguments: [
        "plain", "escapes", "units", "quotes", "controls", "spaces", "elements", "members", "alike",
        "unknown",
    ])
    func `reading takes time in proportion to the bytes`(_ kind: String) throws {
        let clock = ContinuousClock()
        let (small, large) = (bytes(kind, 1000), bytes(kind, 16_000))
        func time(_ bytes: [UInt8]) -> Duration {
            (0..<3).map { _ in clock.measure { read(bytes) } }.min() ?? .zero
        }
        #expect(time(large) < max(time(small), .microseconds(50)) * 80)
    }

    private func read(_ bytes: [UInt8]) {
        var limits = JSONLimits()
        (limits.members, limits.elements) = (.max, .max)
        guard let value = try? parse(bytes, limits: limits) else { return }
        _ = try? JSON.decode([String: JSONValue].self, from: value)
        _ = try? JSON.decode(Person.self, from: value)
    }

    private func bytes(_ kind: String, _ count: Int) -> [UInt8] {
        func repeated(_ text: String) -> String { String(repeating: text, count: count) }
        func object(_ member: (Int) -> String) -> String {
            "{" + (0..<count).map(member).joined(separator: ",") + "}"
        }
        let text =
            switch kind {
            case "plain": "\"" + repeated("0123456789abcdef") + "\""
            case "escapes": "\"" + repeated("\\n") + "\""
            case "units": "\"" + repeated("\\ud83d\\ude00") + "\""
            case "quotes": "\"" + repeated("a\\\"") + "\""
            case "controls": "\"" + repeated("a") + "\n"
            case "spaces": repeated("        ") + "1"
            case "elements": "[" + repeated("{},") + "1]"
            case "members": object { "\"\($0)\":0" }
            case "alike": object { "\"a long prefix that is shared by all \($0)\":0" }
            default: object { "\"unknown \($0)\":{\"a\":[]}" }
            }
        return Array(text.utf8)
    }
}

import JSON
import Testing

@Suite struct LimitTests {
    @Test func `nesting is read up to 64 levels`() throws {
        for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
            let most = 64 / (open.hasPrefix("[{") ? 2 : 1)
            _ = try parse(nested(open, close, most - 1))
            _ = try parse(nested(open, close, most))
            #expect(code(nested(open, close, most + 1)) == .tooDeep)
        }
    }

    @Test func `nesting of empty containers counts as well`() throws {
        let most = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        _ = try parse(most)
        #expect(code("[\(most)]") == .tooDeep)
        _ = try parse("[\(String(repeating: "[],{},", count: 100))1]")
    }

    @Test func `deep nesting that is never closed is refused at once`() {
        #expect(code(String(repeating: "[", count: 1_000_000)) == .tooDeep)
    }

    @Test func `an object has up to 1000 members`() throws {
        _ = try parse(object(999))
        _ = try parse(object(1000))
        #expect(code(object(1001)) == .tooManyMembers)
    }

    @Test func `an array has up to 10000 elements`() throws {
        _ = try parse(array(9999))
        _ = try parse(array(10_000))
        #expect(code(array(10_001)) == .tooManyElements)
    }

    @Test func `a name has up to 256 bytes`() throws {
        let name = String(repeating: "é", count: 128)
        _ = try parse("{\"\(name)\":1}")
        #expect(code("{\"\(name)a\":1}") == .nameTooLong)
    }

    @Test func `a number has up to 256 characters`() throws {
        let number = String(repeating: "1", count: 256)
        _ = try parse(number)
        #expect(code(number + "1") == .numberTooLong)
    }

    @Test func `names are compared in large objects as in small ones`() {
        let members = (0..<500).map { "\"\($0)\":0" }.joined(separator: ",")
        #expect(code("{\(members),\"250\":1}") == .duplicateName)
    }

    @Test func `limits can be set`() {
        var limits = JSONLimits()
        limits.elements = 2
        #expect(code("[1,2,3]", limits: limits) == .tooManyElements)
    }

    private func nested(_ open: String, _ close: String, _ count: Int) -> String {
        String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
    }

    private func object(_ count: Int) -> String {
        "{" + (0..<count).map { "\"\($0)\":0" }.joined(separator: ",") + "}"
    }

    private func array(_ count: Int) -> String {
        "[" + Array(repeating: "0", count: count).joined(separator: ",") + "]"
    }
}

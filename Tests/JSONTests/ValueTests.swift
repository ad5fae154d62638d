import JSON
import Testing

@Suite struct ValueTests {
    @Test func `escapes become what they stand for`() throws {
        let value = try parse(#""\"\\\/\b\f\n\r\t\u00e9\u20AC\uD83D\uDE00 plain \u0001""#)
        #expect(value == "\"\\/\u{8}\u{C}\n\r\té€😀 plain \u{1}")
    }

    @Test func `text comes back byte for byte`() throws {
        for text in [
            "e\u{301}", "é", " \u{A0}x\u{A0} ", "\u{202E}abc", "\u{1F469}\u{200D}\u{1F4BB}",
        ] {
            let value = try parse(Array("\"\(text)\"".utf8))
            #expect(value.text.map { Array($0.utf8) } == Array(text.utf8))
        }
    }

    @Test func `texts that look alike are different values`() {
        #expect(JSONValue.string("e\u{301}") != "é")
        #expect(Set<JSONValue>(["e\u{301}", "é"]).count == 2)
    }

    @Test func `numbers keep their text`() throws {
        for text in ["1.0", "1e2", "-0", "0.10", "12345678901234567890123"] {
            guard case .number(let number) = try parse(text) else { throw Unexpected() }
            #expect(number.text == text)
        }
    }

    @Test func `whole numbers are exact or nothing`() throws {
        #expect(try number("9223372036854775807").integer() == Int.max)
        #expect(try number("-9223372036854775808").integer() == Int.min)
        #expect(try number("9223372036854775808").integer() == nil)
        #expect(try number("9007199254740993").integer() == 9_007_199_254_740_993)
        #expect(try number("-0").integer() == 0)
        #expect(try number("1.0").integer() == nil)
        #expect(try number("1e2").integer() == nil)
        #expect(try number("256").integer(UInt8.self) == nil)
        #expect(try number("-1").integer(UInt.self) == nil)
    }

    @Test func `doubles are the nearest, and never infinite`() throws {
        #expect(try number("0.1").double == 0.1)
        #expect(try number("1e400").double == nil)
        #expect(try number("1e-400").double == 0)
    }

    @Test func `members are found by their bytes, in the order written`() throws {
        let value = try parse("{\"b\":1,\"a\":[true,null],\"e\u{301}\":3}")
        #expect(value["a"]?[1] == .null)
        #expect(value["é"] == nil)
        #expect(value["e\u{301}"] == 3)
        #expect(value == ["b": 1, "a": [true, nil], "e\u{301}": 3])
    }

    private struct Unexpected: Error {}

    private func number(_ text: String) throws -> JSONNumber {
        guard case .number(let number) = try parse(text) else { throw Unexpected() }
        return number
    }
}

import JSON
import Testing

/// Cases in the categories of JSONTestSuite: what must be read and what must be refused.
@Suite struct GrammarTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-0", "7", "-12", "0.5", "-0.5", "1.25", "10", "1e2", "1E2",
        "1e+2", "1e-2", "1E+02", "0e1", "0e+1", "-0e-1", "1.5e300",
        "123456789012345678901234567890",
        "-0.000000000000000000000000000000000000000000000000000000000000000000000000000001",
        "\"\"", "\" \"", "\"a\"", "\"\u{7F}\"", "\"é\"", "\"\u{2028}\u{2029}\"", "\"\u{10FFFF}\"",
        "\"\u{FEFF}\"", "\"\u{FFFF}\"", "\"/\"", "\"a,b]}:\"", #""\"\\\/\b\f\n\r\t""#,
        #""\u0001""#, #""\u0061\u30AF\u30af""#, #""\uD83D\uDE00""#, #""\udbff\udfff""#,
        #""\uFFFF""#, #""\u007F""#, #""\\u0000""#, #""\\""#, #""[\"]""#, "[]", "[ ]", "{}", "{ }",
        "[1]", "[1,2]", "[ 1 , 2 ]", "[[]]", "[[],[]]", "[{}]", "[null,true,\"a\",1,{\"a\":[]}]",
        "[\n]", "\t[\r\n1\t]\n", " 1 ", "\"x\" ", "{\"\":0}", "{\"a\":1,\"b\":2}",
        "{ \"a\" : 1 , \"b\" : [ ] }", "{\"a\":{\"a\":{\"a\":1}}}", "{\"A\":1,\"a\":2}",
        "{\"a b\":1}", #"{"\u0061":1,"b":2}"#, "{\"e\u{301}\":1,\"é\":2}",
        "{\"K\":1,\"\u{212A}\":2}",
    ])
    func `is read`(_ text: String) throws {
        _ = try parse(text)
    }

    @Test(arguments: GrammarTests.refused)
    func `is refused`(_ text: String) throws {
        let fault = #expect(throws: JSONSyntaxError.self) { try parse(text) }
        #expect(fault?.code == .syntax)
        #expect(fault.map { 0...text.utf8.count ~= $0.offset } == true)
    }

    @Test(
        arguments: [
            [0xFF], [0x80], [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xC3], [0xE2, 0x82],
            [0xF0, 0x9F, 0x98], [0xE9], [0xC3, 0x28], [0xFC, 0x83, 0xBF, 0xBF, 0xBF, 0xBF],
        ] as [[UInt8]])
    func `text that is not UTF-8 is refused, with and without escapes`(_ bytes: [UInt8]) {
        for prefix in ["\"", "\"\\n", "\"twelve bytes"] {
            let fault = #expect(throws: JSONSyntaxError.self) {
                try parse(Array(prefix.utf8) + bytes + [0x22])
            }
            #expect(fault?.code == .invalidUTF8)
        }
        #expect(throws: JSONSyntaxError.self) { try parse(bytes) }
    }

    @Test(arguments: [
        #""\uD800""#, #""\uDC00""#, #""\uDFFF""#, #""\uD800\uD800""#, #""\uDC00\uD800""#,
        #""\uD800a""#, #""\uD800\n""#, #""\uD800\u0041""#, #""a\uDBFFb""#, #"{"\uD800":1}"#,
    ])
    func `half a pair of surrogates is refused`(_ text: String) {
        let fault = #expect(throws: JSONSyntaxError.self) { try parse(text) }
        #expect(fault?.code == .loneSurrogate)
    }

    @Test(arguments: [#""\u0000""#, #""a\u0000b""#, #"{"\u0000":1}"#])
    func `the character that PostgreSQL cannot keep is refused`(_ text: String) {
        let fault = #expect(throws: JSONSyntaxError.self) { try parse(text) }
        #expect(fault?.code == .nul)
    }

    @Test(arguments: [
        #"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#, #"{"":1,"":2}"#, #"{"é":1,"\u00e9":2}"#,
        #"[{"b":{"a":1,"c":2,"a":3}}]"#,
    ])
    func `a name given twice is refused`(_ text: String) {
        let fault = #expect(throws: JSONSyntaxError.self) { try parse(text) }
        #expect(fault?.code == .duplicateName)
    }

    @Test func `a fault tells where it is`() {
        let fault = #expect(throws: JSONSyntaxError.self) { try parse(#"{"a": 1, "a": 2}"#) }
        #expect(fault?.offset == 9)
        let comma = #expect(throws: JSONSyntaxError.self) { try parse("[1 2]") }
        #expect(comma?.offset == 3)
    }

    @Test func `a byte order mark is refused by its name`() {
        let fault = #expect(throws: JSONSyntaxError.self) { try parse("\u{FEFF}{}") }
        #expect(fault?.detail == "A byte order mark is not allowed")
    }
}

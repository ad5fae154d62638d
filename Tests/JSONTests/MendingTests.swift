import JSON
import Testing

/// What no text can hold is replaced where a report must not bounce, and nothing else is.
@Suite struct MendingTests {
    private func mend(_ text: String) throws -> (value: JSONValue, mended: [JSONFault]) {
        try Array(text.utf8).withUnsafeBytes { try JSON.mend($0) }
    }

    @Test(arguments: [
        (#"\u0000"#, "\u{FFFD}"), (#"\ud83d"#, "\u{FFFD}"), (#"\ude00"#, "\u{FFFD}"),
        (#"\ud83d\n"#, "\u{FFFD}\n"), (#"\ud83d\u0041"#, "\u{FFFD}A"),
        (#"\ud83d\ud83d\ude00"#, "\u{FFFD}\u{1F600}"), (#"\ud83d\u0000"#, "\u{FFFD}\u{FFFD}"),
        (#"\ud83d\ude00"#, "\u{1F600}"), (#"\\u0000"#, #"\u0000"#),
    ])
    func `puts U+FFFD in its place, and keeps what stands around it`(
        sent: String, kept: String
    ) throws {
        #expect(try mend(#"["a\#(sent)b"]"#).value == [.string("a\(kept)b")])
    }

    @Test func `says where, once for each place and reason`() throws {
        let text = #"{"a/b":[1,"\u0000\u0000"],"c":{"d":"\ud800\u0000"},"e\u0000":"f"}"#
        let told = try mend(text).mended.map { "\($0.pointer) \($0.code)" }
        #expect(
            told == [
                "/a~1b/1 json_nul", "/c/d json_lone_surrogate", "/c/d json_nul", " json_nul",
            ])
    }

    @Test(arguments: ["\"\\u000\"", "\"\\ud83d\\u00\"", "\"\u{0}\"", "[\"\\u0000\"", "\"\\x\""])
    func `mends no grammar`(text: String) {
        #expect(throws: JSONSyntaxError.self) { try mend(text) }
        #expect(code(text) != nil)
    }

    @Test func `tells no more places than faults are kept`() throws {
        let many = Array(repeating: #""\u0000""#, count: 500).joined(separator: ",")
        #expect(try mend("[\(many)]").mended.count == JSONFaults.limit)
    }
}

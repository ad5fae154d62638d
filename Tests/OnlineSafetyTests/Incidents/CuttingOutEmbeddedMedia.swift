import JSON
import Testing

@testable import OnlineSafety

/// INC-06, X-01, API-10: a report holds no file and no picture, whatever is pasted into it.
@Suite struct `Cutting out embedded media` {
    /// What must stay, to the last character.
    static let stays: [String] = [
        "https://example.org/watch?v=dQw4w9WgXcQ&list=PLrAXtmErZgOeiKm4sgNOknGvNjby9efdf",
        "https://files.example/" + String(repeating: "aB3dE5fG7h", count: 60) + "/view",
        "The hash is e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.",
        "SHA-512: " + String(repeating: "0123456789abcdef", count: 8),
        "She wrote 😭😭😭 and then 👩‍👩‍👧‍👦 " + String(repeating: "😭", count: 120),
        "He screamed " + String(repeating: "a", count: 400) + "!",
        "No" + String(repeating: "o", count: 300) + " " + String(repeating: "ha", count: 200),
        String(repeating: "-", count: 500) + "\n" + String(repeating: "=", count: 300),
        "It said ;base64, and nothing else.",
        "The data: nobody knows, they said, and the data:image/png, that was all",
        "data:image/png;base64, is how it began, he says.",
        String(repeating: "antidisestablishmentarianism ", count: 30),
        "Die Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
        "Ɛ̃ ɔ̃ тест 試験 اختبار ́ e\u{301} é",
        "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
    ]

    @Test(arguments: stays)
    func `leaves links, hashes, emoji and cries as they are`(text: String) async throws {
        #expect(EmbeddedMedia.cut(from: text) == nil)
    }

    /// What must go, each with words around it that stay.
    static let goes: [String] = [
        "data:image/png;base64,\(base64(300))",
        "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
        "DATA:IMAGE/JPEG;BASE64,\(base64(400))",
        "image/jpeg;base64,\(base64(64))",
        "data:image/svg+xml;charset=utf-8;base64,\(base64(120))",
        "data:application/octet-stream;base64,\(base64(2000))",
        "data:image/png;base64,\(lines(of: base64(3000), 76))",
        base64(200),
        base64(250_000),
        lines(of: base64(5000), 76),
        lines(of: base64(5000), 64, with: "\r\n"),
        base64(600).split(every: 60).joined(separator: " "),
        String(repeating: "ffd8ffe000104a464946000101", count: 20),
        "data:image/webp;base64,\(base64(300).replacing("+", with: "%2B"))",
        "https://example.org/#data:image/png;base64,\(base64(400))",
        "https://files.example/\(base64(6000))",
        "data:image/svg+xml;utf8,<svg width='9'><path d='M0 0 L9 9'/> <text>a name</text></svg>",
        "data:text/html,%3Cimg%20src%3Dx%3E%20and%20more",
    ]

    @Test(arguments: goes)
    func `cuts out what could be a file, and only that`(file: String) throws {
        let rest = try #require(EmbeddedMedia.cut(from: "He sent this: \(file) – to her."))
        #expect(rest.hasPrefix("He sent this: "))
        #expect(rest.hasSuffix(" – to her."))
        #expect(rest.contains(EmbeddedMedia.mark))
        #expect(rest.utf8.count < 120)
    }

    @Test func `warns the reporter and keeps the report`() async throws {
        let register = try await Register.open()
        let picture = "data:image/png;base64,\(Self.base64(9000))"
        let told = try register.as(.staff).report(
            "Look: \(picture)", .child, ("evidence", .string(Self.base64(400))),
            ("people", [["group": "child", "name": .string("Robin \(picture)")]]),
            (Self.base64(220), .string(picture)))
        #expect(told.status == 201)
        guard case .array(let warnings)? = told.json["warnings"] else { return }
        let cut = warnings.filter { $0["code"]?.text == "embedded_media_removed" }
        #expect(cut.count >= 3)
        let kept = try register.database.number(
            """
            select count(*) from report
            where to_jsonb(report)::text ~ '[A-Za-z0-9+/]{150}'
            """)
        #expect(kept == 0)
        let read = try register.as(.dsl).get("/v1/incidents/\(told.id)")
        #expect(
            read.json["reports"]?[0]?["description"]?.text == "Look: \(EmbeddedMedia.mark)")
    }

    @Test(arguments: [
        "multipart/form-data; boundary=x", "image/png", "text/plain", "application/octet-stream",
        "application/json+image",
    ])
    func `takes no body but JSON`(type: String) async throws {
        let register = try await Register.open()
        let answer = try register.as(.staff).post(
            "/v1/incidents", report(), ["Content-Type": type])
        #expect(answer.status == 415)
    }

    @Test func `takes time in proportion to the text`() {
        let clock = ContinuousClock()
        let small = clock.measure { _ = EmbeddedMedia.cut(from: Self.tangle(20_000)) }
        let large = clock.measure { _ = EmbeddedMedia.cut(from: Self.tangle(320_000)) }
        #expect(large / small < 16 * 6)
    }

    // MARK: - Samples

    private static func base64(_ count: Int) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var state: UInt64 = 42
        return String(
            (0..<count).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return digits[Int(state >> 58)]
            })
    }

    private static func lines(of text: String, _ width: Int, with end: String = "\n") -> String {
        text.split(every: width).joined(separator: end)
    }

    /// Everything that makes a careless reader look back or ahead again and again.
    private static func tangle(_ count: Int) -> String {
        let piece = ";base64,a ;base64, data:image/png;base64,ab https://a.b/c==== "
        return String(repeating: piece, count: count / piece.utf8.count)
    }
}

extension String {
    fileprivate func split(every width: Int) -> [String] {
        var (parts, rest) = ([String](), self[...])
        while !rest.isEmpty {
            parts.append(String(rest.prefix(width)))
            rest = rest.dropFirst(width)
        }
        return parts
    }
}

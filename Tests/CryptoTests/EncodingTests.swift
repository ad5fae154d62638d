import Testing

@testable import Crypto

struct EncodingTests {
    /// RFC 4648, section 10, without its padding.
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
        ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
    ])
    func `The published texts have the published base64`(text: String, encoded: String) {
        #expect(Base64.standard.encode(text.utf8) == encoded)
        #expect(Base64.url.encode(text.utf8) == encoded)
        #expect(Base64.url.decode(encoded) == Array(text.utf8))
    }

    @Test func `The two alphabets differ in two characters and refuse each other's`() {
        let bytes: [UInt8] = [0xFB, 0xFF]
        #expect(Base64.url.encode(bytes) == "-_8")
        #expect(Base64.standard.encode(bytes) == "+/8")
        #expect(Base64.url.decode("+/8") == nil)
        #expect(Base64.standard.decode("-_8") == nil)
    }

    @Test(arguments: ["A", "AAAAA", "Zg==", "Zh", "Zm9", "Zm 8", "Zm8\n", "Zm8é", "Zm8\0"])
    func `A second spelling of base64 is refused`(text: String) {
        #expect(Base64.url.decode(text) == nil)
    }

    @Test(arguments: ["0", "0G", "FF", "0x", " 0", "+f", "é"])
    func `A second spelling of hexadecimal is refused`(text: String) {
        #expect(Hex.decode(text) == nil)
    }

    @Test func `Any bytes come back`() {
        for count in 0..<100 {
            let bytes = Random.bytes(count)
            #expect(bytes.count == count)
            #expect(Base64.url.decode(Base64.url.encode(bytes)) == bytes)
            #expect(Base64.standard.decode(Base64.standard.encode(bytes)) == bytes)
            #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        }
    }

    @Test func `Equality in constant time is equality`() {
        #expect(constantTimeEqual([], []))
        #expect(constantTimeEqual([1, 2], [1, 2]))
        #expect(!constantTimeEqual([1, 2], [1, 3]))
        #expect(!constantTimeEqual([1, 2], [1, 2, 0]))
        #expect(constantTimeEqual(SHA256.hash("a"), SHA256.hash("a")))
        #expect(!constantTimeEqual(SHA256.hash("a"), SHA256.hash("b")))
    }

    @Test func `A cleansed secret is gone`() {
        var secret = Random.bytes(16)
        cleanse(&secret)
        #expect(secret.isEmpty)
    }
}

import Testing

@testable import Crypto

/// Vectors of FIPS 180-4 (NIST's examples) and RFC 4231.
struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `The published messages have the published digests`(message: String, digest: String) {
        #expect(SHA256.hash(message).hex == digest)
        #expect(SHA256.hash(Array(message.utf8)).hex == digest)
        #expect(SHA256.hash(Array(message.utf8).span).hex == digest)
    }

    @Test func `A million letters in uneven pieces are the same as at once`() {
        let message = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        var hash = SHA256()
        var start = 0
        for size in sequence(first: 0, next: { $0 + 1 }) where start < message.count {
            let end = min(start + size, message.count)
            hash.update(message.span.extracting(start..<end))
            start = end
            if start == message.count { break }
        }
        let digest = hash.finish()
        #expect(digest == SHA256.hash(message))
        #expect(digest.hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func `A digest is read back from its bytes and its digits only`() {
        let digest = SHA256.hash("abc")
        #expect(Digest(digest.bytes) == digest)
        #expect(Digest(hex: digest.hex) == digest)
        #expect(Digest(digest.bytes.dropLast()) == nil)
        #expect(Digest(digest.bytes + [0]) == nil)
        #expect(Digest(hex: String(digest.hex.dropLast(2))) == nil)
        #expect(Digest(hex: digest.hex.uppercased()) == nil)
    }
}

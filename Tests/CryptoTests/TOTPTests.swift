import Testing

@testable import Crypto

/// RFC 6238's own vectors, and what a code is good for.
@Suite struct TOTPTests {
    private static let seconds = [
        59, 1_111_111_109, 1_111_111_111, 1_234_567_890, 2_000_000_000, 20_000_000_000,
    ]

    /// Appendix B. The secrets are the digits, repeated to the length of the hash.
    @Test(arguments: [
        (
            TOTP.Algorithm.sha1, 20,
            ["94287082", "07081804", "14050471", "89005924", "69279037", "65353130"]
        ),
        (
            .sha256, 32,
            ["46119246", "68084774", "67062674", "91819424", "90698825", "77737706"]
        ),
        (
            .sha512, 64,
            ["90693936", "25091201", "99943326", "93441116", "38618901", "47863826"]
        ),
    ])
    func `are the RFC's`(algorithm: TOTP.Algorithm, length: Int, codes: [String]) {
        let secret = (0..<length).map { UInt8(ascii: "0") + UInt8(($0 + 1) % 10) }
        let totp = TOTP(secret: secret, algorithm: algorithm, digits: 8)
        #expect(Self.seconds.map { totp.code(of: TOTP.step(at: $0)) } == codes)
    }

    @Test func `are taken of this step and the one before, and no other`() {
        let totp = TOTP(secret: [UInt8](repeating: 7, count: 20))
        let now = 1_800_000_000
        for (away, isTaken) in [(-2, false), (-1, true), (0, true), (1, false), (2, false)] {
            let step = TOTP.step(at: now) + away
            #expect(totp.step(of: totp.code(of: step), at: now) == (isTaken ? step : nil))
        }
        #expect(totp.step(of: "", at: now) == nil)
        #expect(totp.step(of: "12345", at: now) == nil)
    }

    /// RFC 4648, section 10.
    @Test func `base32 is the RFC's, without padding`() {
        let vectors = [
            ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI"),
        ]
        for (text, code) in vectors { #expect(Base32.encode(Array(text.utf8)) == code) }
    }
}

@Suite struct SealingTests {
    private let key = [UInt8](repeating: 3, count: 32)
    private let text = Array("a secret".utf8)

    @Test func `opens what was sealed, where it belongs`() {
        let sealed = Sealing.seal(text, bound: [1], key: key)
        #expect(Sealing.open(sealed, bound: [1], key: key) == text)
        #expect(Sealing.open(sealed, bound: [2], key: key) == nil)
        #expect(Sealing.open(sealed, bound: [1], key: [UInt8](repeating: 4, count: 32)) == nil)
        #expect(Sealing.seal(text, bound: [1], key: key) != sealed)
    }

    @Test func `opens nothing of which a bit was altered, or a part cut off`() {
        let sealed = Sealing.seal(text, bound: [1], key: key)
        for index in sealed.indices {
            var altered = sealed
            altered[index] ^= 1
            #expect(Sealing.open(altered, bound: [1], key: key) == nil)
            #expect(Sealing.open(Array(sealed[..<index]), bound: [1], key: key) == nil)
        }
    }

    /// NIST's test case 16 for GCM, with its first 96 bits as nonce: what others have sealed.
    @Test func `opens what another program has sealed`() throws {
        let key = try #require(
            Hex.decode("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"))
        let nonce = try #require(Hex.decode("cafebabefacedbaddecaf888"))
        let bound = try #require(Hex.decode("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
        let sealed = try #require(
            Hex.decode(
                "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                    + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                    + "76fc6ece0f4e1768cddf8853bb2d551b"))
        let text = Hex.decode(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")
        #expect(Sealing.open(nonce + sealed, bound: bound, key: key) == text)
    }
}

import Testing

@testable import Crypto

@Suite(.serialized) struct ScryptTests {
    /// RFC 7914, section 12, without its gigabyte.
    @Test func `The published passwords have the published keys`() {
        func key(_ password: String, _ salt: String, _ logN: UInt64, _ r: UInt64, _ p: UInt64)
            -> String?
        {
            let cost = Scrypt.Cost(logN: logN, r: r, p: p)
            return Scrypt.derive(password, salt: Array(salt.utf8), cost: cost, count: 64)
                .map { Hex.encode($0) }
        }
        #expect(
            key("", "", 4, 1, 1) == "77d6576238657b203b19ca42c18a0497"
                + "f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17"
                + "e8d3e0fb2e0d3628cf35e20c38d18906")
        #expect(
            key("password", "NaCl", 10, 8, 16) == "fdbabe1c9d3472007856e7190d01e9fe"
                + "7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830da"
                + "c727afb94a83ee6d8360cbdfa2cc0640")
        #expect(
            key("pleaseletmein", "SodiumChloride", 14, 8, 1) == "7023bdcb3afd7348461c06cd81fd38eb"
                + "fda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9"
                + "e61e85dc0d651e40dfcf017b45575887")
    }

    @Test func `A password is known again, and no other`() {
        let stored = Scrypt.hash(password: "correct horse battery staple")
        #expect(stored.hasPrefix("$scrypt$ln=14,r=8,p=5$"))
        #expect(Scrypt.verify(password: "correct horse battery staple", against: stored))
        #expect(!Scrypt.verify(password: "correct horse battery stapler", against: stored))
        #expect(!Scrypt.verify(password: "", against: stored))
        #expect(!Scrypt.needsRehash(stored))
        #expect(stored != Scrypt.hash(password: "correct horse battery staple"))
    }

    @Test func `Older costs are still verified and ask to be made anew`() throws {
        let cost = Scrypt.Cost(logN: 10, r: 8, p: 1)
        let salt = Random.bytes(16)
        let key = try #require(Scrypt.derive("old", salt: salt, cost: cost, count: 32))
        let stored = ScryptText(cost: cost, salt: salt, hash: key).description
        #expect(Scrypt.verify(password: "old", against: stored))
        #expect(Scrypt.needsRehash(stored))
    }

    @Test func `The dearest bearable cost fits the memory allowed`() {
        let cost = Scrypt.Cost(logN: 17, r: 8, p: 1)
        #expect(cost.isBearable)
        #expect(Scrypt.derive("", salt: [0], cost: cost, count: 16) != nil)
    }

    @Test func `Nobody has the decoy's password, and it costs what others cost`() {
        #expect(!Scrypt.needsRehash(Scrypt.decoy))
        #expect(!Scrypt.verify(password: "", against: Scrypt.decoy))
    }

    @Test(arguments: [
        "", "$", "password", "$scrypt$", "$2b$12$abcdefghijklmnopqrstuv",
        "$scrypt$ln=18,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$ln=17,r=8,p=2$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$ln=14,r=8,p=99$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$ln=0,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$ln=+4,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$ln=4,r=8,p=01$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$r=8,ln=4,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$ln=4,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$ln=4,r=8,p=1$$AAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$ln=4,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$",
        "$scrypt$ln=4,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA$",
    ])
    func `What is not a bearable hash verifies nothing`(stored: String) {
        #expect(ScryptText(stored) == nil)
        #expect(!Scrypt.verify(password: "", against: stored))
        #expect(Scrypt.needsRehash(stored))
    }
}

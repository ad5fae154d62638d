import Testing

@testable import Crypto

/// Vectors of RFC 8032, section 7.1.
struct Ed25519Tests {
    struct Vector {
        let seed: String
        let publicKey: String
        let message: String
        let signature: String
    }

    static let vectors = [
        Vector(
            seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            message: "",
            signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
        Vector(
            seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            message: "72",
            signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ]

    @Test(arguments: vectors)
    func `The published keys and messages have the published signatures`(vector: Vector) throws {
        let seed = try #require(Hex.decode(vector.seed))
        let message = try #require(Hex.decode(vector.message))
        let publicKey = try #require(Ed25519.publicKey(of: seed))
        #expect(Hex.encode(publicKey) == vector.publicKey)
        let signature = try #require(Ed25519.sign(message, seed: seed))
        #expect(Hex.encode(signature) == vector.signature)
        #expect(Ed25519.isValid(signature, for: message, publicKey: publicKey))
        #expect(!Ed25519.isValid(signature, for: message + [0], publicKey: publicKey))
        for index in [0, 31, 32, 63] {
            var altered = signature
            altered[index] ^= 1
            #expect(!Ed25519.isValid(altered, for: message, publicKey: publicKey))
        }
    }

    @Test func `What is no key signs nothing and accepts nothing`() {
        for count in [0, 31, 33] {
            let key = [UInt8](repeating: 1, count: count)
            #expect(Ed25519.publicKey(of: key) == nil)
            #expect(Ed25519.sign([1], seed: key) == nil)
            #expect(!Ed25519.isValid([UInt8](repeating: 0, count: 64), for: [1], publicKey: key))
        }
        let other = Ed25519.publicKey(of: Random.bytes(32)) ?? []
        let signature = Ed25519.sign([1], seed: Random.bytes(32)) ?? []
        #expect(!Ed25519.isValid(signature, for: [1], publicKey: other))
        #expect(!Ed25519.isValid([], for: [1], publicKey: other))
    }
}

import Testing

@testable import Crypto

/// Vectors of RFC 4231.
struct HMACSHA256Tests {
    struct Vector {
        let key: [UInt8]
        let message: [UInt8]
        let code: String
    }

    static let vectors = [
        Vector(
            key: [UInt8](repeating: 0x0b, count: 20), message: Array("Hi There".utf8),
            code: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        Vector(
            key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8),
            code: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        Vector(
            key: [UInt8](repeating: 0xaa, count: 20),
            message: [UInt8](repeating: 0xdd, count: 50),
            code: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        Vector(
            key: [UInt8](repeating: 0xaa, count: 131),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            code: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    ]

    @Test(arguments: vectors)
    func `The published messages have the published codes`(vector: Vector) {
        let code = HMACSHA256.authenticate(vector.message, key: vector.key)
        #expect(code.hex == vector.code)
        #expect(HMACSHA256.isValid(code.bytes, for: vector.message, key: vector.key))
    }

    @Test func `A code of another message, key or length is not valid`() {
        let key = Random.bytes(32)
        let code = HMACSHA256.authenticate([1, 2, 3], key: key).bytes
        #expect(!HMACSHA256.isValid(code, for: [1, 2, 4], key: key))
        #expect(!HMACSHA256.isValid(code, for: [1, 2, 3], key: Random.bytes(32)))
        #expect(!HMACSHA256.isValid(Array(code.dropLast()), for: [1, 2, 3], key: key))
        #expect(!HMACSHA256.isValid([], for: [1, 2, 3], key: key))
    }

    @Test func `An empty key and an empty message have a code`() {
        #expect(
            HMACSHA256.authenticate([], key: []).hex
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }
}

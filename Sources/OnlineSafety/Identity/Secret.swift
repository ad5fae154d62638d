import Crypto

/// A new secret of 256 bits that stands for something, such as a session; only its hash is stored.
struct Secret {
    let string: String

    init(of kind: StaticString) {
        let bytes = Random.bytes(40)
        string =
            "rwn_\(kind)_\(Hex.encode(Array(bytes[..<8])))_"
            + Base64.url.encode(Array(bytes[8...]))
    }

    var hash: [UInt8] { BearerToken(string).hash }
}

/// The hash of the token with which this very request was made.
struct PresentedToken: Argument {
    let hash: [UInt8]

    static func take(from call: inout Call) throws -> PresentedToken {
        guard let token = BearerToken(call.request) else { throw Problem(.unauthorized) }
        return PresentedToken(hash: token.hash)
    }
}

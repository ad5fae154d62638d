import CCrypto

/// SHA-256 (FIPS 180-4): whole messages with `hash`, or piece by piece with `update` and `finish`.
package struct SHA256: ~Copyable {
    private let context: OpaquePointer

    package init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, Self.algorithm, nil) == 1
        else { fatalError("libcrypto could not begin a SHA-256") }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    package mutating func update(_ bytes: Span<UInt8>) {
        let isDone = bytes.withUnsafeBufferPointer {
            EVP_DigestUpdate(context, $0.baseAddress, $0.count) == 1
        }
        guard isDone else { fatalError("libcrypto could not continue a SHA-256") }
    }

    package mutating func update(_ bytes: [UInt8]) { update(bytes.span) }

    package consuming func finish() -> Digest {
        Digest { out in
            guard EVP_DigestFinal_ex(context, out.baseAddress, nil) == 1
            else { fatalError("libcrypto could not finish a SHA-256") }
        }
    }

    package static func hash(_ bytes: Span<UInt8>) -> Digest {
        bytes.withUnsafeBufferPointer(hash)
    }

    package static func hash(_ bytes: [UInt8]) -> Digest {
        bytes.withUnsafeBufferPointer(hash)
    }

    /// Of the text's UTF-8, as it stands: nothing is normalised.
    package static func hash(_ text: String) -> Digest {
        var text = text
        return text.withUTF8(hash)
    }

    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Digest {
        Digest { out in
            let base = bytes.baseAddress
            guard EVP_Digest(base, bytes.count, out.baseAddress, nil, algorithm, nil) == 1
            else { fatalError("libcrypto could not make a SHA-256") }
        }
    }

    /// Fetched once, because looking it up costs more than hashing a token. What was fetched never
    /// changes and belongs to all threads; as a pointer Swift would not let them share it.
    static var algorithm: OpaquePointer? { OpaquePointer(bitPattern: address) }
    private static let address = UInt(bitPattern: EVP_MD_fetch(nil, "SHA256", nil))
}

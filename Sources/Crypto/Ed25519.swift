import CCrypto

/// Ed25519 (RFC 8032): what one alone can sign, and everybody can check.
package enum Ed25519 {
    package static let keyCount = 32
    package static let signatureCount = 64

    /// The public half of a private key of 32 bytes; `nil` for any other length.
    package static func publicKey(of seed: [UInt8]) -> [UInt8]? {
        withKey(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)) { key in
            var bytes = [UInt8](repeating: 0, count: keyCount)
            var count = bytes.count
            guard EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1 else { return nil }
            return bytes
        }
    }

    /// The signature of 64 bytes; `nil` where the private key is none.
    package static func sign(_ message: [UInt8], seed: [UInt8]) -> [UInt8]? {
        withKey(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)) { key in
            guard let context = EVP_MD_CTX_new() else { return nil }
            defer { EVP_MD_CTX_free(context) }
            var signature = [UInt8](repeating: 0, count: signatureCount)
            var count = signature.count
            guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
                EVP_DigestSign(context, &signature, &count, message, message.count) == 1
            else { return nil }
            return signature
        }
    }

    /// Whether the holder of this public key's other half signed just this message.
    package static func isValid(
        _ signature: [UInt8], for message: [UInt8], publicKey: [UInt8]
    ) -> Bool {
        let raw = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, publicKey, publicKey.count)
        let isValid: Bool? = withKey(raw) { key in
            guard let context = EVP_MD_CTX_new() else { return nil }
            defer { EVP_MD_CTX_free(context) }
            guard EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { return nil }
            return EVP_DigestVerify(
                context, signature, signature.count, message, message.count) == 1
        }
        return isValid ?? false
    }

    private static func withKey<Result>(
        _ key: OpaquePointer?, _ body: (OpaquePointer) -> Result?
    ) -> Result? {
        guard let key else { return nil }
        defer { EVP_PKEY_free(key) }
        return body(key)
    }
}

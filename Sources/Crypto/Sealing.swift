import CCrypto

/// AES-256-GCM (NIST SP 800-38D): what nobody can read, or alter unseen, without the key.
///
/// What is sealed is bound to where it belongs: it opens nowhere else. Its bytes are a nonce of 12,
/// which is random, the text, and a tag of 16. A key of 32 bytes seals far fewer than the 2^32
/// texts for which random nonces are safe.
package enum Sealing {
    private static let nonceCount = 12
    private static let tagCount = 16

    package static func seal(_ text: [UInt8], bound: [UInt8], key: [UInt8]) -> [UInt8] {
        precondition(key.count == 32, "a key of 32 bytes")
        let nonce = Random.bytes(nonceCount)
        guard let sealed = run(text, nonce, bound, key, tag: nil) else {
            fatalError("libcrypto could not seal")
        }
        return nonce + sealed
    }

    /// The text; `nil` where it was altered, belongs elsewhere, or was sealed with another key.
    package static func open(_ sealed: [UInt8], bound: [UInt8], key: [UInt8]) -> [UInt8]? {
        guard key.count == 32, sealed.count >= nonceCount + tagCount else { return nil }
        let text = Array(sealed[nonceCount..<(sealed.count - tagCount)])
        return run(
            text, Array(sealed[..<nonceCount]), bound, key, tag: Array(sealed.suffix(tagCount)))
    }

    /// With a tag it opens; without, it seals and adds one.
    private static func run(
        _ input: [UInt8], _ nonce: [UInt8], _ bound: [UInt8], _ key: [UInt8], tag: [UInt8]?
    ) -> [UInt8]? {
        guard let context = EVP_CIPHER_CTX_new() else { return nil }
        defer { EVP_CIPHER_CTX_free(context) }
        let seals: Int32 = tag == nil ? 1 : 0
        var (count, rest) = (Int32(0), Int32(0))
        var output = [UInt8](repeating: 0, count: input.count)
        guard EVP_CipherInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce, seals) == 1,
            EVP_CipherUpdate(context, nil, &count, bound, Int32(bound.count)) == 1,
            EVP_CipherUpdate(context, &output, &count, input, Int32(input.count)) == 1
        else { return nil }
        if var tag {
            let set = EVP_CIPHER_CTX_ctrl(
                context, EVP_CTRL_AEAD_SET_TAG, Int32(tagCount), &tag)
            guard set == 1 else { return nil }
        }
        var end = [UInt8](repeating: 0, count: 16)
        guard EVP_CipherFinal_ex(context, &end, &rest) == 1, count == Int32(input.count), rest == 0
        else { return nil }
        guard tag == nil else { return output }
        var made = [UInt8](repeating: 0, count: tagCount)
        let get = EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tagCount), &made)
        return get == 1 ? output + made : nil
    }
}

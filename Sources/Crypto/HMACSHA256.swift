import CCrypto

/// HMAC with SHA-256 (RFC 2104): what only a holder of the key can have written.
package enum HMACSHA256 {
    package static func authenticate(_ message: [UInt8], key: [UInt8]) -> Digest {
        Digest { out in
            let code = HMAC(
                SHA256.algorithm, key, Int32(key.count), message, message.count,
                out.baseAddress, nil)
            guard code != nil else { fatalError("libcrypto could not make an HMAC") }
        }
    }

    /// Whether `code` is the one of this message, found out in constant time.
    package static func isValid(_ code: [UInt8], for message: [UInt8], key: [UInt8]) -> Bool {
        constantTimeEqual(code, authenticate(message, key: key).bytes)
    }
}

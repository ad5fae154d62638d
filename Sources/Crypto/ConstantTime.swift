import CCrypto

/// Whether both are the same; the time taken tells their lengths and nothing else.
package func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}

/// Whether both are the same, in a time that tells nothing.
package func constantTimeEqual(_ left: Digest, _ right: Digest) -> Bool {
    constantTimeEqual(left.bytes, right.bytes)
}

/// Overwrites a secret that is no longer needed, so that a core dump does not hold it. Other copies
/// that the caller made are not reached.
package func cleanse(_ secret: inout [UInt8]) {
    secret.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
    secret.removeAll()
}

import CCrypto

/// Bytes that nobody can foresee. There is no going on without them: failure ends the process.
package enum Random {
    package static func bytes(_ count: Int) -> [UInt8] {
        precondition(count >= 0 && count <= Int32.max, "an impossible number of random bytes")
        return [UInt8](unsafeUninitializedCapacity: count) { out, filled in
            guard count == 0 || RAND_bytes(out.baseAddress, Int32(count)) == 1
            else { fatalError("libcrypto has no random bytes") }
            filled = count
        }
    }
}

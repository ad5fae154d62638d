import CCrypto
import Synchronization

/// Bytes that nobody can foresee. There is no going on without them: failure ends the process.
package enum Random {
    package static func bytes(_ count: Int) -> [UInt8] {
        precondition(count >= 0 && count <= Int32.max, "an impossible number of random bytes")
        return [UInt8](unsafeUninitializedCapacity: count) { out, filled in
            fill(UnsafeMutableRawBufferPointer(start: out.baseAddress, count: count))
            filled = count
        }
    }

    /// Fills what is there.
    package static func fill(_ out: UnsafeMutableRawBufferPointer) {
        if out.count <= Block.size / 8 {
            block.withLock { $0.draw(out) }
        } else {
            draw(out)
        }
    }

    private static let block = Mutex(Block())

    fileprivate static func draw(_ out: UnsafeMutableRawBufferPointer) {
        guard out.isEmpty || RAND_bytes(out.baseAddress, Int32(out.count)) == 1
        else { fatalError("libcrypto has no random bytes") }
    }
}

/// Drawn ahead, because asking libcrypto for a few costs as much as asking for many. What was given
/// is wiped: nothing here tells what it was.
private struct Block: Sendable {
    static let size = 1024
    private var bytes = [UInt8](repeating: 0, count: size)
    private var next = size

    mutating func draw(_ out: UnsafeMutableRawBufferPointer) {
        let count = out.count
        if next + count > Self.size {
            bytes.withUnsafeMutableBytes { Random.draw($0) }
            next = 0
        }
        bytes.withUnsafeMutableBytes { bytes in
            let given = UnsafeMutableRawBufferPointer(rebasing: bytes[next..<next + count])
            out.copyMemory(from: UnsafeRawBufferPointer(given))
            OPENSSL_cleanse(given.baseAddress, count)
        }
        next += count
    }
}

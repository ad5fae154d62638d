import Glibc

/// Where a command's result goes.
enum StandardOutput {
    static func write(_ text: String) throws {
        try write(Array(text.utf8))
    }

    /// Writes all of it. Whoever closes a pipe, such as `head`, has read enough: the program ends
    /// quietly.
    static func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count)
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EPIPE {
                exit(0)
            } else if errno != EINTR {
                throw Misconfiguration(
                    "the output cannot be written: \(String(cString: strerror(errno)))")
            }
        }
    }
}

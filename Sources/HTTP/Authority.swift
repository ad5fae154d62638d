import Glibc

/// The host and port of a request (RFC 9110, 4.2 and 7.2).
enum Authority {
    /// Whether this is a host, with or without a port, and nothing else: no name and password.
    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let end = bytes.first == UInt8(ascii: "[") ? endOfLiteral(bytes) : endOfName(bytes)
        guard let end else { return false }
        return end == bytes.count || isPort(bytes.slice(end..<bytes.count))
    }

    private static func endOfName(_ bytes: UnsafeRawBufferPointer) -> Int? {
        let end = bytes.firstIndex(ofByte: UInt8(ascii: ":")) ?? bytes.count
        guard end > 0, bytes.slice(0..<end).isEscaped(with: .registeredName) else { return nil }
        return end
    }

    private static func endOfLiteral(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard let end = bytes.firstIndex(ofByte: UInt8(ascii: "]")),
            isIPv6(bytes.slice(1..<end))
        else { return nil }
        return end + 1
    }

    private static func isIPv6(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count < INET6_ADDRSTRLEN, bytes.firstIndex(ofByte: 0) == nil else {
            return false
        }
        var address = in6_addr()
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { text in
            for (index, byte) in bytes.enumerated() { text[index] = CChar(bitPattern: byte) }
            text[bytes.count] = 0
            return inet_pton(AF_INET6, text.baseAddress, &address) == 1
        }
    }

    /// A colon and a number of up to 65535, or nothing (RFC 3986, 3.2.3).
    private static func isPort(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.first == UInt8(ascii: ":") else { return false }
        guard bytes.count > 1 else { return true }
        guard let port = bytes.slice(1..<bytes.count).decimal else { return false }
        return port <= UInt16.max
    }
}

import Glibc

/// Why a port cannot be listened on.
package struct ListenError: Error, CustomStringConvertible {
    package let address: String
    package let port: UInt16
    let number: Int32

    package var description: String {
        "cannot listen on \(address), port \(port): \(String(cString: strerror(number)))"
    }
}

/// An address of this host to listen on.
struct SocketAddress {
    private let address: String
    private let port: UInt16
    private var storage = sockaddr_storage()

    /// IPv4 or IPv6, in digits: names are not looked up.
    init(_ address: String, port: UInt16) throws(ListenError) {
        (self.address, self.port) = (address, port)
        let isValid = withUnsafeMutableBytes(of: &storage) { bytes in
            bytes.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
            if inet_pton(AF_INET, address, bytes.baseAddress.map { $0 + 4 }) == 1 {
                bytes.storeBytes(of: UInt16(AF_INET), as: UInt16.self)
            } else if inet_pton(AF_INET6, address, bytes.baseAddress.map { $0 + 8 }) == 1 {
                bytes.storeBytes(of: UInt16(AF_INET6), as: UInt16.self)
            } else {
                return false
            }
            return true
        }
        guard isValid else { throw error(EADDRNOTAVAIL) }
    }

    /// A socket that listens here, beside those of other loops. Its clients inherit that the kernel
    /// holds of an answer no more than `unsent` bytes that cannot be sent yet.
    func listen(unsent: Int) throws(ListenError) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(Int32(storage.ss_family), kind, 0)
        guard descriptor >= 0 else { throw error(errno) }
        var (yes, no, unsent): (Int32, Int32, Int32) = (1, 0, Int32(unsent))
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &yes, 4)
        setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &no, 4)
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, &unsent, 4)
        guard bind(descriptor) == 0, Glibc.listen(descriptor, 4096) == 0 else {
            let number = errno
            close(descriptor)
            throw error(number)
        }
        return descriptor
    }

    private func bind(_ descriptor: Int32) -> Int32 {
        let size =
            Int32(storage.ss_family) == AF_INET
            ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
        return withUnsafePointer(to: storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(size))
            }
        }
    }

    private func error(_ number: Int32) -> ListenError {
        ListenError(address: address, port: port, number: number)
    }

    /// Where a socket listens.
    static func port(of descriptor: Int32) -> UInt16 {
        var (storage, length) = (sockaddr_storage(), socklen_t(MemoryLayout<sockaddr_storage>.size))
        _ = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &length)
            }
        }
        return withUnsafeBytes(of: storage) {
            UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self))
        }
    }
}

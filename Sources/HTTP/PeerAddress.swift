import Glibc

/// The address of a client, as the 128 bits of an IPv6 address (IPv4 is mapped into it).
package struct PeerAddress: Sendable, Hashable {
    private let high: UInt64
    private let low: UInt64

    private init(high: UInt64, low: UInt64) {
        (self.high, self.low) = (high, low)
    }

    init(_ storage: sockaddr_storage) {
        self = withUnsafeBytes(of: storage) { bytes in
            guard Int32(storage.ss_family) != AF_INET else {
                let address = bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
                return PeerAddress(high: 0, low: Self.mapped | UInt64(UInt32(bigEndian: address)))
            }
            return PeerAddress(
                high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)))
        }
    }

    /// From how people write it; `nil` when it is no address.
    package init?(_ text: String) {
        var (storage, four, six) = (sockaddr_storage(), in_addr(), in6_addr())
        if inet_pton(AF_INET, text, &four) == 1 {
            storage.ss_family = sa_family_t(AF_INET)
            withUnsafeMutableBytes(of: &storage) {
                $0.storeBytes(of: four.s_addr, toByteOffset: 4, as: UInt32.self)
            }
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            storage.ss_family = sa_family_t(AF_INET6)
            withUnsafeMutableBytes(of: &storage) {
                $0.storeBytes(of: six, toByteOffset: 8, as: in6_addr.self)
            }
        } else {
            return nil
        }
        self.init(storage)
    }

    private static let mapped: UInt64 = 0xFFFF_0000_0000

    private var isIPv4: Bool { high == 0 && low >> 32 == Self.mapped >> 32 }

    /// Whether it is this machine itself.
    package var isLoopback: Bool {
        isIPv4 ? low >> 24 & 0xFF == 127 : high == 0 && low == 1
    }

    /// Whom a limit by address should count as one: all of an IPv6 network of 64 bits, since its
    /// user has all its addresses.
    package var network: PeerAddress { isIPv4 ? self : PeerAddress(high: high, low: 0) }
}

extension PeerAddress: CustomStringConvertible {
    /// As people write it: `192.0.2.7`, `2001:db8::7`.
    package var description: String {
        var bytes = (high.bigEndian, low.bigEndian)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) {
            text in
            _ = withUnsafeBytes(of: &bytes) { address in
                inet_ntop(
                    isIPv4 ? AF_INET : AF_INET6, address.baseAddress.map { $0 + (isIPv4 ? 12 : 0) },
                    text.baseAddress, socklen_t(INET6_ADDRSTRLEN))
            }
            return text.baseAddress.map { String(cString: $0) } ?? ""
        }
    }
}

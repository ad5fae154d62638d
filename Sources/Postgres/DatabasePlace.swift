import CLibpq
import Glibc

/// Where a connection string leads, together with libpq's own variables and its service file.
package struct DatabasePlace {
    private var hosts: [String] = []
    private var addresses: [String] = []
    private var sslMode = ""

    /// Nothing is sent to anybody. Throws when the string cannot be read.
    package init(_ url: String) throws(PostgresError) {
        let string = try ConnectionString(url)
        // Only a connection that was begun knows what all those places together say.
        let pg = string.withPointers { PQconnectStartParams($0, $1, 0) }
        defer { PQfinish(pg) }
        guard let options = PQconninfo(pg) else { return }
        defer { PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            let value = option.pointee.val.map { String(cString: $0) } ?? ""
            switch String(cString: keyword) {
            case "host": hosts = Self.list(value)
            case "hostaddr": addresses = Self.list(value)
            case "sslmode": sslMode = value
            default: break
            }
            option += 1
        }
    }

    /// Whether nobody between here and the database can read along or pretend to be it: every host
    /// is this one, or must show a certificate for its name (`sslmode=verify-full`).
    package var isSafe: Bool {
        if sslMode == "verify-full" { return true }
        return (0..<max(hosts.count, addresses.count)).allSatisfy { index in
            let address = index < addresses.count ? addresses[index] : ""
            return Self.isHere(
                address.isEmpty && index < hosts.count ? hosts[index] : address)
        }
    }

    private static func list(_ value: String) -> [String] {
        value.isEmpty
            ? []
            : value.split(separator: ",", omittingEmptySubsequences: false).map {
                String($0)
            }
    }

    /// The folder of a socket, or an address of the loopback. No other name is looked up: who
    /// answers for it may change.
    private static func isHere(_ host: String) -> Bool {
        if host.isEmpty || host.hasPrefix("/") || host.hasPrefix("@") { return true }
        var four = in_addr(), six = in6_addr()
        if inet_pton(AF_INET, host, &four) == 1 {
            return UInt32(bigEndian: four.s_addr) >> 24 == 127
        }
        if inet_pton(AF_INET6, host, &six) == 1 {
            return withUnsafeBytes(of: six) { $0.dropLast().allSatisfy { $0 == 0 } && $0[15] == 1 }
        }
        return host.lowercased() == "localhost"
    }
}

import Glibc
import Testing

/// A client that sends and reads raw bytes, and waits for at most a few seconds.
final class Client {
    struct CannotConnect: Error {}

    private let descriptor: Int32

    /// To and from addresses of the loopback network, IPv4 or IPv6; with little room for what it
    /// does not read.
    init(
        port: UInt16, to address: String = "127.0.0.1", from source: String? = nil,
        receiving room: Int32? = nil
    ) throws {
        let family = address.contains(":") ? AF_INET6 : AF_INET
        descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        var (patience, one) = (timeval(tv_sec: 5, tv_usec: 0), Int32(1))
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        if var room { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, 4) }
        if let source { try Self.use(source, 0) { bind(descriptor, $0, $1) } }
        try Self.use(address, port) { Glibc.connect(descriptor, $0, $1) }
    }

    private static func use(
        _ text: String, _ port: UInt16,
        _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws {
        var storage = try #require(sockaddr_storage(text, port))
        let size =
            text.contains(":")
            ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
        let result = withUnsafePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, socklen_t(size)) }
        }
        guard result == 0 else { throw CannotConnect() }
    }

    deinit { close(descriptor) }

    /// Sends text as Latin-1, so that every byte can be written.
    func send(_ text: String) {
        let bytes = text.unicodeScalars.map { UInt8($0.value) }
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Leaves at once, without having read what has come.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<linger>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, size)
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// What has come, or comes next; `nil` at the end, and when nothing comes.
    func read() -> String? {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }

    /// The end came as a reset.
    var wasReset: Bool {
        var byte: UInt8 = 0
        return Glibc.read(descriptor, &byte, 1) < 0 && errno == ECONNRESET
    }

    /// All that comes until the server closes.
    func readAll() -> String {
        var text = ""
        while let more = read() { text += more }
        return text
    }

    /// Reads until what has come ends so.
    func read(until end: String) -> String {
        var text = ""
        while !text.hasSuffix(end), let more = read() { text += more }
        return text
    }
}

/// Lets time pass; exactly so much, whatever the other tests do.
func pause(_ milliseconds: UInt32) {
    usleep(milliseconds * 1_000)
}

extension sockaddr_storage {
    /// An address in digits; `nil` where it is none.
    init?(_ text: String, _ port: UInt16 = 0) {
        self.init()
        let (family, offset) = text.contains(":") ? (AF_INET6, 8) : (AF_INET, 4)
        ss_family = sa_family_t(family)
        let isValid = withUnsafeMutableBytes(of: &self) { bytes in
            bytes.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
            return inet_pton(family, text, bytes.baseAddress.map { $0 + offset }) == 1
        }
        guard isValid else { return nil }
    }
}

extension String {
    /// The codes of all answers in what a server sent.
    var statuses: [Int] {
        components(after: "HTTP/1.1 ").compactMap { Int($0.prefix(3)) }
    }

    /// Without what depends on the time.
    var withoutDates: String {
        split(separator: "\r\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("Date: ") }.joined(separator: "\r\n")
    }

    private func components(after mark: String) -> [Substring] {
        var (parts, rest) = ([Substring](), self[...])
        while let found = rest.firstRange(of: mark) {
            rest = rest[found.upperBound...]
            parts.append(rest)
        }
        return parts
    }
}

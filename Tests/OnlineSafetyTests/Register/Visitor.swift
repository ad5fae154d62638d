import Glibc
import JSON
import Testing

@testable import OnlineSafety

/// Somebody who asks the service things over HTTP, a connection for each.
struct Visitor: Sendable {
    let port: UInt16
    let token: String?

    func get(_ path: String, _ headers: [String: String] = [:]) throws -> Reading {
        try ask("GET", path, headers)
    }

    func post(
        _ path: String, _ body: JSONValue? = nil, _ headers: [String: String] = [:]
    ) throws -> Reading { try ask("POST", path, headers, body) }

    func put(
        _ path: String, _ body: JSONValue, _ headers: [String: String] = [:]
    ) throws -> Reading { try ask("PUT", path, headers, body) }

    func delete(_ path: String) throws -> Reading { try ask("DELETE", path) }

    func ask(
        _ method: String, _ path: String, _ headers: [String: String] = [:],
        _ body: JSONValue? = nil
    ) throws -> Reading {
        var lines = headers
        if let token { lines["Authorization"] = "Bearer \(token)" }
        if body != nil, lines["Content-Type"] == nil { lines["Content-Type"] = "application/json" }
        return try raw(method, path, lines, body.map { Array(JSON.string(of: $0).utf8) } ?? [])
    }

    /// Exactly these bytes as the body.
    func raw(
        _ method: String, _ path: String, _ headers: [String: String], _ body: [UInt8]
    ) throws -> Reading {
        let socket = try ClientSocket(port: port)
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if !body.isEmpty || method != "GET" { head += "Content-Length: \(body.count)\r\n" }
        try socket.send(Array((head + "\r\n").utf8) + body)
        let told = try Reading(socket.readToEnd())
        if told.status >= 400, case .array(let errors)? = told.json["errors"] {
            let unknown = errors.compactMap { $0["code"]?.text }.filter { !Self.known.contains($0) }
            #expect(unknown == [], "codes that no vocabulary tells")
        }
        return told
    }

    private static let known = Set(FaultCodes.all.map(\.code))

    /// Reports, and says what the receipt says.
    func report(
        _ description: String = "Something happened", _ concerns: Concern = .child,
        _ more: (String, JSONValue)...
    ) throws -> Reading {
        let body = OnlineSafetyTests.report(description, concerns, more)
        return try post("/v1/incidents", body)
    }
}

/// An answer, as it was read.
struct Reading: Sendable {
    let status: Int
    let body: [UInt8]
    let headers: [(name: String, value: String)]

    struct Unreadable: Error { let bytes: Int }

    init(_ bytes: [UInt8]) throws {
        let end = Array("\r\n\r\n".utf8)
        guard
            let split = bytes.indices.first(where: { bytes[$0...].starts(with: end) }),
            let head = String(validating: bytes[..<split], as: UTF8.self),
            let status = Int(head.dropFirst(9).prefix(3))
        else { throw Unreadable(bytes: bytes.count) }
        self.status = status
        let rest = bytes[(split + 4)...]
        headers = head.split(separator: "\r\n").dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (line[..<colon].lowercased(), String(value))
        }
        let isChunked = headers.contains { $0.name == "transfer-encoding" }
        body = isChunked ? try Self.dechunked(rest) : Array(rest)
    }

    /// An answer that broke off has no last chunk.
    struct Cut: Error { let bytes: Int }

    private static func dechunked(_ bytes: ArraySlice<UInt8>) throws -> [UInt8] {
        var (body, rest) = ([UInt8](), bytes)
        while let end = rest.firstIndex(of: 13),
            let size = Int(String(decoding: rest[..<end], as: UTF8.self), radix: 16),
            rest.endIndex >= end + 2 + size + 2
        {
            body += rest[(end + 2)..<(end + 2 + size)]
            rest = rest[(end + 2 + size + 2)...]
            if size == 0 { return body }
        }
        throw Cut(bytes: body.count)
    }

    func header(_ name: String) -> String? { headers.first { $0.name == name.lowercased() }?.value }

    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSONValue { body.withUnsafeBytes { (try? JSON.parse($0)) ?? .null } }

    /// The text of a member.
    subscript(_ name: String) -> String? { json[name]?.text }

    var id: String { self["id"] ?? "" }
    var code: String? { self["code"] }

    /// The names of the members.
    var keys: Set<String> {
        guard case .object(let object) = json else { return [] }
        return Set(object.members.map(\.name))
    }

    /// The records of a list.
    var data: [JSONValue] {
        guard case .array(let records)? = json["data"] else { return [] }
        return records
    }

    /// What was wrong, by place.
    var faults: [String: String] {
        guard case .array(let errors)? = json["errors"] else { return [:] }
        return errors.reduce(into: [:]) { faults, error in
            faults[error["pointer"]?.text ?? error["parameter"]?.text ?? ""] = error["code"]?.text
        }
    }
}

/// A blocking connection on the loopback address.
final class ClientSocket {
    private let descriptor: Int32

    struct Lost: Error { let errno: Int32 }

    /// With little room for what it does not read, if so much is said.
    init(port: UInt16, receiving room: Int32? = nil) throws {
        // Not for processes that another test may start at this moment.
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        if var room { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, 4) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Lost(errno: errno) }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Lost(errno: errno) }
            sent += count
        }
    }

    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    func readToEnd() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let more = try read()
            if more.isEmpty { return bytes }
            bytes += more
        }
    }

    /// What has come, or comes next; nothing at the end.
    func read() throws -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count >= 0 else { throw Lost(errno: errno) }
        return Array(chunk[..<count])
    }
}

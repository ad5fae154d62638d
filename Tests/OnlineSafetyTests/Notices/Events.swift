import Testing

@testable import OnlineSafety

/// An answer that goes on, as a browser's EventSource reads it.
final class Events {
    private let socket: ClientSocket
    private var come: [UInt8] = []

    /// Of the answer's head.
    private(set) var status = 0

    struct Silence: Error { let wanted: String, come: String }

    init(_ visitor: Visitor, after id: String?) throws {
        socket = try ClientSocket(port: visitor.port)
        var head = "GET /v1/notices/stream HTTP/1.1\r\nHost: localhost\r\n"
        head += "Accept: text/event-stream\r\n"
        if let token = visitor.token { head += "Authorization: Bearer \(token)\r\n" }
        if let id { head += "Last-Event-ID: \(id)\r\n" }
        try socket.send(Array((head + "\r\n").utf8))
        status = Int(try read(until: "\r\n\r\n").dropFirst(9).prefix(3)) ?? 0
    }

    /// Everything that comes until there is this, which is the end of it.
    func read(until end: String) throws -> String {
        let wanted = Array(end.utf8)
        var searched = 0
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            if let found = come[searched...].firstRange(of: wanted) {
                defer { come.removeFirst(found.upperBound) }
                return String(decoding: come[..<found.upperBound], as: UTF8.self)
            }
            searched = max(0, come.count - wanted.count)
            let more = try socket.read()
            if more.isEmpty { break }
            come += more
        }
        throw Silence(wanted: end, come: String(decoding: come, as: UTF8.self))
    }

    /// The next notice: its event's id, and its record's.
    func next() throws -> (event: String, notice: String) {
        let head = try read(until: "event: notice\ndata: {")
        let data = try read(until: "\n\n")
        let event = head.split(whereSeparator: \.isNewline).last { $0.hasPrefix("id: ") }
        let notice = data.firstRange(of: "\"id\":\"").map { data[$0.upperBound...].prefix(36) }
        return (String((event ?? "").dropFirst(4)), String(notice ?? ""))
    }

    /// Whether it ends as a whole answer does, whatever comes before.
    func isEnded() throws -> Bool {
        do {
            _ = try read(until: "\r\n0\r\n\r\n")
            return true
        } catch is Silence {
            return false
        }
    }
}

extension Visitor {
    /// Follows notices, from now on or after an event.
    func follow(after id: String? = nil) throws -> Events { try Events(self, after: id) }
}

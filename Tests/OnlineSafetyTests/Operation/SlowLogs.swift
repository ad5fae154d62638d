import Bytes
import Glibc
import JSON
import Testing

@testable import OnlineSafety

/// The log is a pipe, and whoever should read it does not.
@Suite struct `A log that nobody reads` {
    @Test func `holds up no request, and says afterwards what it lacks`() async throws {
        let pipe = try Pipe()
        let register = try await Register.open { $0.log = Log(to: .descriptor(pipe.end)) }
        let start = ContinuousClock.now
        try ask(5_000, of: register.port)
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(try register.as(.staff).report().status == 201)
        let dropped = register.configuration.log.droppedLines
        #expect(dropped > 100)

        let lines = try await apart { try pipe.lines(until: "dropped") }
        let requests = lines.filter { $0["event"]?.text == "request" }
        #expect(requests.count == 5_001 - dropped)
        #expect(lines.last.map { JSON.string(of: $0["lines"] ?? .null) } == "\(dropped)")
        #expect(lines.count == requests.count + 1)

        _ = try register.as(.staff).get("/v1/me")
        let next = try await apart { try pipe.lines(until: "request") }
        #expect(next.map { $0["route"]?.text } == ["/v1/me"])
        var figures = ByteBuffer()
        register.configuration.log.writeMeasure(to: &figures)
        let text = String(decoding: figures.bytes, as: UTF8.self)
        #expect(text.hasSuffix("\nrowan_log_lines_dropped_total \(dropped)\n"))
    }

    /// On one connection, fifty at a time, with all that a line can hold.
    private func ask(_ count: Int, of port: UInt16) throws {
        let socket = try ClientSocket(port: port)
        let (id, trace) = (String(repeating: "a", count: 64), String(repeating: "b", count: 32))
        let head =
            "GET /nowhere HTTP/1.1\r\nHost: a\r\nX-Request-Id: \(id)\r\n"
            + "traceparent: 00-\(trace)-\(trace.prefix(16))-01"
        let request = Array((head + "\r\n\r\n").utf8)
        let last = Array((head + "\r\nConnection: close\r\n\r\n").utf8)
        for _ in 0..<count / 50 - 1 {
            try socket.send((0..<50).flatMap { _ in request })
            var answers = 0
            while answers < 50 { answers += try socket.read().count { $0 == UInt8(ascii: "}") } }
        }
        try socket.send((0..<49).flatMap { _ in request } + last)
        _ = try socket.readToEnd()
    }

    @Test func `keeps nobody from leaving, and what is read in time is all there`() async throws {
        let pipe = try Pipe()
        let log = Log(to: .descriptor(pipe.end))
        for number in 0..<2_000 { log.note("\(number)") }
        let start = ContinuousClock.now
        log.flush(within: 200)
        #expect(ContinuousClock.now - start < .seconds(1))
        log.note("last")
        async let read = apart { try pipe.lines(until: "last") }
        log.flush(within: 5_000)
        let numbers = try await read.compactMap { $0["message"]?.text }
        #expect(numbers == (0..<2_000).map { "\($0)" } + ["last"])
        #expect(log.droppedLines == 0)
    }

    @Test func `keeps as many bytes as it may: n - 1, n, n + 1`() throws {
        let pipe = try Pipe()
        pipe.fill()
        let writer = LogWriter(to: pipe.end, keeping: 100)
        for (count, dropped) in [(50, 0), (49, 0), (1, 0), (1, 1), (100, 2)] {
            let line = [UInt8](repeating: UInt8(ascii: "\n"), count: count)
            line.withUnsafeBytes { writer.append($0) }
            #expect(writer.droppedLines == dropped)
        }
    }

    @Test func `counts what it lacks also where its reader has gone, and stops nobody`() throws {
        let pipe = try Pipe()
        let log = Log(to: .descriptor(pipe.end))
        pipe.leave()
        for count in 1...3 {
            log.note("\(count)")
            log.flush(within: 5_000)
            #expect(log.droppedLines == count)
        }
    }
}

/// A pipe between the log and a test that reads it when it likes.
private final class Pipe: Sendable {
    struct Failed: Error { let errno: Int32 }

    /// Where the log writes.
    let end: Int32
    private let start: Int32

    init() throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failed(errno: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (start, end) = (ends[0], ends[1])
    }

    /// The end of the reader ends a write that the log still waits in. The log's own end stays
    /// open: its number must not become that of another file as long as the log may write to it.
    deinit { close(start) }

    /// Leaves no room.
    func fill() {
        let flags = fcntl(end, F_GETFL)
        _ = fcntl(end, F_SETFL, flags | O_NONBLOCK)
        while write(end, "a", 1) > 0 {}
        _ = fcntl(end, F_SETFL, flags)
    }

    /// There is no reader any more.
    func leave() {
        let nothing = open("/dev/null", O_RDONLY)
        dup2(nothing, start)
        close(nothing)
    }

    /// Every line up to the first with such an event or message, each read as strictly as a
    /// request's body.
    func lines(until word: String) throws -> [JSONValue] {
        var (lines, rest) = ([JSONValue](), [UInt8]())
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            var wish = pollfd(fd: start, events: Int16(POLLIN), revents: 0)
            guard poll(&wish, 1, 10_000) == 1 else { throw Failed(errno: ETIMEDOUT) }
            rest += chunk[..<max(0, read(start, &chunk, chunk.count))]
            while let line = rest.firstIndex(of: UInt8(ascii: "\n")) {
                try lines.append(Array(rest[..<line]).withUnsafeBytes { try JSON.parse($0) })
                rest.removeFirst(line + 1)
                let last = lines.last
                if last?["event"]?.text == word || last?["message"]?.text == word {
                    return lines
                }
            }
        }
    }
}

import EventLoop
import Synchronization

@testable import HTTP

/// What the writers of streams have done so far.
final class Tally: Sendable {
    private let bytes = Atomic(0)
    private let ends = Mutex<[String]>([])

    var written: Int { bytes.load(ordering: .relaxed) }

    /// How each stream that is over has ended.
    var endings: [String] { ends.withLock { $0 } }

    func wrote(_ count: Int) { bytes.add(count, ordering: .relaxed) }
    func ended(_ how: String) { ends.withLock { $0.append(how) } }

    /// Waits, not for ever, until so many streams are over; how long it took, in milliseconds.
    func wait(forEndings count: Int) -> Int? {
        let begin = ContinuousClock.now
        for _ in 0..<1000 where endings.count < count { pause(5) }
        guard endings.count >= count else { return nil }
        return Int((ContinuousClock.now - begin) / .milliseconds(1))
    }

    /// Waits until nothing has been written for a while; how much was.
    func settle() -> Int {
        var last = -1
        while last != written {
            last = written
            pause(100)
        }
        return last
    }
}

/// Answers with streams, whose writers tell a tally of it.
///
/// `/pieces?3,10` are three pieces of 10 bytes, `/broken` breaks after them, `/events` says `beat`
/// now and then and `news` when somebody asks for `/nudge`.
final class Streams {
    struct Broken: Error {}

    private let tally: Tally
    private var listeners: [BodyStream] = []
    private let places = Places<PeerAddress>(4, each: 3)

    init(_ tally: Tally) { self.tally = tally }

    func answers(_ request: Request, on connection: Connection) async -> Bool {
        let path = String(decoding: request.path, as: UTF8.self)
        let numbers = String(decoding: request.query, as: UTF8.self).split(separator: ",")
            .compactMap { Int($0) }
        switch path {
        case "/pieces", "/broken":
            await tell(connection) { stream in
                try await self.write(numbers[0], of: numbers[1], to: stream)
                if path == "/broken" { throw Broken() }
            }
        case "/events":
            let address = connection.peerAddress.network
            guard places.take(for: address) else {
                connection.respond(.unavailable, type: nil)
                return true
            }
            defer { places.giveBack(of: address) }
            await tell(connection, isEndless: true) { stream in
                self.listeners.append(stream)
                defer { self.listeners.removeAll { $0 === stream } }
                try await self.tellEvents(to: stream, every: numbers[0])
            }
        case "/nudge":
            for listener in listeners { listener.nudge() }
            connection.respond(.ok, type: "text/plain", body: { $0.append("nudged") })
        default: return false
        }
        return true
    }

    private func tell(
        _ connection: Connection, isEndless: Bool = false,
        _ produce: (BodyStream) async throws -> Void
    ) async {
        do {
            try await connection.stream(.ok, type: "text/plain", isEndless: isEndless) { stream in
                do {
                    try await produce(stream)
                } catch {
                    tally.ended("\(error)")
                    throw error
                }
                tally.ended("whole")
            }
        } catch {}
    }

    private func write(_ count: Int, of size: Int, to stream: BodyStream) async throws {
        for number in 0..<count {
            try await stream.write { output in
                for index in 0..<size { output.append(UInt8(97 + (number + index) % 26)) }
            }
            tally.wrote(size)
        }
    }

    private func tellEvents(to stream: BodyStream, every milliseconds: Int) async throws {
        try await stream.write { $0.append("hello ") }
        while true {
            let isNews = try await stream.rest(upTo: milliseconds)
            try await stream.write { $0.append(isNews ? "news " : "beat ") }
            tally.wrote(5)
        }
    }

    /// What `/pieces` says.
    static func pieces(_ count: Int, of size: Int) -> String {
        (0..<count).reduce(into: "") { text, number in
            for index in 0..<size {
                text.unicodeScalars.append(Unicode.Scalar(UInt8(97 + (number + index) % 26)))
            }
        }
    }
}

extension String {
    /// What chunks say, and what comes behind the last one; `nil` where that is missing.
    var dechunked: (body: String, rest: String)? {
        var (body, rest) = ([UInt8](), Array(utf8)[...])
        while let end = rest.firstIndex(of: 13),
            let size = Int(String(decoding: rest[..<end], as: UTF8.self), radix: 16),
            rest.count >= (end - rest.startIndex) + 2 + size + 2
        {
            body += rest[(end + 2)...].prefix(size)
            rest = rest[(end + 2)...].dropFirst(size)
            guard rest.starts(with: [13, 10]) else { return nil }
            rest = rest.dropFirst(2)
            if size == 0 {
                return (
                    String(decoding: body, as: UTF8.self), String(decoding: rest, as: UTF8.self)
                )
            }
        }
        return nil
    }

    /// Behind the head of the first answer.
    var body: String {
        guard let end = firstRange(of: "\r\n\r\n") else { return "" }
        return String(self[end.upperBound...])
    }
}

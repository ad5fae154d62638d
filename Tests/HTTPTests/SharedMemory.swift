import EventLoop
import Glibc
import Testing

@testable import HTTP

/// What the connections of a loop may hold together, and who makes room.
@Suite("Shared memory")
struct SharedMemory {
    /// Runs on a loop, with a way to make connections from addresses of some name.
    private func onLoop(
        _ limits: Limits = Limits(), _ body: @escaping @Sendable (Hall) async throws -> Void
    ) async throws {
        let loop = EventLoop()
        try await Task(executorPreference: loop) { try await body(Hall(loop, limits)) }.value
        loop.stop()
    }

    @Test func `is full at its bound: n - 1, n, n + 1`() async throws {
        try await onLoop { hall in
            for (count, fits) in [(99, true), (100, true), (101, false)] {
                let holdings = Holdings(upTo: 100) { _ in }
                #expect(holdings.hold(count, beside: 0, for: try hall.connection(1)) == fits)
                let other = Holdings(upTo: 100) { _ in }
                _ = other.hold(40, beside: 0, for: try hall.connection(1))
                #expect(other.hold(count - 40, beside: 0, for: try hall.connection(2)) == fits)
                other.letGo(40, of: try hall.connection(1))
                #expect(
                    other.hold(
                        count > 100 ? 1 : 100 - count + 40, beside: 0,
                        for: try hall.connection(2)))
            }
        }
    }

    @Test func `is made free by the address that holds most, and there by the oldest`()
        async throws
    {
        try await onLoop { hall in
            var evicted: [Int32] = []
            var held: [Int32: Int] = [:]
            var holdings: Holdings!
            holdings = Holdings(upTo: 100) { other in
                evicted.append(other.descriptor)
                other.line?.leave(other)
                holdings.letGo(held[other.descriptor] ?? 0, of: other)
            }
            func hold(_ count: Int, _ address: UInt8) throws -> Connection? {
                let connection = try hall.connection(address)
                holdings.line.enter(connection)
                held[connection.descriptor] = count
                if holdings.hold(count, beside: 0, for: connection) { return connection }
                connection.line?.leave(connection)
                return nil
            }
            let first = try hold(30, 1)
            let many = try (0..<6).map { _ in try hold(10, 2) }
            _ = try hold(10, 3)
            // Two holds 60, One 30: whoever comes next takes from Two.
            #expect(try hold(15, 3) != nil)
            #expect(evicted == many.prefix(2).compactMap { $0?.descriptor })
            // Two asks for more than others hold, and makes room itself.
            #expect(try hold(20, 2) != nil)
            #expect(evicted == many.prefix(4).compactMap { $0?.descriptor })
            #expect(first?.line != nil)
            // Alone it would hold most: nobody makes room for it.
            #expect(try hold(90, 4) == nil)
        }
    }

    @Test func `One address cannot push out the bodies of others`() async throws {
        try await withServer {
            $0.bodiesTogether = 400_000
        } _: { server in
            let other = try Client(port: server.port, from: "127.0.0.2")
            other.send(post("Content-Length: 60000\r\n", String(repeating: "a", count: 50_000)))
            pause(50)
            let many = try (0..<20).map { _ in try server.connect() }
            for one in many {
                one.send(post("Content-Length: 60000\r\n", String(repeating: "b", count: 50_000)))
                pause(5)
            }
            #expect(many[0].readAll().statuses == [408])
            other.send(String(repeating: "a", count: 10_000))
            #expect(other.read(until: String(repeating: "a", count: 60_000)).statuses == [200])
        }
    }

    @Test func `Answers that nobody takes are dropped where they would be too much together`()
        async throws
    {
        try await withServer {
            $0.answersTogether = 30_000_000
        } _: { server in
            let other = try Client(port: server.port, from: "127.0.0.2")
            other.send(get("/large", host + "Connection: close\r\n"))
            pause(50)
            let many = try (0..<8).map { _ in try server.connect() }
            for one in many {
                one.send(get("/large", host + "Connection: close\r\n"))
                pause(20)
            }
            #expect(server.wait(forConnections: 2))
            #expect(many[0].readAll().utf8.count < 1_000_000)
            #expect(other.readAll().utf8.count > 10_000_000)
            #expect(many[7].readAll().utf8.count > 10_000_000)
        }
    }

    @Test func `A writer is ahead of its client by so much: n - 1, n, n + 1`() async throws {
        for (count, goesOn) in [(999, true), (1000, true), (1001, false)] {
            var limits = Limits()
            limits.streamAhead = 1000
            try await onLoop(limits) { hall in
                let connection = try hall.connection(1, isFull: true)
                let stream = BodyStream(on: connection, isChunked: false, isEndless: false)
                connection.begin(stream)
                _ = hall.loop.after(50) { connection.end() }
                do {
                    try await stream.write { $0.append(String(repeating: "a", count: count)) }
                    #expect(goesOn)
                } catch {
                    #expect(!goesOn && error as? StreamEnd == .gone)
                }
                connection.endStream()
            }
        }
    }
}

/// Connections without a worker. Belongs to its loop.
private final class Hall {
    let loop: EventLoop
    private let local: LoopLocal
    private var connections: [Connection] = []

    init(_ loop: EventLoop, _ limits: Limits) {
        (self.loop, local) = (loop, LoopLocal(limits: limits))
    }

    deinit { for connection in connections { connection.close() } }

    /// From 192.0.2.`address`; with `isFull` the other side takes nothing.
    func connection(_ address: UInt8, isFull: Bool = false) throws -> Connection {
        var pair: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue)
        try #require(socketpair(AF_UNIX, kind, 0, &pair) == 0)
        if isFull { while write(pair[0], [UInt8](repeating: 0, count: 4096), 4096) > 0 {} }
        var storage = sockaddr_storage()
        storage.ss_family = sa_family_t(AF_INET)
        withUnsafeMutableBytes(of: &storage) { $0[7] = address }
        let connection = Connection(
            descriptor: pair[0], peer: PeerAddress(storage), loop: loop, local: local,
            service: Service(refuse: { _, _ in }, answer: { _, _ in }))
        connections.append(connection)
        return connection
    }
}

@Suite("Places")
struct PlacesTaken {
    @Test func `are bounded in all and for each: n - 1, n, n + 1`() {
        let places = Places<String>(4, each: 3)
        #expect((0..<4).map { _ in places.take(for: "a") } == [true, true, true, false])
        #expect((0..<2).map { _ in places.take(for: "b") } == [true, false])
        #expect(places.count == 4)
        places.giveBack(of: "a")
        #expect(places.take(for: "b") && !places.take(for: "a"))
        #expect(places.take(for: "c", insteadOfAnother: true))
    }

    @Test func `have no bound where it is 0`() {
        let places = Places<Int>(0)
        #expect((0..<1000).allSatisfy { _ in places.take(for: 1) })
    }
}

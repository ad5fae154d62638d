import Bytes
import EventLoop
import Glibc

@testable import HTTP

/// A server of one loop that tells what it was asked, for as long as `body` runs.
func withServer(
    _ adjust: (inout Limits) -> Void = { _ in },
    bodyLimit: (@Sendable (Request) -> BodyIntake)? = nil,
    address: String = "127.0.0.1",
    _ body: (TestServer) async throws -> Void
) async throws {
    var limits = Limits()
    limits.drainGrace = 20
    adjust(&limits)
    let loop = EventLoop()
    let admission = Admission(limits)
    let worker = Worker(loop: loop, limits: limits, admission: admission)
    let tally = Tally()
    // In tasks of the loop: what comes after must not stay on the loop's thread.
    let port = try await Task(executorPreference: loop) {
        try await worker.serve(address: address, port: 0) { loop in
            let streams = Streams(tally)
            return Service(bodyLimit: bodyLimit, refuse: describe) { request, connection in
                if await streams.answers(request, on: connection) { return }
                await answer(request, on: connection, loop)
            }
        }
    }.value
    let server = TestServer(
        loop: loop, worker: worker, admission: admission, port: port, tally: tally)
    try await body(server)
    await server.startDraining(within: 1_000).value
    loop.stop()
}

struct TestServer {
    let loop: EventLoop
    let worker: Worker
    let admission: Admission
    let port: UInt16
    let tally: Tally

    func connect() throws -> Client { try Client(port: port) }

    /// Waits, not for ever, until so many connections are open.
    func wait(forConnections count: Int) -> Bool {
        for _ in 0..<500 where admission.connections != count { pause(10) }
        return admission.connections == count
    }

    /// Drains meanwhile, on the server's own thread: those of the tests may all be waiting.
    func startDraining(within milliseconds: Int) -> Task<Void, Never> {
        Task(executorPreference: loop) { await worker.drain(within: milliseconds) }
    }

    /// All that comes back when `bytes` are all that is sent.
    func answers(to bytes: String...) throws -> String {
        let client = try connect()
        for (index, part) in bytes.enumerated() {
            if index > 0 { usleep(300) }
            client.send(part)
        }
        client.finishSending()
        return client.readAll()
    }
}

/// Says what was refused, and of what request as much as is known.
@Sendable private func describe(_ refused: Refused, on connection: Connection) {
    connection.respond(refused.fault.status, type: "application/problem+json") { headers in
        if let seconds = refused.retryAfter { headers.add("Retry-After", seconds) }
        if let request = refused.request {
            headers.add(
                "X-Refused",
                "\(request.method.rawValue) \(String(decoding: request.path, as: UTF8.self))")
        }
    } body: { body in
        body.append("{\"status\":")
        body.append(refused.fault.status.code)
        body.append(",\"code\":\"")
        body.append(refused.fault.code)
        body.append("\"}")
    }
}

/// Adds up a body that comes in pieces; `/slow` rests after each.
private func addUp(_ request: Request, on connection: Connection, _ loop: EventLoop) async {
    let isSlow = String(decoding: request.path, as: UTF8.self) == "/slow"
    var (pieces, count, sum) = (0, 0, 0)
    do throws(Fault) {
        while let piece = try await connection.incoming?.next() {
            pieces += 1
            count += piece.count
            for byte in piece { sum = (sum &* 31 &+ Int(byte)) % 65_521 }
            guard isSlow else { continue }
            await withUnsafeContinuation { later in _ = loop.after(20) { later.resume() } }
        }
    } catch {
        return connection.refuse(error)
    }
    connection.respond(.ok, type: "text/plain") { $0.append("\(count) \(sum) in \(pieces)") }
}

private func answer(_ request: Request, on connection: Connection, _ loop: EventLoop) async {
    let isMissing = String(decoding: request.path, as: UTF8.self) == "/missing"
    if connection.incoming != nil, !isMissing {
        return await addUp(request, on: connection, loop)
    }
    switch String(decoding: request.path, as: UTF8.self) {
    case "/missing": connection.respond(.notFound, type: "text/plain") { $0.append("missing") }
    case "/nothing": connection.respond(.noContent, type: nil)
    case "/empty": connection.respond(.created, type: nil) { $0.add("Location", "/a\r\nX: y") }
    case "/silent": break
    case "/twice":
        connection.respond(.ok, type: "text/plain") { $0.append("first") }
        connection.respond(.ok, type: "text/plain") { $0.append("second") }
    case "/large":
        connection.respond(.ok, type: "text/plain") { body in
            let text = String(repeating: "0123456789", count: 10_000)
            for _ in 0..<100 { body.append(text) }
        }
    case "/slow":
        await withUnsafeContinuation { later in
            _ = loop.after(100) { later.resume() }
        }
        fallthrough
    default: echo(request, on: connection)
    }
}

private func echo(_ request: Request, on connection: Connection) {
    connection.respond(.ok, type: "text/plain") { headers in
        if let value = request["x-echo"] { headers.add("X-Echo", value) }
    } body: { body in
        body.append(request.method.rawValue)
        body.append(" ")
        body.append(request.path)
        body.append("|")
        body.append(request.query)
        body.append("|")
        body.append(request.body)
    }
}

extension Connection {
    fileprivate func respond(
        _ status: Status, type: StaticString?, body: (inout ByteBuffer) -> Void
    ) {
        respond(status, type: type, headers: { _ in }, body: body)
    }
}

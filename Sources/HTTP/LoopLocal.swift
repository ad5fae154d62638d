import Bytes

/// What the connections of one loop share.
final class LoopLocal {
    let limits: Limits
    let refuse: Refusal
    let clock = Clock()

    /// The connections that are open, by descriptor.
    var connections: [Int32: Connection] = [:]

    /// Those among them that are only being told that there are too many.
    var turnedAway = 0

    /// Those from whom a request, or its head, is awaited.
    let line = WaitingLine()

    /// Those of whose bodies a part has come.
    let bodies = WaitingLine()

    /// Idle connections end at this time of the loop's clock: the worker drains.
    var idleEnd: Int?

    private var bodyBytes = 0
    private var tables: [FieldTable] = []

    /// Buffers that have grown to the size of a request and of an answer: most are read and written
    /// one at a time, so that one of each serves nearly all of them.
    private var spareInput = ByteBuffer()
    private var spareOutput = ByteBuffer()

    init(limits: Limits, refuse: @escaping Refusal) {
        self.limits = limits
        self.refuse = refuse
    }

    /// Counts memory that a connection's body needs. Where there would be too much, those that have
    /// been coming for longest are cut short: slow clients cannot shut out the others.
    func hold(_ count: Int, for connection: Connection) throws(Fault) {
        guard connection.held + count <= limits.bodiesTogether else { throw .tooManyBodies }
        while bodyBytes + count > limits.bodiesTogether {
            guard let oldest = bodies.first, oldest !== connection else { throw .tooManyBodies }
            oldest.cutShort()
        }
        bodyBytes += count
    }

    func letGo(_ count: Int) { bodyBytes -= count }

    /// Who has kept the server waiting for longest.
    var slowest: Connection? {
        guard let waiting = line.first, let sending = bodies.first else {
            return line.first ?? bodies.first
        }
        return waiting.receivedAt < sending.receivedAt ? waiting : sending
    }
}

// MARK: - Lending

extension LoopLocal {
    func lendInput(_ buffer: inout ByteBuffer) {
        if !buffer.hasMemory { swap(&buffer, &spareInput) }
    }

    func giveBackInput(_ buffer: inout ByteBuffer) { Self.keep(&buffer, as: &spareInput) }

    func lendOutput(_ buffer: inout ByteBuffer) {
        if !buffer.hasMemory { swap(&buffer, &spareOutput) }
    }

    func giveBackOutput(_ buffer: inout ByteBuffer) { Self.keep(&buffer, as: &spareOutput) }

    /// Emptied: what one client did not take is not for the next.
    private static func keep(_ buffer: inout ByteBuffer, as spare: inout ByteBuffer) {
        guard buffer.hasMemory else { return }
        buffer.consume(buffer.count)
        if !spare.hasMemory, !buffer.isLarge { swap(&buffer, &spare) }
        buffer.release()
    }

    func lendTable() -> FieldTable {
        tables.popLast() ?? FieldTable(capacity: limits.headLines)
    }

    func giveBack(_ table: FieldTable) {
        table.removeAll()
        if tables.count < 64 { tables.append(table) }
    }
}

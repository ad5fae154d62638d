import Bytes

/// What the connections of one loop share.
final class LoopLocal {
    let limits: Limits
    let clock = Clock()

    /// The connections that are open, by descriptor.
    var connections: [Int32: Connection] = [:]

    /// Those among them that are only being told that there are too many.
    var turnedAway = 0

    /// Those from whom a request, or its head, is awaited.
    let line = WaitingLine()

    /// The bodies that are received or handled; in line are those of which a part has come.
    let bodies: Holdings

    /// The answers that wait to be taken.
    let answers: Holdings

    /// Idle connections end at this time of the loop's clock: the worker drains.
    var idleEnd: Int?

    private var tables: [FieldTable] = []

    /// Buffers that have grown to the size of a request and of an answer: most are read and written
    /// one at a time, so that one of each serves nearly all of them.
    private var spareInput = ByteBuffer()
    private var spareOutput = ByteBuffer()

    init(limits: Limits) {
        self.limits = limits
        bodies = Holdings(upTo: limits.bodiesTogether) { $0.cutShort() }
        answers = Holdings(upTo: limits.answersTogether) { $0.giveUpAnswer() }
    }

    /// Who has kept the server waiting for longest.
    var slowest: Connection? {
        guard let waiting = line.first, let sending = bodies.line.first else {
            return line.first ?? bodies.line.first
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

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

    /// Those from whom a request is awaited.
    let line = WaitingLine()

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

    /// Counts bytes of bodies, unless there would be too many of them.
    func hold(_ count: Int) throws(Fault) {
        guard bodyBytes + count <= limits.bodiesTogether else { throw .tooManyBodies }
        bodyBytes += count
    }

    func letGo(_ count: Int) { bodyBytes -= count }
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

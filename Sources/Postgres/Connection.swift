import CLibpq
import EventLoop
import Glibc

/// One connection to PostgreSQL, in pipeline mode. It belongs to one loop, and never blocks it.
///
/// Whatever is in doubt (an answer that did not come in time, a broken protocol) ends it.
final class Connection: Channel {
    private let pg: OpaquePointer
    private unowned let loop: EventLoop
    private let preparesAtMost: Int
    private let onLoss: (Connection) -> Void
    private var statements: [Shape: Statement] = [:]
    private var preparations = 0
    private var owed = Queue<Owed>()
    private var result: OpaquePointer?
    private var wantsWrite = false
    private(set) var isLost = false

    /// Called with what a channel that this connection listens to is told.
    var onNotification: ((String) -> Void)?

    /// Takes over what `Dial` has connected.
    init(
        _ pg: OpaquePointer, loop: EventLoop, preparesAtMost: Int,
        onLoss: @escaping (Connection) -> Void
    ) {
        self.pg = pg
        self.loop = loop
        self.preparesAtMost = preparesAtMost
        self.onLoss = onLoss
        super.init(descriptor: PQsocket(pg))
        PQsetnonblocking(pg, 1)
        PQenterPipelineMode(pg)
        loop.watch(self)
    }

    /// How many answers the server owes.
    var load: Int { owed.count }

    /// Sends the batch and one Sync, and waits until the server has reached that Sync.
    func run(_ batch: Batch) async throws(PostgresError) {
        guard !isLost else { throw .connectionLost }
        send(batch)
        let patience = batch.deadline + grace - loop.now
        let timer = loop.after(patience) { [weak self] in self?.overdue(batch) }
        defer { timer.cancel() }
        try await batch.end()
    }

    override public func ready(read: Bool, write: Bool) {
        let isOpen = !read || PQconsumeInput(pg) == 1
        receive()
        guard isOpen else { return lose(.connectionLost) }
        flush()
    }

    /// Ends it. What it still owes fails; whether a commit under way happened is not known.
    func close() { lose(.connectionLost) }

    /// The batch at the head of the line has the server's attention: when its answer does not come,
    /// none will. Another has only waited behind it, and is given up alone.
    private func overdue(_ batch: Batch) {
        let isServed = owed.first?.batch === batch
        batch.abandon(.deadline)
        if isServed { lose(.connectionLost) }
    }

    private func lose(_ error: PostgresError) {
        guard !isLost else { return }
        isLost = true
        loop.unwatch(self)
        PQclear(result)
        // Without this libpq would try to take its leave of a server that may not be listening.
        shutdown(descriptor, Int32(SHUT_RDWR))
        PQfinish(pg)
        while let next = owed.popFirst() { next.batch.abandon(error) }
        onLoss(self)
    }
}

// MARK: - Sending

extension Connection {
    private func send(_ batch: Batch) {
        var isSent = true
        let prepared = batch.statements.map { prepare($0.sql.shape, for: batch, &isSent) }
        for (statement, (sql, answer)) in zip(prepared, batch.statements) {
            owed.append(.answer(answer, statement, batch))
            isSent = isSent && send(sql, statement)
        }
        owed.append(.sync(batch))
        guard isSent, PQpipelineSync(pg) == 1 else { return lose(.connectionLost) }
        flush()
        // A large statement makes libpq read while it writes: what has come will not be announced.
        receive()
    }

    /// Prepares what is new before anything of its batch runs, each under a Sync of its own: it
    /// fails alone, and never comes between a context and the statements that rely on it.
    ///
    /// `nil` when the connection has prepared as many as it may: the statement goes out as text.
    private func prepare(_ shape: Shape, for batch: Batch, _ isSent: inout Bool) -> Statement? {
        if let statement = statements[shape] { return statement }
        guard statements.count < preparesAtMost else { return nil }
        let statement = Statement(name: "s\(preparations)", shape: shape)
        preparations += 1
        statements[shape] = statement
        owed.append(.preparation(statement, for: batch))
        owed.append(.preparationSync(batch))
        isSent =
            isSent && PQsendPrepare(pg, statement.name, shape.text, 0, nil) == 1
            && PQpipelineSync(pg) == 1
        return statement
    }

    private func send(_ sql: SQL, _ statement: Statement?) -> Bool {
        sql.parameters.withPointers { values, count in
            if let statement {
                PQsendQueryPrepared(pg, statement.name, count, values, nil, nil, binary) == 1
            } else {
                PQsendQueryParams(pg, sql.shape.text, count, nil, values, nil, nil, binary) == 1
            }
        }
    }

    private func flush() {
        let isWaiting = PQflush(pg) == 1
        guard isWaiting != wantsWrite else { return }
        wantsWrite = isWaiting
        loop.want(read: true, write: isWaiting, self)
    }
}

// MARK: - Receiving

extension Connection {
    private func receive() {
        while PQisBusy(pg) == 0, receiveNext() {}
        while let onNotification, let notice = PQnotifies(pg) {
            onNotification(String(cString: notice.pointee.extra))
            PQfreemem(notice)
        }
    }

    /// Takes one result; `false` when nothing is left to take. `nil` ends a statement's results.
    private func receiveNext() -> Bool {
        guard !owed.isEmpty else { return false }
        if let next = PQgetResult(pg) {
            if PQresultStatus(next) == PGRES_PIPELINE_SYNC {
                PQclear(next)
                if case .sync(let batch)? = owed.popFirst() { batch.finish() }
            } else {
                PQclear(result)
                result = next
            }
            return true
        }
        guard let result, let owed = owed.popFirst() else { return false }
        self.result = nil
        settle(owed, with: result)
        return true
    }

    private func settle(_ owed: Owed, with result: OpaquePointer) {
        let status = PQresultStatus(result)
        let isGood = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK
        switch owed {
        case .answer(let answer, let statement, let batch) where isGood:
            answer.arrive(result, layout(of: result, statement))
            return batch.answered(answer)
        case .answer(let answer, let statement, let batch) where status != PGRES_PIPELINE_ABORTED:
            batch.failed(statement?.failure ?? PostgresError(result), at: answer)
        case .preparation(let statement, let batch) where !isGood:
            let error = PostgresError(result)
            statement.failure = error
            statements[statement.shape] = nil
            batch.preparationFailed(error)
        default: break
        }
        PQclear(result)
    }

    private func layout(of result: OpaquePointer, _ statement: Statement?) -> RowLayout {
        let layout = statement?.layout ?? RowLayout(result)
        statement?.layout = layout
        return layout
    }
}

private let binary: Int32 = 1

/// Milliseconds after its deadline that a batch is still waited for: PostgreSQL's own time limit
/// comes first, and leaves the connection in order.
private let grace = 250

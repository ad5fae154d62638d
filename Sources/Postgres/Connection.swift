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
    private var unsent = Queue<Owed>()
    private var owed = Queue<Owed>()
    private var unflushed = 0
    private var result: OpaquePointer?
    private var wantsWrite = false
    private(set) var isLost = false

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
    var load: Int { owed.count + unsent.count }

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
        // When this fails the connection's status says so, and what came before is still there.
        if read { PQconsumeInput(pg) }
        goOn()
    }

    /// Ends it. What it still owes fails; whether a commit under way happened is not known.
    func close() { lose(.connectionLost) }

    /// The batch at the head of the line has the server's attention: when its answer does not come,
    /// none will. Another has only waited behind it, and is given up alone.
    ///
    /// Closing is the cancelling as well: see `client_connection_check_interval`.
    private func overdue(_ batch: Batch) {
        guard !batch.isOver else { return }
        let isServed = owed.first?.batch === batch
        batch.abandon(.deadline)
        if isServed { lose(.connectionLost) }
    }

    private func lose(_ error: PostgresError) {
        guard !isLost else { return }
        isLost = true
        loop.unwatch(self)
        PQclear(result)
        // Without this libpq would try to take its leave of a server that may not be listening. It
        // may have closed the socket already.
        if PQsocket(pg) == descriptor { shutdown(descriptor, Int32(SHUT_RDWR)) }
        PQfinish(pg)
        while let next = owed.popFirst() ?? unsent.popFirst() { next.batch.abandon(error) }
        onLoss(self)
    }
}

// MARK: - Sending

extension Connection {
    /// Prepares what is new before anything of its batch runs, each under a Sync of its own: it
    /// fails alone, and never comes between a context and the statements that rely on it.
    private func send(_ batch: Batch) {
        let prepared = batch.statements.map { prepare($0.sql.shape, for: batch) }
        for (statement, (sql, answer)) in zip(prepared, batch.statements) {
            unsent.append(.answer(answer, sql, statement, batch))
        }
        unsent.append(.sync(batch))
        goOn()
    }

    /// `nil` when the connection has prepared as many as it may: the statement goes out as text.
    private func prepare(_ shape: Shape, for batch: Batch) -> Statement? {
        if let statement = statements[shape] { return statement }
        guard statements.count < preparesAtMost else { return nil }
        let statement = Statement(name: "s\(preparations)", shape: shape)
        preparations += 1
        statements[shape] = statement
        unsent.append(.preparation(statement, for: batch))
        unsent.append(.preparationSync(batch))
        return statement
    }

    /// Sends and receives whatever can be. libpq reads while it writes: what has come then will not
    /// be announced again, nor that the connection has ended.
    private func goOn() {
        let isSent = sendUnsent()
        receive()
        guard isSent, !isLost, PQstatus(pg) == CONNECTION_OK else {
            return lose(.connectionLost)
        }
        let wantsWrite = !unsent.isEmpty || PQflush(pg) == 1
        guard wantsWrite != self.wantsWrite else { return }
        self.wantsWrite = wantsWrite
        loop.want(read: true, write: wantsWrite, self)
    }

    /// Hands over to libpq as much as it can get rid of: it moves all that it holds at every step.
    private func sendUnsent() -> Bool {
        while true {
            if unflushed > unflushedAtMost {
                guard PQflush(pg) == 0 else { return true }
                unflushed = 0
            }
            guard let next = unsent.popFirst() else { return true }
            owed.append(next)
            guard send(next) == 1 else { return false }
        }
    }

    private func send(_ next: Owed) -> Int32 {
        switch next {
        case .preparation(let statement, _):
            PQsendPrepare(pg, statement.name, statement.shape.text, 0, nil)
        case .preparationSync, .sync: PQpipelineSync(pg)
        case .answer(_, let sql, let statement, _): send(sql, statement)
        }
    }

    private func send(_ sql: SQL, _ statement: Statement?) -> Int32 {
        unflushed += sql.parameters.size
        return sql.parameters.withPointers { values, count in
            if let statement {
                PQsendQueryPrepared(pg, statement.name, count, values, nil, nil, binary)
            } else {
                PQsendQueryParams(pg, sql.shape.text, count, nil, values, nil, nil, binary)
            }
        }
    }
}

// MARK: - Receiving

extension Connection {
    private func receive() {
        // A queue that has been empty gives one `nil` more before the next statement's results.
        var isAfterSpareNil = false
        while !isLost, !owed.isEmpty, PQisBusy(pg) == 0 {
            let isSpareNil = !receiveNext()
            if isSpareNil, isAfterSpareNil { break }
            isAfterSpareNil = isSpareNil
        }
    }

    /// Takes one result. `nil` ends a statement's results; `false` when there were none to end.
    private func receiveNext() -> Bool {
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
        case .answer(let answer, _, let statement, let batch) where isGood:
            answer.arrive(result, layout(of: result, statement))
            return batch.answered(answer)
        case .answer(let answer, _, let statement, let batch)
        where status != PGRES_PIPELINE_ABORTED:
            let error = statement?.failure ?? PostgresError(result)
            batch.failed(error, at: answer)
            if statement?.layout != nil, error.isOfStalePlan { forgetPlans(of: batch) }
        case .preparation(let statement, let batch) where !isGood:
            let error = PostgresError(result)
            statement.failure = error
            statements[statement.shape] = nil
            batch.preparationFailed(error)
        case .sync(let batch): batch.abandon(PostgresError(result))  // there will be no Sync
        default: break
        }
        PQclear(result)
    }

    /// What the statements return has changed since they were prepared: a migration went by.
    private func forgetPlans(of batch: Batch) {
        for (sql, _) in batch.statements { statements[sql.shape] = nil }
        batch.isStale = true
    }

    private func layout(of result: OpaquePointer, _ statement: Statement?) -> RowLayout {
        let layout = statement?.layout ?? RowLayout(result)
        statement?.layout = layout
        return layout
    }
}

private let binary: Int32 = 1
private let unflushedAtMost = 256 << 10

/// Milliseconds after its deadline that a batch is still waited for: PostgreSQL's own time limit
/// comes first, and leaves the connection in order.
private let grace = 250

import EventLoop
import Postgres

/// What is done when nobody asks: once a second, unanswered notices climb and mail is sent; once a
/// minute what is over for long is taken away. Several copies may run; they share the work, because
/// what one has in hand the others pass over.
package actor Sweeper {
    private nonisolated let loop: EventLoop
    private let configuration: ServiceConfiguration
    private let outbox: Outbox?
    private lazy var pool = makePool()
    private var carriers = 0
    private var isInTrouble = false
    private var cannotTakeMail = false
    private var takesAwayAt = 0
    private var remindsAt = 0

    /// The most incidents that climb in one sweep, and the most mails that are parked.
    private static let most = 100

    /// The most rows of each table that go at once, and the most times in one sweep.
    private static let (mostRows, mostBatches) = (500, 20)

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        loop.asUnownedSerialExecutor()
    }

    /// Without an outbox mail stays where it is, until it is too old.
    package init(_ configuration: ServiceConfiguration, outbox: Outbox?, on loop: EventLoop) {
        (self.configuration, self.outbox, self.loop) = (configuration, outbox, loop)
    }

    /// Sweeps until the process drains; then finishes what is in hand.
    package func run() async {
        configuration.state.sweep(at: loop.now)
        while !configuration.state.isDraining {
            await sweep()
            await pause(1000)
        }
        while carriers > 0 { await pause(20) }
        pool.close()
    }

    /// A sweep that fails is made again a second later. That it fails is in the log once, until one
    /// has not.
    private func sweep() async {
        do throws(PostgresError) {
            try await climb()
            _ = try await run("select end_sessions_of_leavers()")
            _ = try await run("select open_what_nobody_reads(\(Self.most))")
            try await tidyMail()
            try await remind()
            try await takeAway()
            configuration.state.sweep(at: loop.now)
            isInTrouble = false
        } catch {
            if !isInTrouble { configuration.log.failure(error) }
            isInTrouble = true
        }
    }

    private func makePool() -> Pool {
        var settings = configuration.pool
        (settings.shared, settings.exclusive, settings.spare) = (1, Sendmail.most + 1, 1)
        return Pool(settings, loop: loop)
    }

    private func pause(_ milliseconds: Int) async {
        await withUnsafeContinuation { continuation in
            loop.after(milliseconds) { continuation.resume() }
        }
    }

    private func run(_ sql: SQL) async throws(PostgresError) -> Answer {
        let transaction = transaction()
        let answer = try await transaction.run(sql)
        try await transaction.commit()
        return answer
    }

    private func transaction() -> Transaction {
        Transaction(.writing, in: pool, deadline: loop.now + 10_000)
    }
}

// MARK: - Climbing

extension Sweeper {
    /// An incident at a time, each in a transaction of its own: so none holds up another.
    private func climb() async throws(PostgresError) {
        var (steps, ends) = (0, 0)
        for _ in 0..<Self.most {
            let answer = try await run("select climb(sweeps => true) as outcome")
            guard let outcome = answer.text(0, "outcome") else { break }
            if outcome == "told" { steps += 1 }
            if outcome == "nobody" { ends += 1 }
        }
        let found = try await run("select * from unanswered_figures()")
        let figures = configuration.measures.figures
        figures.add(steps, to: .climbs)
        figures.set(.reportsWaiting, to: found.int(0, "waiting") ?? 0)
        let nobody = found.int(0, "reaching_nobody") ?? 0
        figures.set(.reportsReachingNobody, to: nobody)
        guard steps + ends > 0 else { return }
        configuration.log.climbing(
            steps: steps, newlyReachingNobody: ends, reachingNobody: nobody)
    }
}

// MARK: - Reminding

extension Sweeper {
    /// Once a minute those are told whose step of an incident is over, what has come to be owed
    /// goes out, a school at a time, and those are reminded who have not signed, a campaign or a
    /// school at a time.
    private func remind() async throws(PostgresError) {
        guard loop.now >= remindsAt else { return }
        try await whileAnyWaits("select ring_step_clock() as is_done")
        try await whileAnyWaits("select issue_by_the_clock() as is_done")
        try await whileAnyWaits("select remind_by_the_clock() as is_done")
        try await whileAnyWaits("select remind_one_by_one() as is_done")
        try await whileAnyWaits("select remind_of_duties() as is_done")
        try await whileAnyWaits("select count_duties() as is_done")
        remindsAt = loop.now + 60_000
    }

    /// At most so often in one sweep; what is left waits for the next.
    private func whileAnyWaits(_ sql: SQL) async throws(PostgresError) {
        for _ in 0..<Self.most {
            guard try await run(sql).bool(0, "is_done") == true else { return }
        }
    }
}

// MARK: - Taking away

extension Sweeper {
    /// What `what_is_swept` in the migrations names, in batches that are over soon; those that are
    /// left when there were many go a second later.
    private func takeAway() async throws(PostgresError) {
        guard loop.now >= takesAwayAt else { return }
        for _ in 0..<Self.mostBatches {
            let gone = try await run("select * from sweep(\(Self.mostRows))")
            configuration.measures.figures.add(gone.int(0, "swept") ?? 0, to: .rowsSwept)
            if gone.int(0, "busiest") ?? 0 < Self.mostRows {
                takesAwayAt = loop.now + 60_000
                return
            }
        }
    }
}

// MARK: - Mail

extension Sweeper {
    private func tidyMail() async throws(PostgresError) {
        for _ in 0..<Self.most {
            let answer = try await run("select answer_signing_ask() as is_answered")
            guard answer.bool(0, "is_answered") == true else { break }
        }
        _ = try await run("select park_mail(\(Self.most))")
        _ = try await run("select park_links(\(Self.most))")
        let found = try await run(
            """
            select sum(waiting)::bigint as waiting, sum(due)::bigint as due,
                sum(parked)::bigint as parked
            from (select * from mail_figures() union all select * from link_figures()) as figures
            """)
        let figures = configuration.measures.figures
        figures.add(0, to: .mailSent)
        figures.add(0, to: .mailFailed)
        figures.add(0, to: .mailNotTaken)
        figures.set(.mailWaiting, to: found.int(0, "waiting") ?? 0)
        figures.set(.mailParked, to: found.int(0, "parked") ?? 0)
        guard let outbox else { return }
        for _ in 0..<min(Sendmail.most, found.int(0, "due") ?? 0) where carriers < Sendmail.most {
            carriers += 1
            Task(executorPreference: loop) { await self.carry(outbox) }
        }
    }

    /// One mail after the other, until there is none that is due.
    private func carry(_ outbox: Outbox) async {
        defer { carriers -= 1 }
        while !configuration.state.isDraining, let item = await next() {
            let outcome = await outbox.deliver(item)
            configuration.log.mail(item, outcome)
            configuration.measures.figures.add(1, to: outcome.isSent ? .mailSent : .mailFailed)
            await note(outcome, of: item)
        }
    }

    /// The next that is due. That none can be taken in hand holds up no sweep: it is counted each
    /// time, and in the log once, until one can.
    private func next() async -> Outbox.Item? {
        do throws(PostgresError) {
            let item = try await Outbox.take(1, in: transaction()).first
            cannotTakeMail = false
            return item
        } catch {
            if !cannotTakeMail { configuration.log.failure(error) }
            cannotTakeMail = true
            configuration.measures.figures.add(1, to: .mailNotTaken)
            return nil
        }
    }

    /// What is not put down would be sent again: the database has a few seconds to come back.
    private func note(_ outcome: Outbox.Outcome, of item: Outbox.Item) async {
        for attempt in 1...5 {
            do throws(PostgresError) {
                return try await Outbox.note(outcome, of: item, in: transaction())
            } catch {
                if attempt == 5 { configuration.log.failure(error) }
                await pause(1000)
            }
        }
    }
}

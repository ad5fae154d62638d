import EventLoop
import FoundationEssentials
import Glibc
import HTTP
import OnlineSafety
import Postgres

/// Does what is done when nobody asks, until it is told to stop: then it finishes what it has in
/// hand and leaves.
struct Work {
    private let environment: Environment
    private let configuration: ServiceConfiguration
    private let outbox: Outbox?
    private let keeper: CheckpointKeeper?
    private let drainSeconds: Int

    init(_ environment: Environment) throws {
        self.environment = environment
        let url = try environment.safeDatabaseURL("ROWAN_WORKER_DATABASE_URL")
        var configuration = ServiceConfiguration(pool: PoolConfiguration(url: url))
        configuration.log = try environment.log()
        self.configuration = configuration
        outbox = try environment.outbox()
        let book = try environment.checkpoints()
        guard book?.canWrite != false else {
            throw Misconfiguration("ROWAN_CHECKPOINT_KEY: has no private key")
        }
        keeper = book.map { CheckpointKeeper($0, configuration) }
        drainSeconds = try environment.number("ROWAN_DRAIN_SECONDS", in: 0...3600, or: 20)
    }

    func run() async throws {
        try await SafeDatabase.wait(for: configuration.pool.url)
        let admin = try await configuration.startAdmin(
            address: environment["ROWAN_WORKER_ADDRESS"],
            port: environment.number("ROWAN_WORKER_PORT", in: 0...65_535, or: 8082))
        let loop = EventLoop()
        let sweeper = Sweeper(configuration, outbox: outbox, on: loop)
        let lacking = [outbox == nil ? "mail" : nil, keeper == nil ? "checkpoints" : nil]
            .compactMap(\.self)
        configuration.log.note(
            lacking.isEmpty ? "ready" : "ready, without " + lacking.joined(separator: " and "))
        keeper?.start()
        let sweeping = Task(executorPreference: loop) { await sweeper.run() }
        await StopSignal.arrival()
        configuration.log.note("draining")
        configuration.state.drain()
        await within(seconds: drainSeconds) {
            await sweeping.value
            await keeper?.stop()
        }
        await admin.drain(within: 1000)
        configuration.log.note("left")
        configuration.log.flush(within: 1000)
        exit(0)
    }

    /// What is not finished by then is given up: a mail in hand is sent again by another.
    private func within(seconds: Int, _ work: @escaping @Sendable () async -> Void) async {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        Task {
            await work()
            continuation.yield()
        }
        Task {
            try? await Task.sleep(for: .seconds(seconds))
            continuation.yield()
        }
        for await _ in stream { break }
    }
}

extension Environment {
    /// `nil` where no mail is to be sent.
    func outbox() throws -> Outbox? {
        guard let from = self["ROWAN_MAIL_FROM"], !from.isEmpty else { return nil }
        guard let address = MailAddress(from) else {
            throw Misconfiguration("ROWAN_MAIL_FROM: a plain address in small letters")
        }
        guard let sender = MailSender(address: address, link: try required("ROWAN_PUBLIC_URL"))
        else { throw Misconfiguration("ROWAN_PUBLIC_URL: https:// and so on, at most 200 letters") }
        let program = Sendmail(
            command: self["ROWAN_SENDMAIL"] ?? "/usr/sbin/sendmail", from: address,
            seconds: try number("ROWAN_MAIL_SECONDS", in: 1...100, or: 30),
            environment: ProcessInfo.processInfo.environment)
        guard let program else {
            throw Misconfiguration("ROWAN_SENDMAIL: the path of a program, from the root")
        }
        return Outbox(sender: sender, program: program)
    }
}

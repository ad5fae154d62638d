import EventLoop
import FoundationEssentials
import Glibc
import HTTP
import OnlineSafety
import Postgres

/// Answers requests until it is told to stop: then it accepts no more, finishes what it has,
/// leaves.
struct Serve {
    private let environment: Environment
    private let configuration: ServiceConfiguration

    init(_ environment: Environment) throws {
        self.environment = environment
        var pool = PoolConfiguration(url: try environment.safeDatabaseURL())
        pool.exclusive = try environment.number("ROWAN_CONNECTIONS", in: 1...100, or: 8)
        let hours = try environment.number("ROWAN_SESSION_HOURS", in: 1...168, or: 10)
        guard let length = SessionLength(seconds: hours * 3600) else {
            throw Misconfiguration("ROWAN_SESSION_HOURS")
        }
        var configuration = ServiceConfiguration(
            pool: pool, keys: try environment.keys(), sessionLength: length)
        configuration.origins = (environment["ROWAN_ORIGINS"] ?? "").split(separator: " ")
            .map(String.init)
        guard let proxies = Proxies(environment["ROWAN_PROXIES"] ?? "") else {
            throw Misconfiguration("ROWAN_PROXIES: addresses separated by spaces, or any")
        }
        configuration.proxies = proxies
        configuration.accountLimits = AccountLimits(
            perMinute: try environment.number("ROWAN_ACCOUNT_REQUESTS", in: 60...60_000, or: 1200))
        configuration.acceptsPlainHTTP = try environment.acceptsPlainHTTP(from: proxies)
        configuration.log = try environment.log()
        self.configuration = configuration
    }

    func run() async throws {
        try await SafeDatabase.wait(for: environment.databaseURL)
        let workers = try await start()
        configuration.log.note("ready")
        await StopSignal.arrival()
        configuration.log.note("draining")
        configuration.state.drain()
        let seconds = try environment.number("ROWAN_DRAIN_SECONDS", in: 0...3600, or: 20)
        await withTaskGroup { group in
            for worker in workers {
                group.addTask { await worker.drain(within: seconds * 1000) }
            }
        }
        configuration.log.note("left")
        configuration.log.flush(within: 1000)
        exit(0)
    }

    private func start() async throws -> [Worker] {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let loops = try environment.number("ROWAN_LOOPS", in: 1...64, or: cores)
        let limits = Limits()
        let admission = Admission(limits)
        let configuration = configuration
        var workers: [Worker] = []
        for _ in 0..<loops {
            let worker = Worker(loop: EventLoop(), limits: limits, admission: admission)
            _ = try await worker.serve(
                address: environment["ROWAN_ADDRESS"] ?? "127.0.0.1",
                port: UInt16(try environment.number("ROWAN_PORT", in: 0...65_535, or: 8080))
            ) { loop in
                API(configuration, on: loop).httpService
            }
            workers.append(worker)
        }
        workers.append(try await admin())
        return workers
    }

    private func admin() async throws -> Worker {
        try await configuration.startAdmin(
            address: environment["ROWAN_ADMIN_ADDRESS"],
            port: environment.number("ROWAN_ADMIN_PORT", in: 0...65_535, or: 8081))
    }
}

extension Environment {
    /// Where others than this machine could connect and nobody ends TLS for them, every request of
    /// theirs would be refused: better said at once.
    fileprivate func acceptsPlainHTTP(from proxies: Proxies) throws -> Bool {
        switch self["ROWAN_PLAIN_HTTP"] {
        case "accepted": return true
        case nil:
            let address = self["ROWAN_ADDRESS"] ?? "127.0.0.1"
            guard proxies.isNobody, PeerAddress(address)?.isLoopback != true else { return false }
            throw Misconfiguration(
                """
                ROWAN_ADDRESS: what comes from other hosts must come by a proxy that ends TLS; \
                name it in ROWAN_PROXIES, or, where the network is private, set \
                ROWAN_PLAIN_HTTP=accepted
                """)
        default: throw Misconfiguration("ROWAN_PLAIN_HTTP: accepted, or not set")
        }
    }
}

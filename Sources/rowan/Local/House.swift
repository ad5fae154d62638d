import FoundationEssentials
import Glibc

/// PostgreSQL and the service under one roof: prepared in order, kept running, stopped in order.
final class House {
    private let settings: LocalSettings
    private let signals: Signals
    private let cluster: PrivateCluster?
    private let environment: [String: String]
    private let log: Int32
    private let program: String
    private var service: Child?
    private var worker: Child?

    init(_ settings: LocalSettings, project: String, signals: Signals) throws {
        self.settings = settings
        self.signals = signals
        log = try Files.log(".rowan/service.log")
        program = Files.target(ofLink: "/proc/self/exe") ?? CommandLine.arguments[0]
        var environment = ProcessInfo.processInfo.environment
        environment["ROWAN_DRAIN_SECONDS"] = "\(settings.drainSeconds)"
        if !settings.hasKeys {
            try KeyFile.makeWhereMissing()
            environment["ROWAN_KEYS_FILE"] = KeyFile.path
        }
        if settings.hasOwnDatabase {
            environment = environment.filter { !$0.key.hasPrefix("PG") }
            let cluster = try PrivateCluster(
                project: project, environment: environment, signals: signals)
            environment["DATABASE_URL"] = cluster.place.url(user: "rowan_service")
            environment["ROWAN_OWNER_DATABASE_URL"] = cluster.place.url(user: "postgres")
            environment["ROWAN_WORKER_DATABASE_URL"] = cluster.place.url(user: "rowan_worker")
            if environment["ROWAN_CHECKPOINTS"] == nil {
                try CheckpointFiles.makeWhereMissing()
                environment.merge(CheckpointFiles.environment) { $1 }
            }
            self.cluster = cluster
            try cluster.place.note(in: ".rowan/cluster.txt")
        } else {
            cluster = nil
        }
        self.environment = environment
    }

    /// Everything up to the service's first "ready".
    func start() throws {
        if let cluster {
            try Step.run(cluster.place.hasData ? "Starting PostgreSQL" : "Making a database") {
                try cluster.start($0)
                try cluster.makeDatabase()
            }
        }
        do { try run("Migrating", ["migrate"]) } catch let error as LocalError {
            throw cluster.map { error.explained(by: $0.place) } ?? error
        }
        if settings.isDemoWanted { try run("Loading the demo", demoArguments) }
        try Step.run("Starting the service", waitForService)
        worker = try startWorker()
    }

    /// Starts again what ends, for as long as nobody asks to stop: then `Stopped`.
    func keep() throws {
        var (clusterPause, servicePause, workerPause) = (Backoff(), Backoff(), Backoff())
        while true {
            try signals.wait(milliseconds: 200)
            if let cluster, !cluster.isRunning, clusterPause.isOver {
                Console.complain("PostgreSQL has ended and is started again")
                // It has its own patience; a service without a database waits for it.
                do { try cluster.start() } catch let error as LocalError {
                    Console.complain(error.description)
                }
            }
            if service?.isRunning != true, servicePause.isOver {
                Console.complain("The service has ended and is started again")
                service = try startService()
            }
            if hasWorker, worker?.isRunning != true, workerPause.isOver {
                Console.complain("The worker has ended and is started again")
                worker = try startWorker()
            }
        }
    }

    func stop() {
        worker?.send(SIGTERM)
        service?.stop(SIGTERM, within: (settings.drainSeconds + 1) * 1000, then: SIGKILL, signals)
        worker?.stop(SIGTERM, within: (settings.drainSeconds + 2) * 1000, then: SIGKILL, signals)
        cluster?.stop()
    }

    /// The database's address only where it holds no password: everybody can read a command line.
    private var demoArguments: [String] {
        let database =
            cluster.map {
                [
                    "--database-url", $0.place.url(user: "postgres"),
                    "--maintenance-url", $0.place.url(user: "rowan_maintenance"),
                ]
            } ?? []
        return [
            "demo", "--base-url", settings.baseURL, "--admin-url", settings.adminURL,
            "--output", DemoLogIns.path,
        ] + database
    }

    private func waitForService(_ step: Step) throws {
        let service = try startService()
        self.service = service
        let end = Clock.milliseconds + 60_000
        while !Ports.answers(settings.adminAddress, settings.adminPort, "/readyz") {
            guard service.isRunning, Clock.milliseconds < end else {
                throw LocalError(
                    "The service did not become ready:\n" + Files.end(of: ".rowan/service.log"))
            }
            try signals.wait(milliseconds: 20)
            step.tick()
        }
    }

    /// Each is given its own credentials only: with another's it could do what it must not.
    private func startService() throws -> Child {
        let own = without(
            "ROWAN_OWNER_DATABASE_URL", "ROWAN_WORKER_DATABASE_URL", "ROWAN_CHECKPOINT")
        return try command(["serve"], own).start()
    }

    private func startWorker() throws -> Child? {
        guard hasWorker else { return nil }
        var own = without("ROWAN_OWNER_DATABASE_URL", "DATABASE_URL", "ROWAN_KEYS")
        own["ROWAN_WORKER_PORT"] = "\(settings.workerPort)"
        return try command(["worker"], own).start()
    }

    /// A database that others own may have no account for it.
    private var hasWorker: Bool {
        ["", "_FILE"].contains { environment["ROWAN_WORKER_DATABASE_URL" + $0] != nil }
    }

    private func without(_ names: String...) -> [String: String] {
        environment.filter { entry in !names.contains { entry.key.hasPrefix($0) } }
    }

    /// Another subcommand of this program, to its end.
    private func run(_ words: String, _ arguments: [String]) throws {
        try Step.run(words) { step in
            let child = try command(arguments, environment).start()
            do {
                while child.isRunning {
                    try signals.wait(milliseconds: 100)
                    step.tick()
                }
            } catch {
                child.stop(SIGTERM, within: 10_000, then: SIGKILL, signals)
                throw error
            }
            guard child.status == 0 else {
                let said = Files.end(of: ".rowan/service.log")
                throw LocalError("`rowan \(arguments[0])` failed:\n\(said)")
            }
        }
    }

    private func command(_ arguments: [String], _ environment: [String: String]) -> Command {
        Command(
            words: ["setpriv", "--pdeathsig", "TERM", "--", program] + arguments,
            environment: environment, output: log)
    }
}

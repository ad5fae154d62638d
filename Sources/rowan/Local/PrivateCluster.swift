import Glibc

/// A PostgreSQL of Rowan's own, for its database alone.
final class PrivateCluster {
    let place: ClusterPlace
    private let installation: Installation
    private let environment: [String: String]
    private let signals: Signals
    private let log: Int32
    private let processes: ClusterProcesses
    private var server: Child?

    /// `environment` without PostgreSQL's own variables, which would mislead its programs.
    init(project: String, environment: [String: String], signals: Signals) throws {
        place = try ClusterPlace(project: project, user: .find())
        installation = try .find(version: place.version, environment: environment)
        processes = ClusterProcesses(place: place)
        log = try Files.log(".rowan/postgres.log")
        self.environment = environment
        self.signals = signals
    }

    var isRunning: Bool { server?.isRunning ?? false }

    /// Makes the data where there are none, then starts a server or adopts the one that runs.
    func start(_ step: Step? = nil) throws {
        if !place.hasData { try makeData() }
        server = nil
        let began = Clock.milliseconds
        while true {
            if let found = processes.postmaster, found.status == "ready", adopt(found.pid) {
                return
            }
            if !isRunning, processes.postmaster == nil {
                // A failing start is tried again for a while: what stood in its way may be leaving.
                guard Clock.milliseconds - began < 10_000 else { throw failure("start") }
                try processes.clearRemains(signals)
                server = try asServer("postgres", ["-D", place.data] + settings, onDeath: "INT")
            }
            guard Clock.milliseconds - began < 120_000 else { throw failure("become ready") }
            try signals.wait(milliseconds: 10)
            step?.tick()
        }
    }

    /// Makes the database `rowan` where it is missing.
    func makeDatabase() throws {
        let asked = try asClient(
            "psql", ["-XAtc", "select 1 from pg_database where datname = 'rowan'", "postgres"])
        guard asked.isEmpty else { return }
        _ = try asClient("createdb", ["rowan"])
    }

    /// A fast shutdown: clients are sent away, everything is written out.
    func stop() {
        server?.stop(SIGINT, within: 60_000, then: SIGQUIT, signals)
        server = nil
    }

    private var settings: [String] { ClusterSettings.arguments(for: place) }

    /// Whether a server that calls itself ready is ours to rely on. One that we found must answer.
    private func adopt(_ pid: pid_t) -> Bool {
        if server?.pid == pid { return true }
        let ping = Command(
            words: [installation.folder + "/pg_isready"] + address + ["-q", "-t", "2"],
            environment: environment, output: log)
        guard (try? ping.start().waitForEnd()) == 0 else { return false }
        server = Child(adopted: pid, isRunning: processes.owns)
        return true
    }

    /// In a folder that gets its name only when it is complete.
    private func makeData() throws {
        let fresh = place.data + ".new"
        let removal = Command(words: ["rm", "-rf", fresh], environment: environment, output: log)
        _ = try removal.start().waitForEnd()
        let child = try asServer(
            "initdb",
            [
                "--pgdata", fresh, "--username", "postgres", "--encoding", "UTF8",
                "--locale", "C.UTF-8", "--data-checksums", "--auth-local", "trust",
                "--auth-host", "reject", "--no-instructions",
            ], onDeath: "TERM")
        while child.isRunning { signals.pause(milliseconds: 100) }
        guard child.status == 0, rename(fresh, place.data) == 0 else {
            throw failure("make its data")
        }
    }

    private var address: [String] { ["-h", place.socket, "-p", "5432", "-U", "postgres"] }

    private func asServer(
        _ program: String, _ arguments: [String], onDeath signal: String
    ) throws -> Child {
        let words = ["\(installation.folder)/\(program)"] + arguments
        return try Command(
            words: place.user.command(words, onDeathOfParent: signal),
            environment: environment, output: log
        ).start()
    }

    private func asClient(_ program: String, _ arguments: [String]) throws -> String {
        let words = ["\(installation.folder)/\(program)"] + address + arguments
        guard let text = try Command(words: words, environment: environment).text()
        else { throw failure("answer \(program)") }
        return text
    }

    private func failure(_ what: String) -> LocalError {
        LocalError("PostgreSQL did not \(what):\n" + Files.end(of: ".rowan/postgres.log"))
    }
}

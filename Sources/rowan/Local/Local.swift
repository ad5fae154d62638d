import Glibc

/// `rowan local`: the whole of Rowan on one machine, as one parent process that owns a private
/// PostgreSQL and the service.
enum Local {
    /// Runs until it is asked to stop, on this one thread: what it starts is told when the thread
    /// that started it ends. The result is the exit status.
    static func run(_ arguments: [String]) -> Int32 {
        let signals = Signals()
        do {
            let settings = try LocalSettings(arguments, Environment())
            try Files.makeFolder(".rowan", mode: 0o700)
            let lock = try Lock(".rowan/lock")
            try waitForPorts(settings, patience: lock.wasLeft ? 12_000 : 0, signals)
            let house = try House(settings, project: folder(), signals: signals)
            defer {
                Console.say("Stopping")
                house.stop()
            }
            try house.start()
            Welcome(settings: settings, demo: settings.isDemoWanted ? .read() : nil).say()
            try house.keep()
            return 0
        } catch is Stopped {
            return 0
        } catch {
            Console.complain("rowan local: \(error)")
            return 1
        }
    }

    /// A service whose parent was killed is leaving by itself, and may take a while.
    private static func waitForPorts(
        _ settings: LocalSettings, patience: Int, _ signals: Signals
    ) throws {
        let end = Clock.milliseconds + patience
        for (name, port) in [
            ("ROWAN_PORT", settings.port), ("ROWAN_ADMIN_PORT", settings.adminPort),
            ("ROWAN_WORKER_PORT", settings.workerPort),
        ] {
            while port > 0, !Ports.isFree(port) {
                guard Clock.milliseconds < end else {
                    throw LocalError(
                        "Port \(port) is taken by another program; \(name) names another port")
                }
                try signals.wait(milliseconds: 50)
            }
        }
    }

    private static func folder() throws -> String {
        guard let path = realpath(".", nil) else { throw LocalError("no folder", errno: errno) }
        defer { free(path) }
        return String(cString: path)
    }
}

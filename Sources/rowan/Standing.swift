import Dispatch
import EventLoop
import Glibc
import HTTP
import OnlineSafety
import Postgres

/// A database that may be relied on.
enum SafeDatabase {
    /// Refuses one that could lose or show what it must not. Waits up to ten seconds for one that
    /// is only starting.
    static func wait(for url: String) async throws {
        var attempt = 0
        while true {
            do {
                let findings = try StartUpCheck.findings(on: DirectConnection(url))
                guard findings.isEmpty else {
                    throw Misconfiguration(
                        "this database is not safe:\n  " + findings.joined(separator: "\n  "))
                }
                return
            } catch let error as PostgresError where error.kind == .unavailable && attempt < 20 {
                attempt += 1
                try await Task.sleep(for: .milliseconds(500))
            }
        }
    }
}

/// What a process remembers of children, passwords and keys.
enum Memory {
    /// Should it crash, none of that is written into a file, nor handed to a program that collects
    /// crashes (`core_pattern`): no core is made, and one that somebody makes all the same has none
    /// of its memory (core(5)).
    static func keepOutOfCrashes() {
        let kind = __rlimit_resource_t(RLIMIT_CORE.rawValue)
        var limit = rlimit()
        getrlimit(kind, &limit)
        limit.rlim_cur = 0
        setrlimit(kind, &limit)
        let filter = open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC)
        guard filter >= 0 else { return }
        defer { close(filter) }
        _ = write(filter, "0", 1)
    }
}

/// What a supervisor or a Ctrl-C sends.
enum StopSignal {
    /// Waits until somebody asks the process to stop.
    static func arrival() async {
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        let sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.yield(number) }
            source.resume()
            return source
        }
        for await _ in stream { break }
        withExtendedLifetime(sources) {}
    }
}

extension ServiceConfiguration {
    /// Tells of health and figures, on a loop of its own: also while everything else is busy.
    func startAdmin(address: String?, port: Int) async throws -> Worker {
        let configuration = self
        let worker = Worker(loop: EventLoop(), limits: Limits())
        _ = try await worker.serve(address: address ?? "127.0.0.1", port: UInt16(port)) { loop in
            AdminAPI(configuration, on: loop).httpService
        }
        return worker
    }
}

extension Environment {
    func log() throws -> Log {
        switch self["ROWAN_LOG"] ?? "requests" {
        case "requests": Log(to: .standardOutput)
        case "off": Log(to: .nowhere)
        default: throw Misconfiguration("ROWAN_LOG: requests or off")
        }
    }
}

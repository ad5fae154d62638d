import Foundation
import Glibc
import Synchronization

/// A program that a test starts, and that ends with the test run, however that ends.
final class ChildProcess: Sendable {
    let id: pid_t

    /// Where its output goes.
    let output: String

    private let status = Mutex<Int32?>(nil)
    private let lastSignal: Int32

    struct NotStarted: Error { let program: String, errno: Int32 }

    /// It has no variable but those of `environment`, and where the thread sanitizer is at work the
    /// sanitizer's own. `lastSignal` ends it when nobody needs it.
    init(
        _ words: [String], environment: [String: String] = [:], output: String,
        lastSignal: Int32 = SIGKILL
    ) throws {
        let id = Cradle.shared.run { Self.spawn(Self.tied(words), environment, output) }
        guard id > 0 else { throw NotStarted(program: words[0], errno: -id) }
        (self.id, self.output, self.lastSignal) = (id, output, lastSignal)
    }

    deinit {
        if status.withLock({ $0 == nil }) { kill(id, lastSignal) }
        wait()
    }

    /// Its process id is not given to another before this object has waited for it.
    func signal(_ number: Int32) { kill(id, number) }

    /// Waits for its end: its exit status, or minus the signal that ended it.
    @discardableResult
    func wait() -> Int32 {
        status.withLock { status in
            if let status { return status }
            var raw: Int32 = 0
            while waitpid(id, &raw, 0) < 0, errno == EINTR {}
            let ended = raw & 0x7F == 0 ? (raw >> 8) & 0xFF : -(raw & 0x7F)
            status = ended
            return ended
        }
    }

    var isRunning: Bool { status.withLock { $0 == nil } && waitsForNobody }

    private var waitsForNobody: Bool {
        var info = siginfo_t()
        let found = waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT)
        return found == 0 && info.si_signo == 0
    }

    var printed: String { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }

    /// The kernel ends it when the thread that started it is gone.
    private static func tied(_ words: [String]) -> [String] {
        ["/usr/bin/setpriv", "--pdeathsig", "KILL"] + words
    }

    /// Where its reports go, and what it leaves out (`Scripts/prove threads`).
    private static let sanitizer = ProcessInfo.processInfo.environment
        .filter { $0.key == "TSAN_OPTIONS" }

    private static func spawn(
        _ words: [String], _ environment: [String: String], _ output: String
    ) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(
            &actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let arguments = words.map { strdup($0) } + [nil]
        let variables =
            environment.merging(sanitizer) { $1 }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var id = pid_t()
        let failure = posix_spawn(&id, words[0], &actions, nil, arguments, variables)
        return failure == 0 ? id : -failure
    }
}

/// The one thread that starts processes, and lives as long as this one does.
private final class Cradle: Sendable {
    static let shared = Cradle()

    private let jobs = DispatchSemaphore(value: 0)
    private let waiting = Mutex<[@Sendable () -> Void]>([])

    private init() {
        Thread.detachNewThread { [self] in
            while true {
                jobs.wait()
                waiting.withLock { $0.removeFirst() }()
            }
        }
    }

    func run(_ job: @escaping @Sendable () -> pid_t) -> pid_t {
        let (done, result) = (DispatchSemaphore(value: 0), ProcessID())
        waiting.withLock {
            $0.append {
                result.set(job())
                done.signal()
            }
        }
        jobs.signal()
        done.wait()
        return result.get()
    }
}

private final class ProcessID: Sendable {
    private let value = Mutex<pid_t>(0)
    func set(_ id: pid_t) { value.withLock { $0 = id } }
    func get() -> pid_t { value.withLock { $0 } }
}

import CLinux
import Dispatch
import Glibc
import Synchronization

/// The host's program for sending mail, as `sendmail -t -i`: who it goes to stands in the message,
/// which is its standard input, and so in no list of processes.
package struct Sendmail: Sendable {
    private let words: [String]
    private let milliseconds: Int
    private let environment: [String]
    private let queue = DispatchQueue(label: "sendmail", attributes: .concurrent)

    /// The most that run at a time; each has a thread that waits for it.
    static let most = 4

    /// How a mail was taken: at once, or not.
    enum Result: Sendable, Equatable { case sent, notStarted, refused(Int32), timedOut }

    /// `command` is the program's path, and its own arguments after spaces. It is given nothing of
    /// this process's environment but where it lives, so that no secret is handed on. What takes
    /// longer than `seconds` is ended.
    package init?(
        command: String, from sender: MailAddress, seconds: Int, environment: [String: String]
    ) {
        let parts = command.split(separator: " ").map(String.init)
        guard parts.first?.hasPrefix("/") == true else { return nil }
        words = parts + ["-t", "-i", "-f", sender.text]
        milliseconds = seconds * 1000
        self.environment = ["PATH", "HOME", "USER", "LOGNAME", "TZ"].compactMap { name in
            environment[name].map { "\(name)=\($0)" }
        }
    }

    /// Hands the message over, and waits for the program's answer.
    func send(_ message: [UInt8]) async -> Result {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: deliver(message)) }
        }
    }

    private func deliver(_ message: [UInt8]) -> Result {
        let started = Self.turn.withLock { _ in start() }
        guard let (id, input) = started else { return .notStarted }
        // A message is far shorter than what a pipe holds: writing it waits for nobody.
        let written = write(input, message, message.count)
        close(input)
        guard let status = wait(for: id) else { return .timedOut }
        return status == 0 && written == message.count ? .sent : .refused(status)
    }

    /// One starts at a time: another would be given the end of this one's pipe, and keep it open.
    private static let turn = Mutex(())

    /// The process, and where its message is written.
    private func start() -> (id: pid_t, input: Int32)? {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let id = spawn(reading: ends[0])
        close(ends[0])
        if id == nil { close(ends[1]) }
        return id.map { ($0, ends[1]) }
    }

    private func spawn(reading input: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        for output in [STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0)
        }
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        let arguments = words.map { strdup($0) } + [nil]
        let variables = environment.map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var id = pid_t()
        let failure = posix_spawn(&id, words[0], &actions, &attributes, arguments, variables)
        return failure == 0 ? id : nil
    }

    /// Its status, or 128 and the signal that ended it; `nil` when it had to be ended, with all
    /// that it had started.
    private func wait(for id: pid_t) -> Int32? {
        var raw: Int32 = 0
        var waited = 0
        while waitpid(id, &raw, WNOHANG) == 0 {
            guard waited < milliseconds else {
                kill(-id, SIGKILL)
                while waitpid(id, &raw, 0) < 0, errno == EINTR {}
                return nil
            }
            usleep(10_000)
            waited += 10
        }
        let signal = raw & 0x7F
        return signal == 0 ? (raw >> 8) & 0xFF : 128 + signal
    }
}

import Glibc

/// A program to be run, in a process group of its own: a Ctrl-C is for the parent, which stops the
/// others in their order.
struct Command {
    /// The program, looked up in PATH unless it is a path, and its arguments.
    var words: [String]
    var environment: [String: String]
    /// Where its output and its errors go.
    var output: Int32 = STDERR_FILENO

    func start() throws -> Child {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        sigfillset(&defaults)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))

        var pid: pid_t = 0
        let failure = withPointers(to: words) { words in
            withPointers(to: environment.map { "\($0.key)=\($0.value)" }) { environment in
                posix_spawnp(&pid, self.words[0], &actions, &attributes, words, environment)
            }
        }
        guard failure == 0 else {
            throw LocalError("\(self.words[0]) cannot be started", errno: failure)
        }
        return Child(pid: pid)
    }

    /// What it wrote, once it has ended; `nil` where it failed.
    func text() throws -> String? {
        guard let pipe = Files.makePipe() else { throw LocalError("no pipe", errno: errno) }
        defer { close(pipe.reading) }
        var command = self
        command.output = pipe.writing
        let started = Result { try command.start() }
        close(pipe.writing)
        let child = try started.get()
        let text = Files.readAll(pipe.reading)
        return child.waitForEnd() == 0 ? text : nil
    }

    private func withPointers<T>(
        to texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T
    ) -> T {
        let pointers = texts.map { strdup($0) }
        defer { pointers.forEach { free($0) } }
        return body(pointers + [nil])
    }
}

import Glibc

/// The processes of the private cluster, whoever started them: recognised by what they call
/// themselves, because the numbers in old files may be other processes' by now.
struct ClusterProcesses {
    let place: ClusterPlace

    /// The postmaster and what it says of itself: "starting", "ready", "stopping".
    var postmaster: (pid: pid_t, status: String)? {
        guard let pid = recorded, owns(pid) else { return nil }
        let lines = (Files.read(file) ?? "").split(
            separator: "\n", omittingEmptySubsequences: false)
        let status = lines.count > 7 ? lines[7].split(separator: " ").first ?? "" : ""
        return (pid, String(status))
    }

    /// Whether that process is one of this cluster's and alive.
    func owns(_ pid: pid_t) -> Bool {
        guard let command = Files.read("/proc/\(pid)/cmdline"), !command.isEmpty else {
            return false
        }
        let words = command.split(separator: "\0")
        return command.hasPrefix("postgres: \(place.name): ")
            || words.first?.hasSuffix("/postgres") == true && words.contains(place.data[...])
    }

    /// Ends what a killed postmaster has left behind, as the postmaster itself ends the others when
    /// one of its processes has crashed; without that no new one may start.
    func clearRemains(_ signals: Signals) throws {
        let end = Clock.milliseconds + 10_000
        var remaining = alive
        for pid in remaining { kill(pid, SIGQUIT) }
        while !remaining.isEmpty {
            guard Clock.milliseconds < end else {
                throw LocalError(
                    "Processes of an earlier PostgreSQL do not end: \(remaining)")
            }
            try signals.wait(milliseconds: 10)
            remaining = remaining.filter(owns)
        }
        // PostgreSQL removes the file of a dead postmaster itself, but not where the number has
        // become another process's.
        if let pid = recorded, kill(pid, 0) == 0 { unlink(file) }
    }

    private var file: String { place.data + "/postmaster.pid" }

    private var recorded: pid_t? {
        Files.read(file)?.split(separator: "\n").first.flatMap { pid_t($0) }
    }

    private var alive: [pid_t] { Files.names(in: "/proc").compactMap { pid_t($0) }.filter(owns) }
}

import Glibc

/// A process that this one has started, or one that it has taken over.
final class Child {
    let pid: pid_t
    /// Its exit status, or 128 and the signal that ended it; `nil` while it runs. Of one that was
    /// taken over nobody tells us: 0.
    private(set) var status: Int32?
    private let isAlive: ((pid_t) -> Bool)?

    init(pid: pid_t) {
        self.pid = pid
        isAlive = nil
    }

    /// `isRunning` answers whether the number is still that process's.
    init(adopted pid: pid_t, isRunning: @escaping (pid_t) -> Bool) {
        self.pid = pid
        isAlive = isRunning
    }

    var isRunning: Bool {
        if status == nil { look(WNOHANG) }
        return status == nil
    }

    func waitForEnd() -> Int32 {
        while status == nil { look(0) }
        return status ?? 0
    }

    /// Nothing where it has ended: its number may be another's by now.
    func send(_ signal: Int32) {
        if isRunning { kill(pid, signal) }
    }

    /// Asks it to end, and ends it when it has not done so in that time.
    func stop(_ signal: Int32, within milliseconds: Int, then last: Int32, _ signals: Signals) {
        send(signal)
        let end = Clock.milliseconds + milliseconds
        while isRunning, Clock.milliseconds < end { signals.pause(milliseconds: 20) }
        send(last)
        while isRunning { signals.pause(milliseconds: 20) }
    }

    private func look(_ options: Int32) {
        if let isAlive {
            status = isAlive(pid) ? nil : 0
            return
        }
        var raw: Int32 = 0
        guard waitpid(pid, &raw, options) == pid else { return }
        let signal = raw & 0x7F
        status = signal == 0 ? (raw >> 8) & 0xFF : 128 + signal
    }
}

/// A clock that nobody sets.
enum Clock {
    static var milliseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}

import Glibc

/// Waiting that a signal ends: one of those that mean "stop", or the end of a child.
///
/// The handlers write a byte into a pipe, because that works on whichever thread a signal arrives.
final class Signals {
    private(set) var isStopAsked = false

    init() {
        _ = Self.pipe
        listen(to: SIGCHLD)
        listen(to: SIGINT)
        listen(to: SIGTERM)
        // Under nohup the program shall outlive its terminal.
        if !isIgnored(SIGHUP) { listen(to: SIGHUP) }
    }

    /// Returns after that time, or sooner when a child has ended.
    func wait(milliseconds: Int32) throws {
        pause(milliseconds: milliseconds)
        if isStopAsked { throw Stopped() }
    }

    /// As `wait`, for when the stopping itself has to wait.
    func pause(milliseconds: Int32) {
        var descriptor = pollfd(fd: Self.pipe.reading, events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, milliseconds) > 0 else { return }
        var numbers = [UInt8](repeating: 0, count: 64)
        let count = max(0, read(Self.pipe.reading, &numbers, numbers.count))
        if numbers.prefix(count).contains(where: { $0 != UInt8(SIGCHLD) }) { isStopAsked = true }
    }

    private static let pipe: (reading: Int32, writing: Int32) = {
        guard let pipe = Files.makePipe() else { fatalError("no pipe can be made") }
        for end in [pipe.reading, pipe.writing] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        return pipe
    }()

    private func listen(to number: Int32) {
        var action = sigaction()
        action.sa_flags = SA_RESTART
        action.__sigaction_handler.sa_handler = { number in
            let before = errno
            var byte = UInt8(number)
            _ = write(Signals.pipe.writing, &byte, 1)
            errno = before
        }
        sigaction(number, &action, nil)
    }

    private func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        sigaction(number, nil, &action)
        let handler = action.__sigaction_handler.sa_handler
        return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}

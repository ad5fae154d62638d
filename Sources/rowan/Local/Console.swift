import Glibc

/// What `rowan local` says to whoever started it, at once and not when some buffer is full.
enum Console {
    static func say(_ line: String) { put(line + "\n", to: STDOUT_FILENO) }
    static func complain(_ line: String) { put(line + "\n", to: STDERR_FILENO) }

    fileprivate static func put(_ text: String, to descriptor: Int32) {
        _ = write(descriptor, text, text.utf8.count)
    }
}

/// One step of the start: "Migrating … 0.3 s". On a terminal the seconds count while it lasts.
final class Step {
    private let words: String
    private let began = Clock.milliseconds
    private var shown = 0
    private let isTerminal = isatty(STDOUT_FILENO) == 1

    private init(_ words: String) {
        self.words = words
        Console.put("\(words) … ", to: STDOUT_FILENO)
    }

    static func run<T>(_ words: String, _ body: (Step) throws -> T) throws -> T {
        let step = Step(words)
        do {
            let result = try body(step)
            let tenths = (Clock.milliseconds - step.began + 50) / 100
            step.show("\(tenths / 10).\(tenths % 10) s\n")
            return result
        } catch {
            Console.say("")
            throw error
        }
    }

    /// To be called now and then.
    func tick() {
        let seconds = (Clock.milliseconds - began) / 1000
        guard isTerminal, seconds > shown else { return }
        shown = seconds
        show("\(seconds) s")
    }

    private func show(_ time: String) {
        Console.put(isTerminal ? "\r\(words) … \(time)" : time, to: STDOUT_FILENO)
    }
}
